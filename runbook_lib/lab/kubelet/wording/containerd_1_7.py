"""The words of containerd 1.7 (seen: 1.7.34 under kubelet 1.32)."""

from __future__ import annotations

import hashlib

from runbook_lib.lab.kubelet.failure import (
    DiskFull,
    Failure,
    HttpFailure,
    KeyringBroken,
    LimitExceeded,
    ManifestUnsupported,
    Phase,
    PlatformMissing,
    Rejected,
    TransportFailure,
)
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.wording import go
from runbook_lib.lab.kubelet.wording.said import Said

DENIED = "pull access denied, repository does not exist or may require authorization"


def say(image: ImageName, failure: Failure) -> Said:
    """Words one failure of a pull of `image`."""
    start = f'failed to pull and unpack image "{image.canonical}": '
    match failure:
        case KeyringBroken(words):
            return Said(words)
        case LimitExceeded():
            return Said("pull QPS exceeded")
        case Rejected():
            return Said(f"{start}image verifier blocked pull of {image.canonical}")
        case HttpFailure(phase=Phase.RESOLVE | Phase.TOKEN) | TransportFailure(phase=Phase.RESOLVE | Phase.TOKEN):
            said = resolving(image, failure)
            return Said(f'{start}failed to resolve reference "{image.canonical}": {said.text}', said.code)
        case HttpFailure() | TransportFailure():
            said = _fetching(failure)
            return Said(f"{start}failed to copy: httpReadSeeker: failed open: {said.text}", said.code)
        case PlatformMissing():
            return Said(f"{start}no match for platform in manifest: not found", "NotFound")
        case ManifestUnsupported(media_type, digest):
            unpack = "failed to unpack image on snapshotter overlayfs"
            return Said(f"{start}{unpack}: unexpected media type {media_type} for {digest}: not found", "NotFound")
        case DiskFull(digest):
            where = f"/var/lib/containerd/tmpmounts/containerd-mount{mount_number(digest)}/usr/lib/os-release"
            return Said(f"{start}failed to extract layer {digest}: write {where}: no space left on device: unknown")


def resolving(image: ImageName, failure: HttpFailure | TransportFailure) -> Said:
    """Words what went wrong before the manifest's digest was known."""
    if failure.phase is Phase.TOKEN:
        token = "oauth token" if failure.credential_sent else "anonymous token"
        error = go.request_error(failure) if isinstance(failure, TransportFailure) else unexpected_status(failure)
        return Said(f"failed to authorize: failed to fetch {token}: {error}")
    if isinstance(failure, TransportFailure):
        return Said(f"failed to do request: {go.request_error(failure)}")
    if failure.code == 404:
        return Said(f"{image.canonical}: not found", "NotFound")
    if failure.code == 401 and failure.challenge_error:
        return Said(f"{DENIED}: server message: {failure.challenge_error}: authorization failed")
    if failure.code == 401 and not failure.credential_sent:
        return Said(f"{DENIED}: authorization failed: no basic auth credentials")
    return Said(unexpected_status(failure))


def unexpected_status(failure: HttpFailure) -> str:
    """Words an answer that was neither success nor understood."""
    return f"unexpected status from {failure.method} request to {failure.url}: {failure.status}"


def _fetching(failure: HttpFailure | TransportFailure) -> Said:
    if isinstance(failure, TransportFailure):
        return Said(f"failed to do request: {go.request_error(failure)}")
    if failure.code == 404:
        return Said(f"content at {failure.url} not found: not found", "NotFound")
    words = f"unexpected status code {failure.url}: {failure.status}"
    own = go.registry_error(failure.errors)
    return Said(f"{words} - Server message: {own}" if own else words)


def mount_number(digest: str) -> int:
    """Gives a temporary mount the number that it has in the words, the same for the same layer."""
    return int(hashlib.sha256(digest.encode()).hexdigest()[:8], 16)


def say_sandbox(image: str, words: str, sandbox: str) -> str:
    """Words a pod sandbox that could not be made because its image could not be pulled."""
    image_words = f'failed to get sandbox image "{image}": failed to pull image "{image}": {words}'
    return f'failed to start sandbox "{sandbox}": {image_words}'
