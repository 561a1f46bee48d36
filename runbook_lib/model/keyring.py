"""Which entries of which pull secrets the kubelet sends for an image.

As in Kubernetes' pkg/credentialprovider/keyring.go: a scheme and /v1/, /v2/ are stripped; each
dot-separated part of the host may be a glob; ports must be equal; a path is a plain string prefix; keys
are tried in reverse order; every match is tried, and no match means an anonymous pull.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.pull_secret import PullSecret, RegistryEntry

_DEFAULT_REGISTRY_KEY = "index.docker.io"
_SCHEME = re.compile(r"^https?://")


@dataclass(frozen=True, slots=True)
class Match:
    """One credential that the kubelet would try for an image, and where it stands."""

    secret: PullSecret
    entry: RegistryEntry


def normalise_key(key: str) -> str:
    """Returns a registry key as the kubelet indexes it: no scheme, no /v1/ or /v2/, host and path."""
    rest = _SCHEME.sub("", key)
    host, slash, path = rest.partition("/")
    path = slash + path
    if path.startswith(("/v1/", "/v2/")):
        path = path[3:]
    return host + (path if path != "/" else "")


def key_matches(key: str, image: ImageRef) -> bool:
    """True where a registry key covers an image."""
    return _matches(normalise_key(key), image.locator)


def _host_and_port(netloc: str) -> tuple[str, str]:
    host, colon, port = netloc.rpartition(":")
    return (host, port) if colon and port.isdigit() else (netloc, "")


def _matches(key: str, target: str) -> bool:
    try:
        wanted, got = urlsplit("//" + key), urlsplit("//" + target)
    except ValueError:
        return False
    (glob_host, glob_port), (host, port) = _host_and_port(wanted.netloc), _host_and_port(got.netloc)
    glob_parts, parts = glob_host.split("."), host.split(".")
    return (
        glob_port == port
        and len(glob_parts) == len(parts)
        and got.path.startswith(wanted.path)
        and all(fnmatch.fnmatchcase(part, glob) for glob, part in zip(glob_parts, parts, strict=True))
    )


def lookup(secrets: Iterable[PullSecret], image: ImageRef) -> tuple[Match, ...]:
    """Returns every credential the kubelet would try, in its order.

    Secrets that it passes over (type and key do not agree) are left out; whether one of them breaks the
    whole keyring is `PullSecret.breaks_keyring`, which the caller asks first.
    """
    indexed: dict[str, list[Match]] = {}
    for secret in secrets:
        if secret.is_read_by_kubelet and secret.fault is None:
            for entry in secret.entries:
                indexed.setdefault(normalise_key(entry.key), []).append(Match(secret, entry))
    found = [m for key in sorted(indexed, reverse=True) if _matches(key, image.locator) for m in indexed[key]]
    if not found and image.registry.host == "docker.io":
        found = indexed.get(_DEFAULT_REGISTRY_KEY, [])
    return tuple(found)
