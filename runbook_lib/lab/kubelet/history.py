"""When a kubelet tried, and how often it found itself holding back, between a pod's start and now.

A pull is made once for real; what the repetition would have left behind is told by counts and times, from the
kubelet's own rule: the pause doubles from 10 s to 5 min, and the pod is looked at again every dozen seconds.
Source: Kubernetes documentation, "Images" (ImagePullBackOff) and "Pod Lifecycle" (CrashLoopBackOff).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_PAUSE_S = 10
LONGEST_PAUSE_S = 300
LOOK_EVERY_S = 13
_LATENESS_S = 3


@dataclass(frozen=True, slots=True)
class Moments:
    """The times of one kind of event: how many, the first and the last."""

    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The attempts from the first to now, the moments of holding back, and the pause after the last attempt
    (s).
    """

    attempts: Moments
    held_back: Moments | None
    pause_s: int

    @property
    def waits(self) -> bool:
        """Tells whether the kubelet is now between two attempts."""
        return self.held_back is not None and self.held_back.last >= self.attempts.last


def since(start: datetime, now: datetime, *, at_once: bool = False) -> History:
    """Tells the attempts from `start` to `now`; with `at_once` the second follows the first without a pause.

    Restarts of a container that ends are of the second kind, retries of a failed pull of the first.
    """
    attempts = [start]
    held: list[datetime] = []
    pause = FIRST_PAUSE_S
    if at_once and start + timedelta(seconds=2) <= now:
        attempts.append(start + timedelta(seconds=2))
    while True:
        due = attempts[-1] + timedelta(seconds=pause + _LATENESS_S)
        look = attempts[-1] + timedelta(seconds=LOOK_EVERY_S if held else 1)
        while look < due and look <= now:
            held.append(look)
            look += timedelta(seconds=LOOK_EVERY_S)
        if due > now:
            break
        attempts.append(due)
        pause = min(pause * 2, LONGEST_PAUSE_S)
    back = Moments(len(held), held[0], held[-1]) if held else None
    return History(Moments(len(attempts), attempts[0], attempts[-1]), back, pause)


def looks(start: datetime, now: datetime) -> Moments:
    """Tells how often the kubelet looked at the pod without holding back, as it does where nothing is
    pulled.
    """
    count = max(1, int((now - start).total_seconds() // LOOK_EVERY_S) + 1)
    return Moments(count, start, start + timedelta(seconds=(count - 1) * LOOK_EVERY_S))
