"""The words of containerd 2.1, where they differ from those of 1.7: the transfer service pulls."""

from __future__ import annotations

from runbook_lib.lab.kubelet.failure import (
    DiskFull,
    Failure,
    HttpFailure,
    ManifestUnsupported,
    Phase,
    TransportFailure,
)
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.wording import containerd_1_7, go
from runbook_lib.lab.kubelet.wording.said import Said

_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
_GONE = "is no longer supported since containerd v2.0, please rebuild the image as"
_READABLE = '"application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.oci.image.manifest.v1+json"'


def say(image: ImageName, failure: Failure) -> Said:
    """Words one failure of a pull of `image`."""
    start = f'failed to pull and unpack image "{image.canonical}": '
    match failure:
        case HttpFailure(phase=Phase.RESOLVE | Phase.TOKEN) | TransportFailure(phase=Phase.RESOLVE | Phase.TOKEN):
            said = containerd_1_7.resolving(image, failure)
            return Said(f"{start}failed to resolve image: {said.text}", said.code)
        case HttpFailure(code=code) if code != 404:
            words = containerd_1_7.unexpected_status(failure)
            own = go.registry_error(failure.errors)
            joined = f"{words}\n{own}" if own else words
            return Said(f"{start}failed to copy: httpReadSeeker: failed open: {joined}")
        case ManifestUnsupported(media_type) if media_type == _SCHEMA_1:
            words = f'media type "{media_type}" {_GONE} {_READABLE}'
            return Said(f"{start}failed to resolve image: not implemented: {words}", "Unimplemented")
        case DiskFull(digest, media_type):
            number = containerd_1_7.mount_number(digest)
            snapshot = f"/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/{number % 900 + 20}/fs"
            layer = f'layer ({media_type} {digest}) to overlayfs as "extract-{number}-Xb7Q {digest}"'
            full = f"write {snapshot}/usr/lib/os-release: no space left on device"
            return Said(f"{start}failed to extract {layer}: {full}")
        case _:
            return containerd_1_7.say(image, failure)
