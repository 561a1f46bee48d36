"""The promises of SECURITY.md, each held by a test."""
