"""Faults of single replies: which requests they befall, how often, and what is answered in place.

Scenarios write them as plain data (see `fault_from`); the app behind stays unaware of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from runbook_lib.lab.wire.delivery import WHOLE, Delivery
from runbook_lib.lab.wire.messages import App, Reply, Request


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with some replies.

    `host`, `path` and `method` are patterns; the first `skip` matching requests are spared and at most
    `times` are hit (0 = all). With `reply` that reply is sent; otherwise the app's own. `delivery` says how.
    """

    host: str = "*"
    path: str = "*"
    method: str = "*"
    reply: Reply | None = None
    delivery: Delivery = WHOLE
    skip: int = 0
    times: int = 0

    def befalls(self, request: Request) -> bool:
        """Returns whether the request is one that this fault is about."""
        return (
            fnmatchcase(request.host, self.host)
            and fnmatchcase(request.path, self.path)
            and fnmatchcase(request.method, self.method)
        )


class FaultyApp:
    """An app that answers as the one behind it, but for the requests that a fault befalls."""

    def __init__(self, app: App, faults: Iterable[Fault]) -> None:
        self._app = app
        self._faults = tuple(faults)
        self._seen = [0] * len(self._faults)
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        fault = self._next(request)
        if fault is None:
            return self._app(request)
        reply = fault.reply or self._app(request)
        return replace(reply, delivery=fault.delivery) if fault.delivery != WHOLE else reply

    def _next(self, request: Request) -> Fault | None:
        with self._lock:
            for place, fault in enumerate(self._faults):
                if not fault.befalls(request):
                    continue
                self._seen[place] += 1
                turn = self._seen[place] - fault.skip
                if turn > 0 and (not fault.times or turn <= fault.times):
                    return fault
        return None
