"""A question answered yes, no or unsure, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The three answers; `unsure` is never treated as one of the others."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer and why."""

    verdict: Verdict
    why: str

    @property
    def is_yes(self) -> bool:
        """True for yes alone."""
        return self.verdict is Verdict.YES

    @property
    def is_no(self) -> bool:
        """True for no alone."""
        return self.verdict is Verdict.NO


def yes(why: str) -> Decision:
    """Returns a yes."""
    return Decision(Verdict.YES, why)


def no(why: str) -> Decision:
    """Returns a no."""
    return Decision(Verdict.NO, why)


def unsure(why: str) -> Decision:
    """Returns an answer that is neither."""
    return Decision(Verdict.UNSURE, why)


def all_of(decisions: Iterable[Decision]) -> Decision:
    """Joins conditions that must all hold: one no decides, else one unsure, and only then yes."""
    found = tuple(decisions)
    for verdict in (Verdict.NO, Verdict.UNSURE):
        whys = [d.why for d in found if d.verdict is verdict]
        if whys:
            return Decision(verdict, "; ".join(whys))
    return yes("; ".join(d.why for d in found if d.why))


def any_of(decisions: Iterable[Decision], otherwise: str) -> Decision:
    """Joins alternatives: one yes decides, else one unsure; with neither it is a no, for `otherwise`."""
    found = tuple(decisions)
    for verdict in (Verdict.YES, Verdict.UNSURE):
        whys = [d.why for d in found if d.verdict is verdict]
        if whys:
            return Decision(verdict, whys[0] if verdict is Verdict.YES else "; ".join(whys))
    return no(otherwise)
