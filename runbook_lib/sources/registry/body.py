"""Bodies of answers, read up to a limit and no further, plain or encoded."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from urllib3 import BaseHTTPResponse

_PIECE = 64 * 1024
_AUTO_HEADER = 47  # zlib's window size that takes gzip and zlib headers alike


@dataclass(frozen=True, slots=True)
class Body:
    """What was read; `flaw` says why it is not the whole, in a few words, and is empty where it is."""

    data: bytes = field(default=b"", repr=False)
    flaw: str = ""


def read_body(raw: BaseHTTPResponse, encoding: str, limit: int) -> Body:
    """Reads at most `limit` bytes, and unpacks to at most as many; raises what the connection raises.

    An encoding was not asked for, but some mirrors send gzip anyway; a few bytes of it can stand for
    gigabytes.
    """
    data = bytearray()
    while len(data) <= limit and (piece := raw.read(min(_PIECE, limit + 1 - len(data)), decode_content=False)):
        data += piece
    if len(data) > limit:
        return Body(bytes(data[:limit]), f"the answer is longer than {limit} bytes")
    if encoding.strip().lower() in ("", "identity"):
        return Body(bytes(data))
    return _unpacked(bytes(data), encoding.strip().lower(), limit)


def _unpacked(data: bytes, encoding: str, limit: int) -> Body:
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return Body(flaw="the answer comes in an encoding that was not asked for")
    decoder = zlib.decompressobj(_AUTO_HEADER)
    try:
        plain = decoder.decompress(data, limit + 1)
    except zlib.error:
        return Body(flaw="the answer cannot be unpacked")
    if len(plain) > limit:
        return Body(flaw=f"the answer unpacks to more than {limit} bytes")
    return Body(plain) if decoder.eof else Body(flaw="the answer is cut short")
