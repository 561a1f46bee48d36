"""The lab's clock: the real time, and for one thread at a time an earlier one, in which history is
written.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


class LabClock:
    """A clock that gives aware datetimes; within `at`, and only on that thread, it stands still at a
    moment.
    """

    def __init__(self) -> None:
        self._local = threading.local()

    def __call__(self) -> datetime:
        """Gives the time, to the microsecond, in UTC."""
        fixed: datetime | None = getattr(self._local, "moment", None)
        return fixed or datetime.now(UTC)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Stands at `moment` while the block runs on this thread."""
        before = getattr(self._local, "moment", None)
        self._local.moment = moment
        try:
            yield
        finally:
            self._local.moment = before
