"""A client of the registries without a wire: requests go to the app as values."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

from runbook_lib.lab.registry import RegistryApp
from runbook_lib.lab.wire import Reply, Request

USERS = {
    "ana": {"password": "ana-password", "may_pull": ["team/*"]},
    "bob": {"password": "bob-password", "may_pull": []},
}
REPOSITORIES = {
    "team/app": {
        "tags": {
            "1.0": {},
            "many": {"platforms": ["linux/amd64", "linux/arm64/v8", "linux/s390x"]},
            "oci": {"format": "oci", "index": True, "layers": 2},
            "old": {"format": "schema1"},
            "same": {"seed": "team/app:1.0"},
        },
        "untagged": [{"seed": "forgotten"}],
    },
    "library/open": {"public": True, "tags": {"1": {}}},
}


def basic(user: str, password: str) -> dict[str, str]:
    """The header of a Basic login."""
    return {"authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


@dataclass
class Client:
    """Asks one registry of an app, as a client does who has read the challenge."""

    app: RegistryApp
    host: str
    realm: tuple[str, str] = ("", "/token")
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        path, _, query = path.partition("?")
        return self.app(Request(self.host, method, path, query, {**self.headers, **headers}))

    def token(self, scope: str = "", login: tuple[str, str] | None = None, method: str = "GET") -> Reply:
        host, path = self.realm
        wanted = {"service": "registry", "scope": f"repository:{scope}:pull"} if scope else {"service": "registry"}
        if method == "POST":
            form = {**wanted, "grant_type": "password"}
            if login:
                form |= {"username": login[0], "password": login[1]}
            kind = {"content-type": "application/x-www-form-urlencoded"}
            return self.app(Request(host or self.host, "POST", path, "", kind, urlencode(form).encode()))
        headers = basic(*login) if login else {}
        return self.app(Request(host or self.host, "GET", path, urlencode(wanted), headers))

    def login(self, scope: str, login: tuple[str, str] | None = None) -> Client:
        token = json.loads(self.token(scope, login).body)["token"]
        return Client(self.app, self.host, self.realm, {"authorization": f"Bearer {token}"})


MakeClient = Callable[..., Client]


def error(reply: Reply) -> tuple[int, str, str]:
    """The status, code and message of a refusal."""
    first = json.loads(reply.body)["errors"][0]
    return reply.status, first["code"], first["message"]


def challenge(reply: Reply) -> tuple[str, dict[str, str]]:
    """The scheme and the parameters of a quoted challenge."""
    scheme, _, rest = reply.header("www-authenticate").partition(" ")
    pairs = parse_qs(rest.replace('"', "").replace(",", "&"))
    return scheme, {name: values[0] for name, values in pairs.items()}
