"""The sockets that are open, so that stopping the lab leaves none behind.

A handler blocked in a read of a kept-alive tunnel would outlive the server for as long as its time limit;
shutting its socket down wakes it.
"""

from __future__ import annotations

import contextlib
import socket
import threading


class Connections:
    """A thread-safe set of open sockets that can be shut down all at once."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self.stopping = threading.Event()

    def add(self, connection: socket.socket) -> None:
        """Takes note of an accepted socket."""
        with self._changed:
            self._open.add(connection)

    def replace(self, old: socket.socket, new: socket.socket) -> None:
        """Takes note that `new` (the TLS socket) has taken over the descriptor of `old`."""
        with self._changed:
            self._open.discard(old)
            self._open.add(new)

    def discard(self, connection: socket.socket) -> None:
        """Forgets a socket whose handler is about to close it."""
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def close_all(self, seconds: float = 2.0) -> bool:
        """Shuts every socket down and waits for the handlers; returns whether all had ended within
        `seconds`.
        """
        self.stopping.set()
        with self._changed:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            return self._changed.wait_for(lambda: not self._open, seconds)
