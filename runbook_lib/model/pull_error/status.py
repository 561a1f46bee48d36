"""The HTTP status in a message, and what it says where no words say more."""

from __future__ import annotations

import re

from .lexicon import Meaning, Weight
from .names import Endpoint
from .value import Detail, Kind, Phase

_NUMBER = re.compile(r"[ (\"'=\]:>][345]\d\d(?![\w.-])")
_MOST = 64
_BEFORE = (
    "status", "code", "registry", "status:", "code:", "statuscode:", "error:", "-", "http", "http/1.1",
    "http/2", "]",
)  # fmt: skip
_REASONS = (
    "unauthorized", "forbidden", "not found", "bad request", "too many requests", "internal server",
    "bad gateway",
    "service unavailable", "service temporarily", "gateway time", "payment required", "method not allowed",
    "conflict",
    "not acceptable", "proxy auth", "request timeout", "gone", "precondition", "i'm a teapot", "unavailable",
    "origin",
    "requested range", "not implemented", "temporary redirect", "found", "moved", "permanent redirect",
    "web server",
)  # fmt: skip


def _means(kind: Kind, *also: Kind, phase: Phase | None = None, detail: Detail | None = None) -> Meaning:
    return Meaning(kind, Weight.STATUS, phase, detail, also)


_MEANINGS = {
    401: _means(Kind.UNAUTHORIZED),
    403: _means(Kind.ACCESS_DENIED),
    404: _means(Kind.NOT_FOUND_REPO_OR_TAG),
    406: _means(Kind.MANIFEST_UNSUPPORTED),
    407: _means(Kind.OTHER, Kind.NETWORK_TIMEOUT, phase=Phase.CONNECT, detail=Detail.PROXY),
    408: _means(Kind.NETWORK_TIMEOUT, Kind.SERVER_ERROR),
    410: _means(Kind.NOT_FOUND_REPO_OR_TAG),
    412: _means(Kind.IMAGE_POLICY_DENIED, Kind.ACCESS_DENIED, Kind.OTHER),
    429: _means(Kind.RATE_LIMITED),
    451: _means(Kind.ACCESS_DENIED),
    504: _means(Kind.SERVER_ERROR, Kind.NETWORK_TIMEOUT),
}
_REFUSED_AT_TOKEN = _means(
    Kind.UNAUTHORIZED, Kind.MISSING_SECRET, Kind.INVALID_SECRET, Kind.ACCESS_DENIED, Kind.SERVER_ERROR
)
_NOT_THERE = _means(Kind.NOT_FOUND_REPO_OR_TAG, Kind.OTHER)
_CLIENT_FAULT = _means(Kind.SERVER_ERROR, Kind.OTHER)
_SERVER_FAULT = _means(Kind.SERVER_ERROR)


def find_status(text: str) -> tuple[int | None, int]:
    """Gives the last number that stands as an HTTP status, and where; dockerd's own ``API error (500)`` is
    none."""
    padded = f" {text}"
    for found in reversed(list(_NUMBER.finditer(padded))[-_MOST:]):
        start, end = found.span()
        before = padded[max(0, start - 24) : start + 1].rstrip(" ([:=\"'").rpartition(" ")[2]
        if before == "error" and padded[start] == "(":
            continue
        after = padded[end : end + 24].lstrip(" :(-")
        if after.startswith(_REASONS) or before.endswith(_BEFORE):
            return int(padded[start + 1 : end]), start
    return None, -1


def meaning_of(status: int, endpoint: Endpoint | None, *, of_token: bool) -> Meaning | None:
    """Gives what a status says; a token server answers 400 where it does not take the login."""
    if status == 400 and (of_token or endpoint is Endpoint.TOKEN):
        return _REFUSED_AT_TOKEN
    if status == 404 and endpoint not in (Endpoint.MANIFEST, Endpoint.BLOB):
        return _NOT_THERE
    if status < 400:
        return None
    return _MEANINGS.get(status, _SERVER_FAULT if status >= 500 else _CLIENT_FAULT)
