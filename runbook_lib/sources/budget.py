"""One time limit for a whole run, shared by every source: what is spent is time that was waited for answers.

Each call has a limit of its own, but a cluster, a registry and an account that all hang would add theirs up.
Time in which nobody waits for an answer is not counted, so that a notebook may lie open for a day.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

RUN_SECONDS = 60.0
WHOLE_CLUSTER_SECONDS = 900.0
"""For a look at all pods: a cluster of a hundred thousand is 200 pages."""


class TimeBudget:
    """Counts the seconds in which at least one call waits; calls that wait side by side are counted once.

    Args:
        seconds: what there is to spend.
    """

    def __init__(self, seconds: float = RUN_SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._spent = 0.0
        self._waiting = 0
        self._since = 0.0

    @property
    def remaining(self) -> float:
        """Seconds left, 0.0 at the least."""
        with self._lock:
            running = time.monotonic() - self._since if self._waiting else 0.0
            return max(0.0, self.seconds - self._spent - running)

    def share(self, limit: float) -> float:
        """Returns the limit of one call, cut to what is left, in seconds."""
        return min(limit, self.remaining)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Counts the time of the block, in which one call waits for its answer."""
        with self._lock:
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if not self._waiting:
                    self._spent += time.monotonic() - self._since

    def renew(self) -> None:
        """Starts anew: readings that are taken afresh may take their time again."""
        with self._lock:
            self._spent, self._since = 0.0, time.monotonic()

    @property
    def spent_words(self) -> str:
        """Why a call did not begin, for `Unavailable.detail`."""
        return f"the {self.seconds:.0f} seconds that a run may wait for answers are used up"
