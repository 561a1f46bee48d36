"""What a telling phrase means, and how much it settles when a message holds several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from runbook_lib.model.pull_error.value import CredentialSent, Detail, Kind, Phase, Runtime


class Weight(IntEnum):
    """How much a phrase settles when a message holds several."""

    HINT = 0
    STATUS = 1
    CODE = 2
    TRANSPORT = 3
    WORDS = 4
    GATE = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one phrase says."""

    kind: Kind
    weight: Weight = Weight.WORDS
    phase: Phase | None = None
    detail: Detail | None = None
    also: tuple[Kind, ...] = ()
    code: str | None = None
    sent: CredentialSent = CredentialSent.UNKNOWN
    runtime: Runtime = Runtime.UNKNOWN


class Found(NamedTuple):
    """One phrase as found in a message."""

    meaning: Meaning
    start: int
    end: int


Phrases = Iterator[tuple[str, Meaning]]


def mean(meaning: Meaning, *phrases: str) -> Phrases:
    """Gives each of several phrases the same meaning."""
    return ((phrase, meaning) for phrase in phrases)
