"""Reads whole lists page by page at a steady pace: waits when the server is busy, starts again when a token is too old.

A list of ten thousand pods is a hundred megabytes: each page is handed on as the bytes that came and is
gone before the next one is asked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.cluster.refusal import refusal_of_status
from runbook_lib.sources.kube import what

RATE = 50.0  # requests a second, as kubectl allows itself
BURST = 100.0
_BUSY = frozenset({429, 500, 502, 503, 504})
_ATTEMPTS = 6
_LONGEST_WAIT = 30.0  # seconds, whatever Retry-After says
_STARTS = 3
_MAX_PAGES = 4000  # two million objects

Take = Callable[[bytes], str]
"""Takes one page in and returns the token of the next one, empty after the last."""


class ListMetadata(msgspec.Struct, gc=False):
    """What a page of a list says of the rest: where it begins, and how much it is where the server tells."""

    token: str | None = msgspec.field(default=None, name="continue")
    remaining: int | None = msgspec.field(default=None, name="remainingItemCount")


class Pace:
    """A bucket of permissions to send: `rate` a second come in, `burst` fit in.

    Args:
        clock, sleep: seconds now, and a way to wait for some; replaced in tests.
    """

    def __init__(
        self,
        rate: float = RATE,
        burst: float = BURST,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._burst, self._clock, self.sleep = rate, burst, clock, sleep
        self._left, self._then = burst, clock()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._then) * self._rate) - 1.0
            self._then = now
            debt = -self._left / self._rate
        if debt > 0.0:
            self.sleep(debt)


class HasPages(Protocol):
    """What is needed of a live cluster."""

    def page(
        self, resource: str, namespace: str = "", *, fields: str = "", after: str = ""
    ) -> tuple[int, bytes, str] | Unavailable:
        """Asks for one page: status, body, Retry-After."""
        ...


class Pages:
    """Lists of one cluster, read at one pace. May be used from several threads."""

    def __init__(self, cluster: HasPages, pace: Pace | None = None) -> None:
        self._cluster, self._pace = cluster, pace or Pace()

    def read(
        self,
        resource: str,
        namespace: str,
        take: Take,
        *,
        fields: str = "",
        again: Callable[[], None] = lambda: None,
    ) -> Unavailable | None:
        """Hands every page of a list to `take`; returns why the list could not be read, or None.

        Args:
            take: decodes a page and returns the token that it names; a ValueError of its says that it is no page.
            again: called before the list is started anew, because a token was too old (410): what was
                taken so far is to be dropped.
        """
        about = what(resource, namespace)
        for start in range(_STARTS):
            if start:
                again()
            after = ""
            for _page in range(_MAX_PAGES):
                body = self._patiently(resource, namespace, fields, after)
                if isinstance(body, Unavailable):
                    if body.detail == "410":
                        break
                    return body
                try:
                    after = take(body)
                except ValueError:  # msgspec's and Unicode's errors are ValueErrors
                    return Unavailable(about, Why.MALFORMED, "the API server's answer is not such a list")
                if not after:
                    return None
            else:
                return Unavailable(about, Why.MALFORMED, "the API's list does not end")
        return Unavailable(about, Why.SERVER_ERROR, "the list changed faster than it could be read")

    def _patiently(self, resource: str, namespace: str, fields: str, after: str) -> bytes | Unavailable:
        about, refused, waited = what(resource, namespace), None, 0.0
        for attempt in range(_ATTEMPTS):
            self._pace.wait()
            answer = self._cluster.page(resource, namespace, fields=fields, after=after)
            if isinstance(answer, Unavailable):
                refused, pause, is_last = answer, 0.5, answer.why is not Why.UNREACHABLE or attempt > 0
            else:
                status, body, retry_after = answer
                if status == 200:
                    return body
                refused = refusal_of_status(status, body, about, "list", resource, namespace)
                pause, is_last = _pause(retry_after, attempt), status not in _BUSY
            waited += pause
            if is_last or waited > _LONGEST_WAIT:
                break
            self._pace.sleep(pause)
        return refused or Unavailable(about, Why.SERVER_ERROR, "no answer")


def _pause(retry_after: str, attempt: int) -> float:
    """Seconds to wait: what the server asks for, else twice as long each time."""
    asked = float(retry_after) if retry_after.strip().isdecimal() else 0.0
    return max(asked, 0.25 * 2.0**attempt)
