"""A result as it may be shown: every text of it scrubbed and made visible before anything is cut or wrapped.

Scrubbing last alone would miss a credential that was shortened, wrapped or escaped on the way.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

from runbook_lib.report.text import visible
from runbook_lib.vault import vault

T = TypeVar("T")


def sealed(value: T) -> T:
    """Returns the same value with each text in it scrubbed and without hidden characters."""
    known: dict[str, str] = {}
    return _sealed(value, known)


def _sealed(value: T, known: dict[str, str]) -> T:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        if value not in known:
            known[value] = _shown(value)
        return known[value]  # type: ignore[return-value]
    if isinstance(value, (tuple, list)):
        return type(value)(_sealed(item, known) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _sealed(getattr(value, f.name), known) for f in fields(value)})
    return value


def _shown(text: str) -> str:
    clean = vault().scrub(text)
    shown = visible(clean)
    return shown if shown == clean else vault().scrub(shown)  # taking marks out may join two pieces
