"""The typed ways in which a pull can end; no words, which each runtime puts in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where in a pull something happened."""

    RESOLVE = "resolve"
    TOKEN = "token"  # noqa: S105
    MANIFEST = "manifest"
    CONFIG = "config"
    LAYER = "layer"


class Transport(StrEnum):
    """Why no answer came."""

    DNS = "dns-failure"
    REFUSED = "connection-refused"
    TIMEOUT = "network-timeout"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_NAME = "tls-name-mismatch"


class Rejection(StrEnum):
    """Which rule of the node refuses an image."""

    POLICY = "reject"
    SIGNATURE = "signature-required"


@dataclass(frozen=True, slots=True)
class TransportFailure:
    """The registry (or its token service) was not reached. `certificate_name` is whose certificate came
    instead.
    """

    phase: Phase
    reason: Transport
    method: str
    url: str
    credential_sent: bool = False
    certificate_name: str = ""


@dataclass(frozen=True, slots=True)
class HttpFailure:
    """The registry answered with a refusal or an error.

    `status` is the status line's end ("403 Forbidden"), `errors` the (code, message) pairs of the body,
    `challenge_error` the error that the challenge of a second 401 names, `digest` the content that was asked
    for.
    """

    phase: Phase
    method: str
    url: str
    code: int
    status: str
    errors: tuple[tuple[str, str], ...] = ()
    challenge_error: str = ""
    credential_sent: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PlatformMissing:
    """No manifest for the node's platform, in an index of media type `media_type` or in a single manifest."""

    architecture: str
    os: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ManifestUnsupported:
    """The registry holds a manifest of a type that the runtime does not read."""

    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class DiskFull:
    """The node has no room for a layer."""

    digest: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The node's own policy refuses the image."""

    rule: Rejection


@dataclass(frozen=True, slots=True)
class LimitExceeded:
    """The kubelet itself holds pulls back: too many in too short a time."""


@dataclass(frozen=True, slots=True)
class KeyringBroken:
    """A secret of the pod cannot be read; `words` are the kubelet's."""

    words: str


Failure = (
    TransportFailure
    | HttpFailure
    | PlatformMissing
    | ManifestUnsupported
    | DiskFull
    | Rejected
    | LimitExceeded
    | KeyringBroken
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """The image is on the node: its digest in the registry and its size in bytes."""

    digest: str
    size: int
