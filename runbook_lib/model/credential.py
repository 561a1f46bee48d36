"""A username and a password, as one way of asking a registry."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.vault import Secret


@dataclass(frozen=True, slots=True)
class Credential:
    """One login for a registry; equal where username and password are, so that it can key a cache.

    The password shows only its redaction name, in repr and in every format.
    """

    username: str
    password: Secret
