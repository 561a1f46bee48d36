"""The manners of registries: where the token comes from, and in which words each refuses.

IBM's words are those of its documentation and of published error reports; the others' are what Docker Hub,
quay.io, Harbor and the plain distribution registry are known to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runbook_lib.lab.registry.access import Refusal
from runbook_lib.lab.registry.state import DialectName
from runbook_lib.lab.wire import Reply, json_reply

AUTH_TOPIC = " See https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-auth-req"

Words = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One manner: `words` gives the status, code and message of each refusal."""

    words: dict[Refusal, Words]
    token_path: str = "/token"  # noqa: S105 - a path
    token_host: str = ""
    service: str = "{host}"
    scheme: Literal["bearer", "basic", "open"] = "bearer"
    anonymous: Literal["refuse", "grant"] = "grant"
    denial: Literal["forbidden", "challenge"] = "challenge"


_PRIVATE_ONLY = (
    "Private-only access is enabled on this account, but this request was over the public network. "
    "You must access this account over the private network"
)
_REQUIRED = "authentication required"
_ELSEWHERE: dict[Refusal, Words] = {
    Refusal.LOGIN: (401, "UNAUTHORIZED", _REQUIRED),
    Refusal.NO_CREDENTIAL: (401, "UNAUTHORIZED", _REQUIRED),
    Refusal.DENIED: (403, "DENIED", "requested access to the resource is denied"),
}

_ICR: dict[Refusal, Words] = {
    Refusal.LOGIN: (
        401,
        "UNAUTHORIZED",
        "The login credentials are not valid, or your IBM Cloud account is not active.",
    ),
    Refusal.NO_CREDENTIAL: (401, "UNAUTHORIZED", f"Authorization required.{AUTH_TOPIC}"),
    Refusal.DENIED: (403, "DENIED", "You are not authorized to access the specified resource."),
    Refusal.PRIVATE_ONLY: (403, "DENIED", _PRIVATE_ONLY),
    Refusal.PULL_QUOTA: (
        403,
        "DENIED",
        "Your account has exceeded its pull traffic quota for the current month.",
    ),
}

DIALECTS: dict[DialectName, Dialect] = {
    "icr": Dialect(_ICR, "/oauth/token", service="registry", anonymous="refuse", denial="forbidden"),
    "hub": Dialect(
        {**_ELSEWHERE, Refusal.LOGIN: (401, "UNAUTHORIZED", "incorrect username or password")},
        token_host="auth.docker.io",  # noqa: S106 - a host
        service="registry.docker.io",
    ),
    "quay": Dialect(
        {
            Refusal.LOGIN: (401, "UNAUTHORIZED", "Invalid Username or Password"),
            Refusal.NO_CREDENTIAL: (
                401,
                "UNAUTHORIZED",
                "access to the requested resource is not authorized",
            ),
            Refusal.DENIED: (401, "UNAUTHORIZED", "access to the requested resource is not authorized"),
        },
        "/v2/auth",
    ),
    "harbor": Dialect(
        {
            Refusal.LOGIN: (401, "UNAUTHORIZED", "unauthorized: invalid credentials"),
            Refusal.NO_CREDENTIAL: (401, "UNAUTHORIZED", "unauthorized to access repository"),
            Refusal.DENIED: (403, "DENIED", "unauthorized to access repository"),
        },
        "/service/token",
        service="harbor-registry",
    ),
    "distribution": Dialect(_ELSEWHERE),
    "basic": Dialect(_ELSEWHERE, scheme="basic", denial="forbidden"),
    "open": Dialect(_ELSEWHERE, scheme="open"),
}


def error_reply(status: int, code: str, message: str, *headers: tuple[str, str]) -> Reply:
    """Returns an error in the distribution API's form."""
    error = {"code": code, "message": message, "detail": message}
    return json_reply(status, {"errors": [error]}, *headers)
