"""What crosses the wire: one request and one reply, as frozen values.

An `App` is a plain function from the one to the other, so that every registry and every cloud service of the
lab can be tested without a socket, and put behind one with `Wire`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

from runbook_lib.lab.wire.delivery import WHOLE, Delivery


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request as the lab received it; its repr shows neither headers nor body, which may hold
    credentials.

    `host` is the lower-case name that the client asked for (of CONNECT, or of SNI), `path` is without the
    query, `headers` has lower-case names.
    """

    host: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __repr__(self) -> str:
        return f"Request({self.method} https://{self.host}{self.path})"

    def header(self, name: str) -> str:
        """Returns the header of this name in any case, or an empty string."""
        return self.headers.get(name.lower(), "")

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return {name: values[-1] for name, values in parse_qs(self.query, keep_blank_values=True).items()}

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body; empty for any other body."""
        if "x-www-form-urlencoded" not in self.header("content-type"):
            return {}
        text = self.body.decode("utf-8", "replace")
        return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}

    @property
    def document(self) -> dict[str, object]:
        """The fields of a JSON object in the body; empty for any other body."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer …`, or an empty string."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def basic(self) -> tuple[str, str] | None:
        """The user name and password of `Authorization: Basic …`; None when absent or not decodable."""
        scheme, _, encoded = self.header("authorization").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon else None


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply, and how it is to be delivered (whole unless a fault is wanted)."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    delivery: Delivery = WHOLE

    def with_headers(self, *headers: tuple[str, str]) -> Reply:
        """Returns the same reply with further headers."""
        return replace(self, headers=(*self.headers, *headers))

    def header(self, name: str) -> str:
        """Returns the header of this name in any case, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


App = Callable[[Request], Reply]


def json_reply(status: int, value: object, *headers: tuple[str, str]) -> Reply:
    """Returns a reply whose body is `value` in JSON."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Reply(status, (("Content-Type", "application/json"), *headers), body)


def text_reply(status: int, text: str, content_type: str = "text/plain; charset=utf-8") -> Reply:
    """Returns a reply whose body is a text."""
    return Reply(status, (("Content-Type", content_type),), text.encode())
