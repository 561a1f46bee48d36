"""One time limit for a whole call, whatever the other side does.

A socket's own time limit starts anew with every byte, so a server that sends one now and then could hold
a question for ever. At the end of the time every connection of the question is shut down, which wakes its
reader.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from contextvars import ContextVar

from urllib3.connection import HTTPConnection


class Deadline:
    """Counts down from `seconds`; `close` shuts the connections it watches and those that come later."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._connections: list[HTTPConnection] = []
        self._sockets: list[socket.socket] = []
        self._closed = False

    @property
    def remaining(self) -> float:
        """Seconds left, 0.0 at the least."""
        return 0.0 if self._closed else max(0.0, self._end - time.monotonic())

    def watch(self, connection: HTTPConnection) -> None:
        """Takes note of a connection, before it is made and after; raises TimeoutError when time is up.

        The socket is kept as well, since a connection forgets it once an answer says that it is the last.
        """
        with self._lock:
            if self._closed:
                raise TimeoutError
            self._connections.append(connection)
            if connection.sock is not None:
                self._sockets.append(connection.sock)

    def close(self) -> None:
        """Ends the question from any thread."""
        with self._lock:
            self._closed = True
            for sock in (*self._sockets, *(connection.sock for connection in self._connections)):
                if sock is not None:
                    with contextlib.suppress(OSError):
                        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which the reader is in
            self._sockets.clear()
            self._connections.clear()


current_deadline: ContextVar[Deadline] = ContextVar("current_deadline")
"""The deadline of the question that this thread works on; connections register there when they are made."""
