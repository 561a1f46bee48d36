"""Asks for the next page of a list while the present one is looked at, so that neither side waits for the other."""

from __future__ import annotations

import contextlib
import contextvars
import queue
import threading
from collections.abc import Generator, Iterator

import msgspec

from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.pages import HasPages, ListMetadata

_DEPTH = 2
"""How many pages lie ready at most: a page of 500 pods is some five megabytes."""

Answer = tuple[int, bytes, str] | Unavailable
Numbered = tuple[str, Answer]
"""A page behind the token that it was asked for with."""


class ReadAhead:
    """Pages of one cluster, of which one list is read ahead; everything else is asked when it is asked for.

    Args:
        cluster: whose pages they are.
        resource, namespace: the list, which is begun at once.
        pages: the list's pages where somebody else asks for them; it is closed when nobody wants the rest.
        depth: how many may lie ready.
    """

    def __init__(
        self,
        cluster: HasPages,
        resource: str,
        namespace: str = "",
        *,
        pages: Generator[Numbered] | None = None,
        depth: int = _DEPTH,
    ) -> None:
        self._cluster, self._list = cluster, (resource, namespace)
        self._source = pages if pages is not None else in_order(cluster, resource, namespace)
        self._ready: queue.Queue[Numbered | None] = queue.Queue(depth)
        self._is_over, self._stop = False, threading.Event()
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=lambda: context.run(self._read), name="read-ahead", daemon=True)
        self._thread.start()

    def page(
        self, resource: str, namespace: str = "", *, fields: str = "", after: str = ""
    ) -> tuple[int, bytes, str] | Unavailable:
        """Returns the page, out of those that were read ahead where it is the next of them."""
        if (resource, namespace) == self._list and not fields and not self._is_over:
            ready = self._ready.get()
            if ready is not None and ready[0] == after:
                return ready[1]
            self.close()
        return self._cluster.page(resource, namespace, fields=fields, after=after)

    def __iter__(self) -> Iterator[Numbered]:
        """Yields the pages of the list as they come."""
        while (ready := self._ready.get()) is not None:
            yield ready

    def close(self) -> None:
        """Ends the reading ahead; what lies ready is dropped."""
        self._is_over = True
        self._stop.set()
        while True:
            try:
                self._ready.get_nowait()
            except queue.Empty:
                return

    def _read(self) -> None:
        try:
            with contextlib.suppress(Exception):  # whoever wants the rest asks for it, and meets the same
                for numbered in self._source:
                    self._put(numbered)
                    if self._stop.is_set():
                        break
                self._source.close()
        finally:
            self._put(None)

    def _put(self, item: Numbered | None) -> None:
        while not self._stop.is_set():
            try:
                self._ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return


def in_order(cluster: HasPages, resource: str, namespace: str) -> Generator[Numbered]:
    """Yields the pages of a list up to its end, or to the first answer that is no page."""
    after: str | None = ""
    while after is not None:
        answer = cluster.page(resource, namespace, after=after)
        yield after, answer
        after = _token_of(answer)


class _Head(msgspec.Struct):
    metadata: ListMetadata | None = None


def _token_of(answer: Answer) -> str | None:
    """The token of the next page, or None at the end and where the answer is none."""
    if isinstance(answer, Unavailable) or answer[0] != 200:
        return None
    body = answer[1]
    start = body.find(b'"items"', 0, 65536)  # the API writes a list's metadata before its items
    try:
        head = msgspec.json.decode(body if start < 0 else body[:start] + b'"items":0}', type=_Head)
    except ValueError:
        return None
    return (head.metadata.token if head.metadata else None) or None
