"""IBM Cloud as a small server of the tests: real host names over real TLS, answers set by each test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt

from runbook_lib.lab.wire import HostFault, Reply, Request, RequestRecord, Wire, json_reply

IAM = "iam.cloud.ibm.com"
ACCOUNT = "2f2270abe5534c6c9ef97667b447b340"
OPERATOR_KEY = "operator-key-0123456789abcdefghijklmnopqrstu"

Answer = Reply | Callable[[Request], Reply]


def token_for(iam_id: str = "IBMid-270001", account: str = ACCOUNT, lasts: float = 3600.0, **more: Any) -> str:
    """Makes a token with the claims that IAM's have."""
    now = int(time.time())
    claims = {"iam_id": iam_id, "id": iam_id, "name": "operator", "iat": now, "exp": now + int(lasts)}
    claims |= {"account": {"valid": True, "bss": account, "frozen": True}, **more}
    return jwt.encode(claims, "a signing key that nobody checks, as long as it must be", algorithm="HS256")


def grant(token: str) -> Reply:
    """IAM's answer to a good key."""
    body = {
        "access_token": token,
        "refresh_token": "not_supported",
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    return json_reply(200, body)


def refusal(code: str, text: str, status: int = 400) -> Reply:
    """IAM's answer to a key that it does not take."""
    return json_reply(status, {"errorCode": code, "errorMessage": text, "context": {"requestId": "r"}})


class Cloud:
    """Answers by `METHOD host/path`; what no test has set is a 404 without a body."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._from = len(wire.requests)
        self.answers: dict[str, Answer] = {}
        self.keys: dict[str, Reply] = {OPERATOR_KEY: grant(token_for())}
        self.bodies: list[Request] = []
        self.on(f"POST {IAM}/identity/token", self._token)

    def on(self, what: str, answer: Answer) -> None:
        """Sets an answer."""
        self.answers[what] = answer

    def fault(self, host: str, fault: HostFault) -> None:
        """Breaks a host."""
        self._wire.host_faults[host] = fault

    def app(self, request: Request) -> Reply:
        self.bodies.append(request)
        answer = self.answers.get(f"{request.method} {request.host}{request.path}", Reply(404))
        return answer if isinstance(answer, Reply) else answer(request)

    def asked(self, path: str) -> list[Request]:
        """The requests that came for a path."""
        return [request for request in self.bodies if request.path == path]

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        """What reached the wire in this test, refused connections included."""
        return self._wire.requests[self._from :]

    def _token(self, request: Request) -> Reply:
        return self.keys.get(
            request.form.get("apikey", ""), refusal("BXNIM0415E", "Provided API key could not be found.")
        )
