"""What a step found: a status, one sentence, the evidence, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The outcome of one step. UNKNOWN never turns into PROBLEM."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


Plain = str | int | bool | None | list[str]
"""What evidence may hold: never an object that could carry a credential."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do next: an exact command with this case's names, or a sentence without one.

    `changes` marks commands that alter the cluster or the account. The runbook never runs any.
    """

    text: str
    command: str = ""
    changes: bool = False

    @property
    def kind(self) -> str:
        """`change`, `read`, or `note` (no command)."""
        return "note" if not self.command else "change" if self.changes else "read"


def read(text: str, command: str) -> Action:
    """Returns a command that only reads."""
    return Action(text, command)


def change(text: str, command: str) -> Action:
    """Returns a command that changes something; a person decides and runs it."""
    return Action(text, command, changes=True)


def note(text: str) -> Action:
    """Returns advice for which there is no single command."""
    return Action(text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step function returns; the wiring adds the step's id and title."""

    status: Status
    summary: str
    evidence: tuple[tuple[str, Plain], ...] = ()
    next: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one step for one case. `defect` holds our own error's class where the step raised."""

    step: str
    title: str
    status: Status
    summary: str
    evidence: tuple[tuple[str, Plain], ...] = ()
    next: tuple[Action, ...] = ()
    defect: str = ""


def _outcome(status: Status, summary: str, evidence: Mapping[str, Plain] | None, next_: Sequence[Action]) -> Outcome:
    return Outcome(status, summary, tuple((evidence or {}).items()), tuple(next_))


def ok(summary: str, evidence: Mapping[str, Plain] | None = None, *next_: Action) -> Outcome:
    """Returns an outcome that says this step is fine."""
    return _outcome(Status.OK, summary, evidence, next_)


def problem(summary: str, evidence: Mapping[str, Plain] | None = None, *next_: Action) -> Outcome:
    """Returns an outcome that says this step found a fault, directly observed."""
    return _outcome(Status.PROBLEM, summary, evidence, next_)


def unknown(summary: str, evidence: Mapping[str, Plain] | None = None, *next_: Action) -> Outcome:
    """Returns an outcome that says what decides could not be read."""
    return _outcome(Status.UNKNOWN, summary, evidence, next_)


def skipped(summary: str, evidence: Mapping[str, Plain] | None = None, *next_: Action) -> Outcome:
    """Returns an outcome that says the step does not apply to this case."""
    return _outcome(Status.SKIPPED, summary, evidence, next_)
