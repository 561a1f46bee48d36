"""Reads the list of pods in a process of its own, which hands on of each page what will be looked at.

Decoding is half of the work of reading a large cluster, and a Python process does one thing at a time: it is
done while the rest of the tool is loaded beside it. Of a page of five megabytes, some sixty kilobytes go on.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import struct
import sys
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING, NoReturn

import msgspec

from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.read_ahead import Numbered, ReadAhead

if TYPE_CHECKING:
    from runbook_lib.sources.cluster.live import LiveCluster

_READY = 16
"""How many digests of pages may lie ready: each is a small part of its page, unless most pods fail."""

_SIZE = struct.Struct(">Q")
_ENDING = (signal.SIGINT, signal.SIGTERM)
_SILENT = 45.0
"""Seconds after which a reader that sends nothing is given up: each of its calls ends sooner."""


class _Sent(msgspec.Struct, array_like=True):
    after: str
    page: tuple[int, bytes, str] | None = None
    refused: Unavailable | None = None


_sent = msgspec.msgpack.Decoder(_Sent)


def pods_ahead(cluster: LiveCluster, namespace: str = "") -> ReadAhead:
    """Begins to read the list of pods at once: in a process of its own where it can have one, else in a thread.

    A fork is safe only while there is one thread, on Linux, and where the login is no more than a token: a
    login that asks a program or a person would ask twice.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or not cluster.connection.is_plain:
        return ReadAhead(cluster, "pods", namespace)
    reading, writing = os.pipe()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # none comes between the fork and what is the child's
    try:
        child = os.fork()
    except OSError:  # no memory, or no room for a process
        os.close(reading)
        os.close(writing)
        return ReadAhead(cluster, "pods", namespace)
    else:
        if not child:
            _serve(cluster, namespace, reading, writing)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(writing)
    return ReadAhead(cluster, "pods", namespace, pages=_received(reading, child), depth=_READY)


def _serve(cluster: LiveCluster, namespace: str, reading: int, writing: int) -> NoReturn:
    """Is the child's whole life; it ends without cleaning up what is its parent's: output, handlers, files."""
    try:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pages = ReadAhead(cluster, "pods", namespace)
            for after, answer in pages:
                pipe.write(_packed(after, answer))
                pipe.flush()
    finally:
        os._exit(0)


def _packed(after: str, answer: tuple[int, bytes, str] | Unavailable) -> bytes:
    if isinstance(answer, Unavailable):
        packed = msgspec.msgpack.encode(_Sent(after, None, answer))
    else:
        from runbook_lib.sources.pods import digest_of  # loaded while the first page is on its way

        status, body, retry_after = answer
        page = status, digest_of(body) if status == 200 else body, retry_after
        packed = msgspec.msgpack.encode(_Sent(after, page))
    return _SIZE.pack(len(packed)) + packed


def _received(pipe: int, child: int) -> Generator[Numbered]:
    """Yields the pages as they come; one that is cut off is none, and the parent asks for it itself."""

    def end() -> None:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    atexit.register(end)
    try:
        while head := _exactly(pipe, _SIZE.size):
            if not (packed := _exactly(pipe, _SIZE.unpack(head)[0])):
                return
            sent = _sent.decode(packed)
            if answer := sent.refused or sent.page:
                yield sent.after, answer
    finally:
        os.close(pipe)
        end()
        atexit.unregister(end)


def _exactly(pipe: int, size: int) -> bytes:
    """Reads so many bytes; none where the other end is closed before, or silent for too long."""
    ready, pieces = select.poll(), []
    ready.register(pipe, select.POLLIN)
    while size:
        if not ready.poll(_SILENT * 1000) or not (piece := os.read(pipe, size)):
            return b""
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
