"""Where a credential may go: the registry that it is for, and that registry's own token service.

A challenge names the address that wants the password. Whoever can answer for a registry could name any, so
a realm on another host, or without TLS, gets no credential. A few public registries are known to keep their
token service elsewhere; IBM's registry answers to many names of one domain.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from runbook_lib.model.image_ref import RegistryHost, RegistryKind

DOCKER_HUB = "registry-1.docker.io"
_TOKEN_SERVICES = {
    DOCKER_HUB: "auth.docker.io",
    "registry.gitlab.com": "gitlab.com",
}
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?\Z")
_IBM = (RegistryKind.ICR, RegistryKind.ICR_LEGACY, RegistryKind.ICR_ENTITLED)


def api_authority(registry: RegistryHost) -> str:
    """Returns host and port of a registry's API; Docker Hub's differs from the name in its images."""
    return DOCKER_HUB if registry.name in ("docker.io", "index.docker.io") else registry.name


def insecure(url: str, plain_http: frozenset[str]) -> str:
    """Says why no request may go to an address, or returns an empty string.

    `plain_http` holds the authorities (host, or host:port) that may be asked without TLS.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "not an address"
    if not host or not url.isprintable() or " " in url:
        return "not an address"
    if "@" in parts.netloc:
        return "an address with a user in it"
    if not _AUTHORITY.match(parts.netloc):  # readers differ on where the host ends in `https://one\.two/`
        return "not an address"
    if parts.scheme == "https" or (parts.scheme == "http" and parts.netloc in plain_http):
        return ""
    return f"{parts.scheme or 'no'} in place of https"


def same_operator(first: str, second: str) -> bool:
    """True where two hosts are one, or both are names of IBM Cloud's registry."""
    return first == second or (_is_ibm(first) and _is_ibm(second))


def may_receive(realm: str, registry: str) -> bool:
    """True where the token service at `realm` may see a credential that is for the host `registry`.

    The port may differ: what TLS vouches for is the host.
    """
    host = (urlsplit(realm).hostname or "").lower()
    return same_operator(host, registry) or _TOKEN_SERVICES.get(registry) == host


def _is_ibm(host: str) -> bool:
    return host.endswith(".icr.io") or RegistryHost(host).kind in _IBM
