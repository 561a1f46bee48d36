"""Reads the list of pods in a process of its own, which hands on of each page what will be looked at.

Decoding is half of the work of reading a large cluster, and a Python process does one thing at a time: it is
done while the rest of the tool is loaded beside it. Of a page of five megabytes, some sixty kilobytes go on.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import struct
import sys
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import msgspec

from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.read_ahead import Numbered, ReadAhead

if TYPE_CHECKING:
    from runbook_lib.sources.cluster.live import LiveCluster

_READY = 16
"""How many digests of pages may lie ready: each is a small part of its page, unless most pods fail."""

_SIZE = struct.Struct(">Q")


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
    child = os.fork()
    if not child:
        _serve(cluster, namespace, reading, writing)
    os.close(writing)
    pages = _received(os.fdopen(reading, "rb"), child)
    return ReadAhead(cluster, "pods", namespace, pages=pages, depth=_READY)


def _serve(cluster: LiveCluster, namespace: str, reading: int, writing: int) -> NoReturn:
    """Is the child's whole life; it ends without cleaning up what is its parent's: output, handlers, files."""
    try:
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


def _received(pipe: BinaryIO, child: int) -> Generator[Numbered]:
    """Yields the pages as they come; one that is cut off is none, and the parent asks for it itself."""

    def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)

    atexit.register(end)
    try:
        while len(head := pipe.read(_SIZE.size)) == _SIZE.size:
            size = _SIZE.unpack(head)[0]
            if len(packed := pipe.read(size)) < size:
                return
            sent = _sent.decode(packed)
            if answer := sent.refused or sent.page:
                yield sent.after, answer
    finally:
        pipe.close()
        end()
        atexit.unregister(end)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
