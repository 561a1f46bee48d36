"""The registry's own words, made fit to stand in evidence: one line, bounded, without a credential."""

from __future__ import annotations

import unicodedata

from runbook_lib.vault import vault

LONGEST = 500


def clean(text: str, longest: int = LONGEST) -> str:
    """Returns a text from outside on one line of at most `longest` characters, scrubbed of credentials.

    Control and format characters go first, so that none can split a credential; what is cut is cut last.
    """
    printable = "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    line = vault().scrub(" ".join(printable.split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"
