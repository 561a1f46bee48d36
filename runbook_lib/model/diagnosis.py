"""The diagnosis of a case: ranked causes with their reasons, the rivals, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.model.finding import Action
from runbook_lib.model.unavailable import Unavailable

INSUFFICIENT = "insufficient-evidence"
NOT_A_PULL_PROBLEM = "not-an-image-pull-problem"


class Confidence(StrEnum):
    """How sure a cause is. A wrong CONFIRMED is the worst defect that this software can have."""

    CONFIRMED = "confirmed"  # observed directly, or proved by a counter-test
    LIKELY = "likely"  # all that could be read fits, and a rival was not excluded
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Confidence).index(self)


@dataclass(frozen=True, slots=True)
class Claim:
    """One cause that something speaks for."""

    id: str
    title: str
    step: str
    confidence: Confidence
    because: tuple[str, ...]
    excluded_by: tuple[str, ...] = ()
    remedy: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """One rival, and what excludes it."""

    id: str
    why: str


class VerdictStatus(StrEnum):
    """Whether there is an image-pull problem with a known cause."""

    OK = "ok"
    PROBLEM = "problem"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer in one line: status, the cause to mend first, how sure, one sentence."""

    status: VerdictStatus
    cause: str | None
    confidence: Confidence | None
    summary: str

    @property
    def exit_code(self) -> int:
        """0 no image-pull problem, 1 a cause was found, 3 undetermined."""
        return {VerdictStatus.OK: 0, VerdictStatus.PROBLEM: 1, VerdictStatus.UNDETERMINED: 3}[self.status]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that the catalogue says about one case."""

    verdict: Verdict
    causes: tuple[Claim, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    unread: tuple[Unavailable, ...] = ()
    decides: str = ""  # the one next reading that would decide most
    defects: tuple[str, ...] = ()

    @property
    def first(self) -> Claim | None:
        """The cause to mend first."""
        return self.causes[0] if self.causes else None
