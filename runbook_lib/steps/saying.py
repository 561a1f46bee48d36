"""What steps say beside a reading that could not be taken."""

from __future__ import annotations

from runbook_lib.model.finding import Action, note
from runbook_lib.model.unavailable import Unavailable


def to_read(refusal: Unavailable) -> tuple[Action, ...]:
    """What would make it readable, where its source knows that."""
    return (note(refusal.remedy),) if refusal.remedy else ()
