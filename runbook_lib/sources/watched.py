"""Connections that the deadline of a call can end, whatever the other side does.

A socket's own time limit starts anew with every byte, so these register with `current_deadline`, which shuts
them down when the call's time is up. Each library is led to them by the pool classes of its pool manager.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from runbook_lib.sources.deadline import Deadline, current_deadline


class _PlainConnection(HTTPConnection):
    debuglevel = 0  # some libraries raise http.client's for the whole process, and then headers are printed

    def connect(self) -> None:
        current_deadline.get().watch(self)
        super().connect()

    def getresponse(self) -> Any:
        current_deadline.get().watch(self)  # a connection used anew belongs to the new deadline
        return super().getresponse()


class _TlsConnection(HTTPSConnection):
    debuglevel = 0

    def connect(self) -> None:
        current_deadline.get().watch(self)
        super().connect()

    def getresponse(self) -> Any:
        current_deadline.get().watch(self)
        return super().getresponse()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


WATCHED_POOLS = {"http": _PlainPool, "https": _TlsPool}


@contextmanager
def ends_after(seconds: float) -> Iterator[Deadline]:
    """Runs the block with a deadline, at whose end every watched connection of the block is shut down."""
    deadline = Deadline(seconds)
    timer = Timer(seconds, deadline.close)
    timer.daemon = True
    timer.start()
    token = current_deadline.set(deadline)
    try:
        yield deadline
    finally:
        timer.cancel()
        current_deadline.reset(token)
