"""Makes real image content from its description: small layers, true digests, byte for byte the same at every
start.

Clients verify digests and unpack layers; nothing less than a real image lets skopeo, docker and containerd
through.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field
from functools import lru_cache

from runbook_lib.lab.registry.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_LIST,
    DOCKER_MANIFEST,
    DOCKER_SCHEMA1,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_MANIFEST,
)
from runbook_lib.lab.registry.state import Image, Repository


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest or image index as it is served; `platform` is empty for an index."""

    media_type: str
    body: bytes
    platform: str = ""

    @property
    def digest(self) -> str:
        """The digest of the bytes as served."""
        return digest_of(self.body)


@dataclass(frozen=True, slots=True)
class Content:
    """The built form of an image: `top` is what its tag names; an index's children are in `manifests` too."""

    top: Manifest
    manifests: dict[str, Manifest]
    blobs: dict[str, bytes] = field(repr=False)


def digest_of(data: bytes) -> str:
    """Returns the sha256 digest in the form of the distribution API."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@lru_cache(maxsize=1024)
def build(image: Image, name: str) -> Content:
    """Returns the content of an image; `name` stands in for an absent seed."""
    seed = image.seed or name
    if image.format == "schema1":
        top = Manifest(DOCKER_SCHEMA1, _json({"schemaVersion": 1, "name": seed, "tag": "1", "fsLayers": []}))
        return Content(top, {top.digest: top}, {})
    blobs: dict[str, bytes] = {}
    children = [_single(image, platform, seed, blobs) for platform in image.platforms]
    top = _index(image, children) if image.index or len(children) > 1 else children[0]
    return Content(top, {manifest.digest: manifest for manifest in (*children, top)}, blobs)


def tagged(repository: Repository, name: str) -> dict[str, Content]:
    """Returns the content behind each tag of a repository called `name`."""
    return {tag: build(image or Image(), f"{name}:{tag}") for tag, image in repository.tags.items()}


def untagged(repository: Repository, name: str) -> list[Content]:
    """Returns the content of the images that no tag names."""
    return [build(image, f"{name}#{place}") for place, image in enumerate(repository.untagged)]


def _single(image: Image, platform: str, seed: str, blobs: dict[str, bytes]) -> Manifest:
    oci = image.format == "oci"
    layers = [_layer(f"{seed} {platform} {number}") for number in range(image.layers)]
    config = _config(image, platform, [plain for plain, _ in layers])
    packed = [data for _, data in layers]
    blobs.update({digest_of(data): data for data in (config, *packed)})
    body = _json(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST if oci else DOCKER_MANIFEST,
            "config": _descriptor(OCI_CONFIG if oci else DOCKER_CONFIG, config),
            "layers": [_descriptor(OCI_LAYER if oci else DOCKER_LAYER, data) for data in packed],
        }
    )
    return Manifest(OCI_MANIFEST if oci else DOCKER_MANIFEST, body, platform)


def _index(image: Image, children: list[Manifest]) -> Manifest:
    media_type = OCI_INDEX if image.format == "oci" else DOCKER_LIST
    manifests = [
        {**_descriptor(child.media_type, child.body), "platform": _platform(child.platform)} for child in children
    ]
    return Manifest(media_type, _json({"schemaVersion": 2, "mediaType": media_type, "manifests": manifests}))


def _layer(text: str) -> tuple[str, bytes]:
    """Returns the digest of the plain tar and the packed tar of a layer that holds one file."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        data = f"practice lab: {text}\n".encode()
        member = tarfile.TarInfo("etc/practice-lab")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return digest_of(archive.getvalue()), gzip.compress(archive.getvalue(), mtime=0)


def _config(image: Image, platform: str, diff_ids: list[str]) -> bytes:
    return _json(
        {
            "created": image.created,
            **_platform(platform),
            "config": {"Cmd": ["/bin/app"]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
            "history": [{"created": image.created, "created_by": "practice lab"} for _ in diff_ids],
        }
    )


def _platform(text: str) -> dict[str, str]:
    os, architecture, *variant = text.split("/")
    return {"os": os, "architecture": architecture, **({"variant": variant[0]} if variant else {})}


def _descriptor(media_type: str, data: bytes) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data)}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()
