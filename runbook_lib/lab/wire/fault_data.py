"""Faults as plain data: how a scenario writes what is wrong with a host, or with single replies.

hosts:
  us.icr.io: refused
  uk.icr.io: {kind: timeout, seconds: 5}
replies:
  - {host: us.icr.io, path: /v2/*, kind: rate-limited, retry_after: 30}
  - {host: de.icr.io, path: /oauth/token, kind: server-error, times: 2}
  - {host: icr.io, kind: drip, seconds: 10}
"""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from runbook_lib.lab.wire.delivery import WHOLE, Delivery, Drip, Endless, Hang, Reset, Truncate, gzip_bomb
from runbook_lib.lab.wire.host_faults import (
    ConnectionRefused,
    ConnectTimeout,
    HandshakeReset,
    HandshakeTimeout,
    HostFault,
    NameNotFound,
    WrongCertificate,
)
from runbook_lib.lab.wire.injection import Fault
from runbook_lib.lab.wire.messages import Reply, json_reply, text_reply

HostKind = Literal[
    "refused",
    "closed",
    "dns",
    "timeout",
    "tls-timeout",
    "tls-reset",
    "tls-expired",
    "tls-wrong-name",
    "tls-foreign-authority",
]
ReplyKind = Literal[
    "rate-limited",
    "server-error",
    "reply",
    "html",
    "half-json",
    "gzip-bomb",
    "hang",
    "reset",
    "truncate",
    "drip",
    "endless",
]

_LIMIT_TEXT = "You have reached your pull rate limit."


class HostData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A host's fault as written."""

    kind: HostKind
    seconds: float = 30.0


class ReplyData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reply's fault as written: which requests, and what is answered instead or how."""

    kind: ReplyKind
    host: str = "*"
    path: str = "*"
    method: str = "*"
    skip: int = 0
    times: int = 0
    status: int = 0
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: str = ""
    code: str = ""
    message: str = ""
    seconds: float = 10.0
    keep: int = 10
    retry_after: int = 60


class FaultData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All faults of a lab as written."""

    hosts: dict[str, HostKind | HostData] = msgspec.field(default_factory=dict)
    replies: tuple[ReplyData, ...] = ()


def faults_from(data: dict[str, Any]) -> tuple[dict[str, HostFault], tuple[Fault, ...]]:
    """Returns the faults of hosts and of replies that `data` writes; raises msgspec.ValidationError."""
    parsed = msgspec.convert(data, FaultData)
    return {host: _host_fault(value) for host, value in parsed.hosts.items()}, tuple(
        _reply_fault(entry) for entry in parsed.replies
    )


def _host_fault(value: HostKind | HostData) -> HostFault:
    data = value if isinstance(value, HostData) else HostData(value)
    faults: dict[HostKind, HostFault] = {
        "refused": ConnectionRefused(),
        "closed": ConnectionRefused("close"),
        "dns": NameNotFound(),
        "timeout": ConnectTimeout(data.seconds),
        "tls-timeout": HandshakeTimeout(data.seconds),
        "tls-reset": HandshakeReset(),
        "tls-expired": WrongCertificate("expired"),
        "tls-wrong-name": WrongCertificate("wrong-name"),
        "tls-foreign-authority": WrongCertificate("foreign-authority"),
    }
    return faults[data.kind]


def _reply_fault(data: ReplyData) -> Fault:
    deliveries: dict[ReplyKind, Delivery] = {
        "hang": Hang(data.seconds),
        "reset": Reset(),
        "truncate": Truncate(data.keep),
        "drip": Drip(data.seconds),
        "endless": Endless(data.seconds),
    }
    return Fault(
        host=data.host,
        path=data.path,
        method=data.method,
        reply=_reply(data),
        delivery=deliveries.get(data.kind, WHOLE),
        skip=data.skip,
        times=data.times,
    )


def _reply(data: ReplyData) -> Reply | None:
    headers = tuple(data.headers.items())
    match data.kind:
        case "rate-limited":
            retry = ("Retry-After", str(data.retry_after))
            return _errors(429, data.code or "TOOMANYREQUESTS", data.message or _LIMIT_TEXT, retry, *headers)
        case "server-error":
            status = data.status or 503
            return _errors(status, data.code or "UNAVAILABLE", data.message or "service unavailable", *headers)
        case "reply":
            return Reply(data.status or 200, headers, data.body.encode())
        case "html":
            page = "<html><body><h1>Sign in to continue</h1></body></html>"
            return text_reply(data.status or 200, page, "text/html").with_headers(*headers)
        case "half-json":
            whole = json.dumps({"token": "x" * 40, "errors": []})
            return text_reply(data.status or 200, whole[: len(whole) // 2], "application/json")
        case "gzip-bomb":
            encoded = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
            return Reply(data.status or 200, encoded, gzip_bomb())
        case "endless" | "drip" if data.body:
            return Reply(data.status or 200, headers, data.body.encode())
    return None


def _errors(status: int, code: str, message: str, *headers: tuple[str, str]) -> Reply:
    return json_reply(status, {"errors": [{"code": code, "message": message}]}, *headers)
