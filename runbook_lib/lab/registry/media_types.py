"""The media types of manifests, image indexes and blobs, and what a client's Accept header admits of them."""

from __future__ import annotations

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"

INDEXES = frozenset({DOCKER_LIST, OCI_INDEX})


def accepts(accept: str, media_type: str) -> bool:
    """Returns whether an Accept header admits the type; an absent one and `*/*` admit every type."""
    offered = {part.split(";")[0].strip().lower() for part in accept.split(",") if part.strip()}
    return not offered or bool(offered & {media_type, "*/*", "application/*"})
