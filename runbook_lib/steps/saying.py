"""How steps put a reading that could not be taken into words, and what would make it readable."""

from __future__ import annotations

from runbook_lib.model.finding import Action, note
from runbook_lib.model.unavailable import Unavailable


def because(refusal: Unavailable) -> str:
    """Says in one sentence what could not be read, and why."""
    text = str(refusal)
    return f"{text[:1].upper()}{text[1:]}."


def to_read(refusal: Unavailable) -> tuple[Action, ...]:
    """What would make it readable, where its source knows that."""
    return (note(refusal.remedy),) if refusal.remedy else ()
