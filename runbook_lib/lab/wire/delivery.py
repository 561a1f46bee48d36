"""How a reply travels: whole, late, cut off, drop by drop or without end.

Clients must yield an outcome within their own time limit whatever the other side does; these values let a
test or a scenario say what it does. Every fault is bounded in time, so that a lab ends by itself.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Whole:
    """The reply is sent as it is."""


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing is sent for `seconds`; then the connection is closed."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset (TCP RST) in place of a reply."""


@dataclass(frozen=True, slots=True)
class Truncate:
    """All headers and the first `keep` bytes of the body are sent; then the connection is closed."""

    keep: int = 10


@dataclass(frozen=True, slots=True)
class Drip:
    """The body is sent `size` bytes at a time with a pause of `seconds` before each."""

    seconds: float = 1.0
    size: int = 1


@dataclass(frozen=True, slots=True)
class Endless:
    """The body is repeated, chunked, until the client leaves or `seconds` have passed."""

    seconds: float = 30.0
    pause: float = 0.0


Delivery = Whole | Hang | Reset | Truncate | Drip | Endless
WHOLE = Whole()


@lru_cache(maxsize=4)
def gzip_bomb(size: int = 64 * 1024 * 1024) -> bytes:
    """Returns gzip data that unpacks to `size` zero bytes; to be sent with `Content-Encoding: gzip`."""
    return gzip.compress(b"\0" * size, 9)
