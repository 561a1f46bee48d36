"""The hosts, addresses and image references that a message names.

They are taken out before any word is weighed: a repository may well be called ``unauthorized``.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from .clean import lowered

BLANK, ASKED = "\x01", "\x02"
"""What overwrites a name; an address that was asked ends with the second."""

_HUB_HOSTS = frozenset(
    {
        "registry-1.docker.io", "index.docker.io", "auth.docker.io", "registry.hub.docker.com",
        "hub.docker.com",
        "production.cloudflare.docker.com", "production.cloudfront.docker.com", "docker.com",
    }
)  # fmt: skip
_WRAPPING = "\"'`([{<,;"
_OPENING = "\"'`=([{"
_TRANSPORTS = ("docker", "oci", "containers")
_CLOSING = re.compile(r"[\"'`)\]}<>]")
_TRAILING = "\"'`:,;.)]}>\\"
_NOT_HOSTS = ("application/", "text/", "image/")
_LONGEST = 1024
_ASKING = (
    "get ",
    "head ",
    "post ",
    "request to ",
    "status code ",
    "put ",
    "endpoint ",
    "host ",
    'get "',
    'head "',
    'endpoint "',
)
_TOKEN_PATHS = ("/jwt/auth", "/v2/auth", "/oauth2/exchange")
_PINGS = ("/v2/", "/v2", "/v1/_ping", "/v0/")


class Endpoint(StrEnum):
    """Which part of a registry an address belongs to."""

    PING = "ping"
    TOKEN = "token"  # noqa: S105
    MANIFEST = "manifest"
    BLOB = "blob"
    ELSEWHERE = "elsewhere"


class Address(NamedTuple):
    """One http(s) address of a message, with where it stands in the text."""

    url: str
    host: str
    path: str
    endpoint: Endpoint
    start: int
    end: int
    shouted: bool = False
    """The method before it is in capitals: the library that writes so names no user in the address."""

    @property
    def image(self) -> str | None:
        """Gives the image that a manifest's address asks for."""
        path = self.path.partition("?")[0]
        if not path.startswith("/v2/") or "/manifests/" not in path:
            return None
        repository, _, reference = path[4:].partition("/manifests/")
        joint = "@" if ":" in reference else ":"
        return f"{registry_of(self.host)}/{repository}{joint}{reference}"


class Names(NamedTuple):
    """What of a text is a name, and the text with all of it blanked out."""

    addresses: tuple[Address, ...]
    """The addresses that were asked; pages that a message merely points to are left out."""
    references: tuple[str, ...]
    pages: tuple[str, ...]
    """The addresses, without scheme, that a message points the reader to."""
    text: str
    """The lower-case text at its own length, names overwritten."""


def read_names(text: str, low: str) -> Names:
    """Finds every address and every reference with a host in one pass over the words of the text."""
    if "/" not in text:
        return Names((), (), (), low)
    addresses: list[Address] = []
    references: list[str] = []
    pages: list[str] = []
    pieces: list[str] = []
    done = 0
    slash = text.find("/")
    while slash >= 0:
        start, end = text.rfind(" ", done, slash) + 1 or done, text.find(" ", slash)
        word = text[start : end if end >= 0 else len(text)]
        span = _name_in(word)
        if span is not None:
            first, last, scheme_end = span
            name, blank = word[first:last], BLANK * (last - first)
            if not scheme_end or name.startswith(_TRANSPORTS):
                references.append(name[scheme_end:])
            else:
                address = _address(name, scheme_end, start + first, text[max(0, start + first - 5) : start + first])
                asked = address.endpoint is not Endpoint.ELSEWHERE or low.endswith(_ASKING, 0, start + first)
                if asked:
                    addresses.append(address)
                    blank = blank[:-1] + ASKED
                else:
                    pages.append(name[scheme_end:])
            pieces += low[done : start + first], blank
            done = start + last
        slash = text.find("/", end) if end >= 0 else -1
    if not pieces:
        return Names((), (), (), low)
    pieces.append(low[done:])
    return Names(tuple(addresses), tuple(references), tuple(pages), "".join(pieces))


def without(names: Names, image: str | None) -> Names:
    """Blanks out an image that has no host, which only its place in the sentence shows to be a name."""
    if image is None or image.isspace():
        return names
    name = lowered(image) if "/" in image or ":" in image else f'"{lowered(image)}"'
    return names._replace(text=names.text.replace(name, BLANK * len(name))) if name in names.text else names


def registry_of(host: str) -> str:
    """Gives the registry that a host serves: Docker Hub answers under several names."""
    return "docker.io" if host.lower() in _HUB_HOSTS else host


def host_of_image(image: str) -> str:
    """Gives the host part as the runtimes read it: a first part without dot, colon or ``localhost`` is
    none."""
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return registry_of(first)
    return "docker.io"


def bare_reference(word: str) -> str:
    """Strips what a sentence puts around a reference."""
    return word[:_LONGEST].lstrip(_WRAPPING).rstrip(_TRAILING).removeprefix("docker://").removeprefix("//")


def _name_in(word: str) -> tuple[int, int, int] | None:
    """Gives start, end and length of the scheme of the name in one word; None for a mere slash."""
    scheme = word.find("://")
    if scheme >= 0:
        first = scheme
        while first and word[first - 1].isalpha() and scheme - first < 24:
            first -= 1
        literal = word.find("]", scheme) if word.startswith("[", scheme + 3) else -1
        last = _end(word, literal + 1 if literal > 0 else scheme + 3)
        return (first, last, scheme + 3 - first) if last > scheme + 3 else None
    slash = word.find("/")
    first = 0
    for mark in _OPENING:
        if mark in word:
            first = max(first, word.rfind(mark, 0, slash) + 1)
    host = word[first:slash]
    if not host or not ("." in host or ":" in host or host == "localhost") or host[0] in "./":
        return None
    if word.startswith(_NOT_HOSTS, first) or ". " in host:
        return None
    last = _end(word, slash)
    return (first, last, 0) if last > slash else None


def _end(word: str, after: int) -> int:
    """A name ends at a quote or bracket, or before the sentence's own colon, comma or full stop."""
    found = _CLOSING.search(word, after)
    if found is not None and found.start() == after and found.group() in "<>":
        found = _CLOSING.search(word, after + 1)
    last = found.start() if found is not None else len(word)
    while last > after and word[last - 1] in _TRAILING:
        last -= 1
    return last


def _address(url: str, scheme_end: int, start: int, before: str) -> Address:
    rest = url[scheme_end:]
    slash = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    host, path = rest[:slash].rpartition("@")[2], rest[slash:]
    return Address(url, host, path, _endpoint(path), start, start + len(url), "GET " in before)


def _endpoint(path_and_query: str) -> Endpoint:
    """Tells token server, manifest, blob and ping apart by the path alone."""
    path, _, query = path_and_query.partition("?")
    if "/manifests/" in path:
        return Endpoint.MANIFEST
    if "/blobs/" in path or "/images/sha256:" in path:
        return Endpoint.BLOB
    last = path.rstrip("/").rpartition("/")[2]
    if last in ("token", "access_token") or path.endswith(_TOKEN_PATHS) or "scope=" in query:
        return Endpoint.TOKEN
    return Endpoint.PING if path in _PINGS else Endpoint.ELSEWHERE
