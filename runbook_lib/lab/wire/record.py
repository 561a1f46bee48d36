"""What the wire remembers of a request: enough to prove who asked what, never a credential.

Tests use it to show that a step asked only what it says it asks, and that a host which must not see a
credential saw none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from runbook_lib.lab.wire.messages import Request

CredentialKind = Literal["none", "basic", "bearer", "api-key-header", "form", "other"]

_SECRET_NAMES = frozenset({"apikey", "password", "token", "refresh_token", "access_token", "code", "sig"})
_FORM_CREDENTIALS = ("apikey", "password", "refresh_token", "cr_token", "access_token")


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request that reached the lab: `method` is CONNECT for the proxy's part, TLS for a failed handshake.

    `status` is 0 where nothing was answered; `note` says why; `has_authorization` and `credential` say that a
    credential was sent and of which kind, never its value.
    """

    time: datetime
    host: str
    method: str
    path: str
    status: int
    has_authorization: bool = False
    credential: CredentialKind = "none"
    query: str = ""
    note: str = ""


def credential_kind(request: Request) -> CredentialKind:
    """Returns in which way the request carries a credential, if it does."""
    authorization = request.header("authorization")
    if authorization:
        scheme = authorization.split(" ", 1)[0].lower()
        return "basic" if scheme == "basic" else "bearer" if scheme == "bearer" else "other"
    if request.header("iam-apikey"):
        return "api-key-header"
    if any(request.form.get(name) for name in _FORM_CREDENTIALS):
        return "form"
    return "none"


def record_of(request: Request, status: int, note: str = "") -> RequestRecord:
    """Returns the record of an answered request; query values that could be secret are masked."""
    pairs = parse_qsl(request.query, keep_blank_values=True)
    query = urlencode([(name, "***" if name.lower() in _SECRET_NAMES else value) for name, value in pairs])
    return RequestRecord(
        time=datetime.now(UTC),
        host=request.host,
        method=request.method,
        path=request.path,
        status=status,
        has_authorization=bool(request.header("authorization") or request.header("iam-apikey")),
        credential=credential_kind(request),
        query=query,
        note=note,
    )


def event(host: str, method: str, status: int, note: str = "") -> RequestRecord:
    """Returns the record of something that is not a request: a CONNECT, or a handshake that failed."""
    return RequestRecord(datetime.now(UTC), host, method, "", status, note=note)
