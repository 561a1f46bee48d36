"""A body is read up to its limit and no further, whatever it unpacks to."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib

import pytest
from urllib3 import HTTPResponse

from runbook_lib.sources.registry.body import Body, read_body

LIMIT = 1000


def raw(data: bytes) -> HTTPResponse:
    """An answer as urllib3 gives it before it is read."""
    return HTTPResponse(io.BytesIO(data), preload_content=False)


CASES = {
    "plain": (b"x" * LIMIT, "", Body(b"x" * LIMIT)),
    "identity": (b"x", "identity", Body(b"x")),
    "empty": (b"", "", Body()),
    "gzip": (gzip.compress(b"x" * LIMIT), "gzip", Body(b"x" * LIMIT)),
    "gzip in capitals": (gzip.compress(b"x"), " GZIP ", Body(b"x")),
    "deflate": (zlib.compress(b"x"), "deflate", Body(b"x")),
    "one byte too many": (b"x" * 1001, "", Body(b"x" * LIMIT, "the answer is longer than 1000 bytes")),
    "unpacks to one too many": (
        gzip.compress(b"x" * 1001),
        "gzip",
        Body(b"", "the answer unpacks to more than 1000 bytes"),
    ),
    "half of a gzip": (gzip.compress(b"x")[:-9], "gzip", Body(b"", "the answer is cut short")),
    "no gzip": (b"no gzip at all", "gzip", Body(b"", "the answer cannot be unpacked")),
    "twice": (b"x", "gzip, gzip", Body(b"", "the answer comes in an encoding that was not asked for")),
}


@pytest.mark.parametrize(("data", "encoding", "expected"), CASES.values(), ids=CASES.keys())
def test_bodies(data: bytes, encoding: str, expected: Body) -> None:
    """What is whole has no flaw."""
    assert read_body(raw(data), encoding, LIMIT) == expected


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    """Its 50 MB never come to be."""
    data = gzip.compress(b"\0" * 50_000_000)
    tracemalloc.start()
    try:
        body = read_body(raw(data), "gzip", 100_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert body.flaw
    assert peak < 2_000_000


def test_the_rest_of_an_endless_body_is_left_unread() -> None:
    """One byte more than the limit shows that it is too long."""
    source = io.BytesIO(b"x" * 10_000_000)
    answer = HTTPResponse(source, preload_content=False)
    read_body(answer, "", LIMIT)
    assert source.tell() == LIMIT + 1
