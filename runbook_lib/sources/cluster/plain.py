"""The most usual kubeconfig, as `oc login` writes it, without the official client: it takes 0.3 seconds to load.

A context is plain where the file itself holds all there is to know: a server with its certificate authority, and
a token or nothing as the login. Anything else (programs, OpenID, client certificates, several files, a proxy,
whatever has another shape) is the official client's, which also says what is wrong.
"""

from __future__ import annotations

import base64
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from urllib3 import PoolManager
from urllib3.util.ssl_ import create_urllib3_context

from runbook_lib.vault import Secret, vault

_OF_A_SERVER = frozenset({"server", "certificate-authority-data", "insecure-skip-tls-verify", "extensions"})
_PROXIES = frozenset({"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"})
_POOL = 10  # connections kept, as the official client keeps five for a core


@dataclass(frozen=True, slots=True)
class PlainContext:
    """A context of which everything stands in the file."""

    server: str
    authority: bytes = b""  # PEM; the machine's own authorities where empty
    verify: bool = True
    token: Secret | None = field(default=None, repr=False)

    def pool(self) -> PoolManager:
        """Returns connections to the server. Raises ssl.SSLError where the authority is no certificate."""
        context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if self.verify else ssl.CERT_NONE)
        if self.verify and self.authority:
            context.load_verify_locations(cadata=self.authority.decode("ascii"))
        elif self.verify:
            context.load_default_certs()
        return PoolManager(num_pools=1, maxsize=_POOL, cert_reqs=context.verify_mode, ssl_context=context)

    def authorization(self) -> str:
        """Returns the value of the header that logs in; empty where there is no login."""
        return f"Bearer {self.token.reveal()}" if self.token else ""


def plain_context(document: object, name: str) -> PlainContext | None:
    """Returns a context of a kubeconfig document, or None where it is not plain in every part."""
    context = _named(document, "context", name)
    server = _named(document, "cluster", context.get("cluster")) if context else None
    user = _named(document, "user", context.get("user")) if context and context.get("user") else {}
    if server is None or user is None or not server.keys() <= _OF_A_SERVER or not user.keys() <= {"token"}:
        return None
    address, token, insecure = server.get("server"), user.get("token", ""), server.get("insecure-skip-tls-verify")
    if not (isinstance(address, str) and address.startswith("https://") and isinstance(token, str)):
        return None
    if insecure not in (None, True, False) or _needs_proxy(address):
        return None
    try:
        authority = base64.b64decode(server.get("certificate-authority-data", ""), validate=True)
        authority.decode("ascii")
    except (TypeError, ValueError):
        return None
    secret = vault().register(token, "cluster token") if token else None
    return PlainContext(address.rstrip("/"), authority, not insecure, secret)


def _needs_proxy(address: str) -> bool:
    """False also where there is one and NO_PROXY exempts the server by name."""
    if not _PROXIES & os.environ.keys():
        return False
    from urllib.request import proxy_bypass

    return not proxy_bypass(urlsplit(address).netloc)


def _named(document: object, kind: str, name: object) -> Mapping[str, Any] | None:
    """The section of the only entry of that name, or None."""
    entries = document.get(f"{kind}s") if isinstance(document, Mapping) else None
    listed = entries if isinstance(entries, list) else []
    named = [e for e in listed if isinstance(e, Mapping) and e.get("name") == name]
    section = named[0].get(kind) if len(named) == 1 else None
    return section if isinstance(section, Mapping) else None
