"""Every way in which an answer can go wrong, as a function from the request and the true answer to a false one."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from runbook_lib.lab.wire import (
    ConnectionRefused,
    ConnectTimeout,
    Drip,
    Endless,
    HandshakeReset,
    HandshakeTimeout,
    Hang,
    HostFault,
    NameNotFound,
    Reply,
    Request,
    Reset,
    Truncate,
    WrongCertificate,
)

TRAP = "trap.example"
LONG = 20.0  # seconds: longer than any limit of the tests
_YEAR = re.compile(rb"(?<=\")\d{4}(?=-\d\d-\d\d[T ]\d)")
_JSON = (("Content-Type", "application/json"),)
Answer = Callable[[Request, Reply], Reply]


def _status(code: int, *headers: tuple[str, str]) -> Answer:
    body = json.dumps({"kind": "Status", "code": code, "message": "no", "errors": [{"code": "X", "message": "no"}]})
    return lambda _request, _true: Reply(code, (*_JSON, *headers), body.encode())


def _not_found(request: Request, _true: Reply) -> Reply:
    """What a real API server says, and a registry: the thing does not exist."""
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
    errors = [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]
    name = request.path.rpartition("/")[2]
    document = {**status, "message": f'"{name}" not found', "details": {"name": name}, "errors": errors}
    return Reply(404, _JSON, json.dumps(document).encode())


def _html(_request: Request, _true: Reply) -> Reply:
    return Reply(200, (("Content-Type", "text/html"),), b"<!doctype html><html><h1>Sign in to the network</h1></html>")


def _half(_request: Request, true: Reply) -> Reply:
    return Reply(true.status, _JSON, true.body[: max(1, len(true.body) // 2)])


def mistyped(value: Any, *, keep: tuple[str, ...] = ()) -> Any:
    """Returns a JSON value with every leaf of another type; the values of the keys in `keep` stay."""
    if isinstance(value, dict):
        return {k: v if k in keep else mistyped(v, keep=keep) for k, v in value.items()}
    if isinstance(value, list):
        return [mistyped(item, keep=keep) for item in value]
    if isinstance(value, bool) or value is None:
        return [{}]
    return {"x": [value]} if isinstance(value, str) else str(value)


def _types(*keep: str) -> Answer:
    def answer(_request: Request, true: Reply) -> Reply:
        try:
            document = json.loads(true.body or b"{}")
        except ValueError:
            document = {}
        return Reply(true.status, _JSON, json.dumps(mistyped(document, keep=keep)).encode())

    return answer


def _other_shape(shape: object) -> Answer:
    return lambda _request, true: Reply(true.status, _JSON, json.dumps(shape).encode())


def _gone_page(request: Request, true: Reply) -> Reply:
    if "continue=" in request.query or "start=" in request.query or "pagetoken=" in request.query:
        return _status(410)(request, true)
    return _with_next_page(true)


def _with_next_page(true: Reply) -> Reply:
    try:
        document = json.loads(true.body)
    except ValueError:
        return true
    if not isinstance(document, dict):
        return true
    if isinstance(document.get("metadata"), dict):
        document["metadata"]["continue"] = "more"
    document["next"] = {"href": "https://iam.cloud.ibm.com/x?start=more", "start": "more"}
    return replace(true, body=json.dumps(document).encode())


def _huge(_request: Request, true: Reply) -> Reply:
    return Reply(true.status, _JSON, b'{"items": [' + b" " * 4096, Endless(LONG))


def _hundred(_request: Request, true: Reply) -> Reply:
    return Reply(true.status, _JSON, _hundred_megabytes())


@lru_cache(maxsize=1)
def _hundred_megabytes() -> bytes:
    return b'{"items": [' + b" " * (100 * 1024 * 1024) + b"1]}"


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    packer = zlib.compressobj(6, wbits=31)
    pieces = [packer.compress(b" " * 1024 * 1024) for _ in range(512)]
    return b"".join([*pieces, packer.flush()])


def _gzip_bomb(_request: Request, true: Reply) -> Reply:
    return Reply(true.status, (*_JSON, ("Content-Encoding", "gzip")), _bomb())


def _redirect_loop(request: Request, _true: Reply) -> Reply:
    return Reply(302, (("Location", f"https://{request.host}{request.path}?{request.query}"),))


def _redirect_elsewhere(request: Request, _true: Reply) -> Reply:
    return Reply(307, (("Location", f"https://{TRAP}{request.path}?{request.query}"),))


def _redirect_of_two_readings(request: Request, _true: Reply) -> Reply:
    """Some take all before the path for the host, some end it at the backslash."""
    return Reply(307, (("Location", f"https://{TRAP}\\.{request.host}{request.path}?{request.query}"),))


def _realm(url: str) -> Answer:
    realm = f'Bearer realm="{url}",service="registry",scope="repository:shop/web:pull"'
    reply = Reply(401, (*_JSON, ("WWW-Authenticate", realm)), b'{"errors":[{"code":"UNAUTHORIZED"}]}')
    return lambda _request, _true: reply


def _basic_elsewhere(_request: Request, _true: Reply) -> Reply:
    return Reply(401, (*_JSON, ("WWW-Authenticate", f'Basic realm="https://{TRAP}/"')), b"{}")


def _skewed(years: int) -> Answer:
    """A server whose clock is years off: its header, and every time in what it says."""

    def answer(_request: Request, true: Reply) -> Reply:
        body = _YEAR.sub(lambda m: b"%04d" % (int(m.group()) + years), true.body)
        date = f"Thu, 01 Jan {2026 + years} 00:00:00 GMT"
        return replace(true, body=body).with_headers(("Date", date), ("Age", "4000000000"))

    return answer


def _delivered(delivery: Any) -> Answer:
    return lambda _request, true: replace(true, delivery=delivery)


REPLIES: Mapping[str, Answer] = {
    "hang": _delivered(Hang(LONG)),
    "hang in the body": _delivered(Drip(LONG, 1)),
    "a byte at a time": _delivered(Drip(0.05, 1)),
    "reset": _delivered(Reset()),
    "truncated": _delivered(Truncate(10)),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "404 of the API": _not_found,
    "410 on a page": _gone_page,
    "pages without end": lambda _request, true: _with_next_page(true),
    "429": _status(429, ("Retry-After", "3600")),
    "500": _status(500),
    "503": _status(503, ("Retry-After", "3600")),
    "HTML": _html,
    "half of the JSON": _half,
    "wrong types": _types(),
    "wrong types inside": _types("name", "namespace", "kind", "apiVersion", "token", "access_token"),
    "a list": _other_shape([1, None, "x"]),
    "empty object": _other_shape({}),
    "100 MB": _hundred,
    "body without end": _huge,
    "gzip bomb": _gzip_bomb,
    "redirect loop": _redirect_loop,
    "redirect elsewhere": _redirect_elsewhere,
    "redirect of two readings": _redirect_of_two_readings,
    "realm elsewhere": _realm(f"https://{TRAP}/token"),
    "realm of two readings": _realm(f"https://{TRAP}\\\\.icr.io/token"),
    "basic elsewhere": _basic_elsewhere,
    "clock behind": _skewed(-30),
    "clock ahead": _skewed(30),
}
"""Faults of single answers, by their names in the table."""

HOSTS: Mapping[str, HostFault] = {
    "refused": ConnectionRefused(),
    "closed": ConnectionRefused("close"),
    "DNS": NameNotFound(),
    "timeout": ConnectTimeout(LONG),
    "TLS timeout": HandshakeTimeout(LONG),
    "TLS reset": HandshakeReset(),
    "certificate expired": WrongCertificate("expired"),
    "certificate untrusted": WrongCertificate("foreign-authority"),
    "certificate of another name": WrongCertificate("wrong-name"),
}
"""Faults of a whole host, by their names in the table."""
