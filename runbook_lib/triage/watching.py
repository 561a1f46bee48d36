"""Looks again and again, and tells what appeared, grew, shrank and was mended since the last time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.model.problem import BadInput
from runbook_lib.triage.looking import Looking
from runbook_lib.triage.result import Group, Triage


class Happened(StrEnum):
    """What became of a group between two looks."""

    APPEARED = "appeared"
    CHANGED = "changed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Change:
    """One group's change; `before` and `now` are its pods."""

    happened: Happened
    group: Group
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One look of a watch: the whole of it and what is new in it, or why the cluster could not be looked at."""

    triage: Triage | None
    changes: tuple[Change, ...] = ()
    refused: str = ""
    is_first: bool = False


def changes(before: Triage | None, now: Triage) -> tuple[Change, ...]:
    """Returns what became of each group; the same group is one with the same id."""
    old = {group.id: group for group in before.groups} if before else {}
    new = {group.id: group for group in now.groups}
    told = []
    for id_, group in new.items():
        if id_ not in old:
            told.append(Change(Happened.APPEARED, group, 0, group.pods))
        elif old[id_].pods != group.pods or old[id_].confidence is not group.confidence:
            told.append(Change(Happened.CHANGED, group, old[id_].pods, group.pods))
    gone = (Change(Happened.RESOLVED, group, group.pods, 0) for id_, group in old.items() if id_ not in new)
    return (*told, *gone)


def watch(
    looking: Looking,
    *,
    every: float,
    until: float | None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Turn]:
    """Yields a turn now and then.

    Args:
        every: seconds from the end of one look to the next.
        until: seconds after which no further look begins; None: for ever.

    Raises:
        BadInput: the first look fails; a later one that fails is told as a turn.
    """
    end = None if until is None else clock() + until
    last: Triage | None = None
    while True:
        try:
            now = looking.look()
        except BadInput as refused:
            if last is None:
                raise
            yield Turn(None, refused=str(refused))
        else:
            yield Turn(now, changes(last, now), is_first=last is None)
            last = now
        if end is not None and clock() + every > end:
            return
        sleep(every)
