"""What a cause is: an id, a title, the step that shows it, the rule that recognises it, and its page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from runbook_lib.model.diagnosis import Claim, Confidence, Excluded
from runbook_lib.model.finding import Action
from runbook_lib.model.wiring import Need, needs_of


@dataclass(frozen=True, slots=True)
class Speaks:
    """A rule's answer where something speaks for its cause."""

    confidence: Confidence
    because: tuple[str, ...]
    excluded_by: tuple[str, ...] = ()
    remedy: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """A rule's answer where something excludes its cause."""

    why: str


Ruling = Speaks | Against | None
"""None: nothing speaks for the cause, and nothing had to exclude it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that can be wrong."""

    id: str
    title: str
    step: str
    rule: Callable[..., Ruling]
    needs: tuple[Need, ...]
    page: str

    def told(self, ruling: Speaks) -> Claim:
        """Returns the claim that this cause makes with a ruling."""
        return Claim(
            self.id,
            self.title,
            self.step,
            ruling.confidence,
            ruling.because,
            ruling.excluded_by,
            ruling.remedy,
        )

    def excluded(self, ruling: Against) -> Excluded:
        """Returns the cause as a rival that is out."""
        return Excluded(self.id, ruling.why)


def cause(id: str, title: str, step: str, *, page: str | None = None) -> Callable[[Callable[..., Ruling]], Cause]:
    """Makes a rule the cause with this id. Ids are a contract.

    The page is the docstring of the rule's module; where another module made the rule, it is given as `page`.
    """

    def wrap(rule: Callable[..., Ruling]) -> Cause:
        told = page or sys.modules[rule.__module__].__doc__ or ""
        return Cause(id, title, step, rule, needs_of(rule), told)

    return wrap


def speaks(
    confidence: Confidence,
    because: Iterable[str],
    *,
    excluded_by: Iterable[str] = (),
    remedy: Iterable[Action] = (),
) -> Speaks:
    """Returns a ruling for a cause; empty reasons are dropped."""
    return Speaks(confidence, tuple(filter(None, because)), tuple(excluded_by), tuple(remedy))


def confirmed_if(proved: bool) -> Confidence:
    """CONFIRMED for what is proved, else LIKELY."""
    return Confidence.CONFIRMED if proved else Confidence.LIKELY
