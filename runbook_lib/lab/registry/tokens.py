"""The token endpoint's part: scopes asked for, tokens granted, and what a token that comes back says.

A token names its holder and the repositories it opens; it is signed with a key of this lab and dies with it.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qs

import jwt

from runbook_lib.lab.registry.access import Login
from runbook_lib.lab.wire import Request

_SCOPE = re.compile(r"repository(?:\([a-z]+\))?:(?P<name>[^:]+):(?P<actions>[a-z,*]+)")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token says: its holder (None: nobody in particular) and the repositories it opens."""

    login: Login | None
    repositories: frozenset[str]


class Tokens:
    """Signs and reads the registries' tokens."""

    def __init__(self) -> None:
        self._key = secrets.token_hex(32)

    def issue(self, registry: str, login: Login | None, repositories: list[str], seconds: int) -> str:
        """Returns a token for `registry` that opens `repositories` for `seconds`."""
        now = int(time.time())
        claims = {
            "iss": registry,
            "aud": registry,
            "sub": login.subject if login else "",
            "iat": now,
            "exp": now + seconds,
            "jti": secrets.token_hex(8),
            "access": [{"type": "repository", "name": name, "actions": ["pull"]} for name in repositories],
        }
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, registry: str, token: str) -> Grant | None:
        """Returns what a token grants at `registry`; None when it is not ours, not for it, or has expired."""
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"], audience=registry)
        except jwt.InvalidTokenError:
            return None
        subject = claims["sub"]
        return Grant(Login(subject) if subject else None, frozenset(entry["name"] for entry in claims["access"]))


def scopes(request: Request) -> list[str]:
    """Returns the repositories whose pull is asked for, in the query or the form, repeated or
    space-separated.
    """
    fields = [*parse_qs(request.query).get("scope", []), request.form.get("scope", "")]
    found = (_SCOPE.fullmatch(word) for text in fields for word in text.split())
    return [scope["name"] for scope in found if scope and {"pull", "*"} & set(scope["actions"].split(","))]


def credentials(request: Request) -> tuple[str, str] | None:
    """Returns the user name and password of a token request: Basic, or the form of a password grant.

    None means that no credential was sent; an undecodable one is an empty pair, which no registry accepts.
    """
    if request.header("authorization"):
        return request.basic or ("", "")
    form = request.form
    if form.get("grant_type") == "refresh_token" or "refresh_token" in form:
        return "", ""
    return (form.get("username", ""), form.get("password", "")) if "username" in form else None
