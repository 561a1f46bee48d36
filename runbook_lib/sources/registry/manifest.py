"""Manifests: an index of platforms, or one image, or what the container runtimes do not read.

Sources: the OCI image specification; Docker's image manifest version 2, schema 2.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from runbook_lib.sources.registry.platform import Platform, normalise
from runbook_lib.sources.registry.transport import Reply
from runbook_lib.sources.registry.wording import clean

_INDEX = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_IMAGE = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
ACCEPT = ", ".join((*_INDEX, *_IMAGE, "*/*"))  # as containerd asks
_NO_TYPE = ("", "application/json", "text/plain", "application/octet-stream")
_LONGEST_PART = 20  # characters of an architecture's name
_MOST_ENTRIES = 500
_MOST_PLATFORMS = 40  # that are listed
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Descriptor:
    """An entry of an index; `platform` is None where it does not say."""

    digest: str
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class ImageIndex:
    """A manifest that lists manifests."""

    digest: str
    entries: tuple[Descriptor, ...]

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that it offers, each once, attestations left out."""
        known = dict.fromkeys(str(e.platform) for e in self.entries if e.platform and e.platform.known)
        return tuple(known)[:_MOST_PLATFORMS]


@dataclass(frozen=True, slots=True)
class ImageManifest:
    """A manifest of one image; `config` is the digest of its configuration."""

    digest: str
    config: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A manifest that cannot be used: of a kind that the runtimes do not read, or not a manifest at all."""

    why: str
    unsupported: bool = False
    digest: str = ""


Manifest = ImageIndex | ImageManifest | Unreadable


def parse_manifest(reply: Reply, wanted_digest: str = "") -> Manifest:
    """Reads a successful answer; never raises. The content must have `wanted_digest` where that is sha256."""
    if reply.flaw or reply.is_html:
        return Unreadable(reply.flaw or "a web page in place of a manifest")
    digest = "sha256:" + hashlib.sha256(reply.body).hexdigest()
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError):
        return Unreadable("the manifest is not JSON")
    if not isinstance(document, dict):
        return Unreadable("the manifest is not a JSON object")
    declared = document.get("mediaType") or reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if document.get("schemaVersion") == 1 or ".distribution.manifest.v1+" in str(declared):
        return Unreadable("the manifest is of schema 1", unsupported=True, digest=digest)
    if wanted_digest.startswith("sha256:") and wanted_digest != digest:
        return Unreadable("the content does not have the digest that was asked for")
    if not isinstance(declared, str):
        return Unreadable("the manifest's media type is not a text")
    if declared not in (*_INDEX, *_IMAGE, *_NO_TYPE):
        return Unreadable("the manifest is of a media type that is not an image's", unsupported=True, digest=digest)
    if declared in _INDEX or (declared in _NO_TYPE and "manifests" in document):
        return _index(document, digest)
    config = _digest(document.get("config"))
    if not config or not isinstance(document.get("layers"), list):
        return Unreadable("the manifest has no configuration or no layers")
    return ImageManifest(digest, config)


def _index(document: dict[str, object], digest: str) -> Manifest:
    listed = document.get("manifests")
    if not isinstance(listed, list):
        return Unreadable("the image index has no list of manifests")
    if len(listed) > _MOST_ENTRIES:
        return Unreadable(f"the image index lists more than {_MOST_ENTRIES} manifests")
    entries = tuple(
        Descriptor(found, _platform(entry.get("platform"))) for entry in listed if (found := _digest(entry))
    )
    return ImageIndex(digest, entries) if entries or not listed else Unreadable("the image index is not readable")


def _digest(descriptor: object) -> str:
    digest = descriptor.get("digest") if isinstance(descriptor, dict) else None
    return digest if isinstance(digest, str) and _DIGEST.fullmatch(digest) else ""


def _platform(value: object) -> Platform | None:
    if not isinstance(value, dict):
        return None
    parts = [value.get(name, "") for name in ("os", "architecture", "variant")]
    if not all(isinstance(part, str) for part in parts):
        return None
    return normalise(*(clean(part, _LONGEST_PART) for part in parts))


def config_platform(body: bytes) -> Platform | None:
    """Returns the platform that an image's configuration states; None where it is not readable."""
    try:
        return _platform(json.loads(body))
    except (ValueError, RecursionError):
        return None
