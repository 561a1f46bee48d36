"""The words of CRI-O 1.32, whose pulls are made by the containers/image library."""

from __future__ import annotations

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
    Rejection,
    Transport,
    TransportFailure,
)
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.wording import containerd_1_7, go
from runbook_lib.lab.kubelet.wording.said import Said

_NOT_AN_ARTIFACT = "reference is a container image, not an OCI artifact"


def say(image: ImageName, failure: Failure) -> Said:
    """Words one failure of a pull of `image`; the first half is the cause, the second a second try as an
    artifact.
    """
    match failure:
        case KeyringBroken(words):
            return Said(words)
        case LimitExceeded():
            return Said("pull QPS exceeded")
    first, second = _image_error(image, failure), _artifact_error(image, failure)
    text = f"unable to pull image or OCI artifact: pull image err: {first}; artifact err: {second}"
    if isinstance(failure, TransportFailure) and failure.reason is Transport.REFUSED:
        return Said(f"RegistryUnavailable: {text}", reason="RegistryUnavailable")
    if isinstance(failure, Rejected):
        return Said(f"SignatureValidationFailed: {text}", reason="SignatureValidationFailed")
    return Said(text)


def _image_error(image: ImageName, failure: Failure) -> str:
    source = f"initializing source docker://{image.canonical}"
    match failure:
        case TransportFailure(phase=Phase.RESOLVE | Phase.TOKEN) | HttpFailure(phase=Phase.RESOLVE | Phase.TOKEN):
            return f"{source}: {_reading(image, failure)}"
        case TransportFailure(phase=Phase.MANIFEST) | HttpFailure(phase=Phase.MANIFEST):
            return f"{source}: {_reading(image, failure)}"
        case TransportFailure():
            return f"copying system image from manifest list: reading blob: {go.request_error(failure)}"
        case HttpFailure(phase=phase, digest=digest):
            what = "parsing image configuration" if phase is Phase.CONFIG else f"reading blob {digest}"
            return f"copying system image from manifest list: {what}: fetching blob: {_registry_words(failure)}"
        case PlatformMissing(architecture, os, media_type):
            kind = "manifest list" if "docker" in media_type else "image index"
            wanted = f'architecture "{architecture}", variant "", OS "{os}"'
            return f"choosing image instance: no image found in {kind} for {wanted}"
        case ManifestUnsupported(media_type):
            words = f'unimplemented manifest MIME type "{media_type}"'
            return f"parsing manifest of docker://{image.canonical}: {words}"
        case Rejected(rule):
            return f"copying system image from manifest list: Source image rejected: {_rejection(image, rule)}"
        case DiskFull(digest):
            file = f"/var/tmp/container_images_storage{containerd_1_7.mount_number(digest)}/1"  # noqa: S108
            full = f'storing blob to file "{file}": write {file}: no space left on device'
            return f"copying system image from manifest list: writing blob: {full}"
        case KeyringBroken(words):
            return words
        case LimitExceeded():
            return "pull QPS exceeded"


def _artifact_error(image: ImageName, failure: Failure) -> str:
    match failure:
        case (
            TransportFailure(phase=Phase.RESOLVE | Phase.TOKEN | Phase.MANIFEST)
            | HttpFailure(phase=Phase.RESOLVE | Phase.TOKEN | Phase.MANIFEST)
        ):
            return f"get manifest: build image source: {_reading(image, failure)}"
        case _:
            return f"image reference: {_NOT_AN_ARTIFACT}"


def _reading(image: ImageName, failure: TransportFailure | HttpFailure) -> str:
    if isinstance(failure, TransportFailure):
        ping = TransportFailure(
            failure.phase, failure.reason, "GET", f"https://{image.host}/v2/", False, failure.certificate_name
        )
        return f"pinging container registry {image.domain}: {go.request_error(ping)}"
    if failure.phase is Phase.TOKEN:
        return _token_words(failure)
    return f"reading manifest {image.version} in {image.repository}: {_registry_words(failure)}"


def _token_words(failure: HttpFailure) -> str:
    if failure.code == 401:
        own = go.registry_error(failure.errors) or "unauthorized"
        return f"unable to retrieve auth token: invalid username/password: {own}"
    if failure.code == 429:
        return "too many requests to registry"
    reason = failure.status.partition(" ")[2]
    return f"Requesting bearer token: invalid status code from registry {failure.code} ({reason})"


def _registry_words(failure: HttpFailure) -> str:
    if failure.errors:
        code, message = failure.errors[0]
        words = go.code_words(code)
        return words if message.lower() == words else f"{words}: {message}"
    by_code = {
        401: "authentication required",
        403: "denied",
        404: "manifest unknown",
        429: "too many requests to registry",
    }
    if failure.code in by_code:
        return by_code[failure.code]
    return f"received unexpected HTTP status: {failure.status}"


def _rejection(image: ImageName, rule: Rejection) -> str:
    if rule is Rejection.SIGNATURE:
        return "A signature was required, but no signature exists"
    return f"Running image docker://{image.canonical} is rejected by policy."


def say_sandbox(image: str, words: str, sandbox: str) -> str:
    """Words a pod sandbox that could not be made because its image could not be pulled."""
    return f'creating pod sandbox with name "{sandbox}": pulling image "{image}": {words}'
