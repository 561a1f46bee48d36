"""The values that a pull error is parsed into: what one message says, and what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What one message says; the same twenty names in reports, JSON and tests."""

    UNAUTHORIZED = "unauthorized"
    ACCESS_DENIED = "access_denied"
    MISSING_SECRET = "missing_secret"  # noqa: S105
    INVALID_SECRET = "invalid_secret"  # noqa: S105
    NOT_FOUND_REPO_OR_TAG = "not_found_repo_or_tag"
    PLATFORM_MISMATCH = "platform_mismatch"
    MANIFEST_UNSUPPORTED = "manifest_unsupported"
    INVALID_IMAGE_NAME = "invalid_image_name"
    NEVER_PULL = "never_pull"
    QUOTA_EXCEEDED = "quota_exceeded"
    RATE_LIMITED = "rate_limited"
    DNS = "dns"
    CONNECTION_REFUSED = "connection_refused"
    NETWORK_TIMEOUT = "network_timeout"
    TLS_UNTRUSTED = "tls_untrusted"
    SERVER_ERROR = "server_error"
    DISK_FULL = "disk_full"
    IMAGE_POLICY_DENIED = "image_policy_denied"
    SIGNATURE = "signature"
    OTHER = "other"


class Phase(StrEnum):
    """How far the pull came, in the order in which a pull proceeds (admission stands before all)."""

    NAME = "name"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TOKEN = "token"  # noqa: S105
    MANIFEST = "manifest"
    PLATFORM = "platform"
    BLOB = "blob"
    UNPACK = "unpack"
    VERIFY = "verify"
    ADMISSION = "admission"


class CredentialSent(StrEnum):
    """Whether the message tells that a credential was offered to the registry."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Runtime(StrEnum):
    """Who wrote the telling words; the kubelet where no runtime was asked."""

    CONTAINERD = "containerd"
    CRI_O = "cri-o"
    DOCKER = "docker"
    KUBELET = "kubelet"
    UNKNOWN = "unknown"


class Detail(StrEnum):
    """What the words tell beyond the kind, where a diagnosis needs it apart."""

    TLS_UNKNOWN_AUTHORITY = "tls-unknown-authority"
    TLS_NAME_MISMATCH = "tls-name-mismatch"
    TLS_EXPIRED = "tls-expired"
    TLS_PLAIN_HTTP = "tls-plain-http"
    TLS_HANDSHAKE = "tls-handshake"
    PULL_TRAFFIC_QUOTA = "pull-traffic-quota"
    STORAGE_QUOTA = "storage-quota"
    KUBELET_QPS = "kubelet-qps"
    PRIVATE_ONLY = "private-only"
    NETWORK_RESTRICTED = "network-restricted"
    CREDENTIAL_REFUSED = "credential-refused"
    CREDENTIAL_EXPIRED = "credential-expired"
    LOGIN_OR_ACCOUNT = "login-or-account"
    AUTH_METHOD_UNSUPPORTED = "auth-method-unsupported"
    SECRET_UNPARSABLE = "secret-unparsable"  # noqa: S105
    INSUFFICIENT_SCOPE = "insufficient-scope"
    MAY_NOT_EXIST = "may-not-exist"
    REPOSITORY_UNKNOWN = "repository-unknown"
    MANIFEST_UNKNOWN = "manifest-unknown"
    SHORT_NAME = "short-name"
    REGISTRY_BLOCKED = "registry-blocked"
    PROXY = "proxy"
    NO_ROUTE = "no-route"
    CONNECTION_CUT = "connection-cut"
    RUNTIME_UNREACHABLE = "runtime-unreachable"
    CAUSE_NOT_IN_TEXT = "cause-not-in-text"
    NOT_A_PULL = "not-a-pull"


@dataclass(frozen=True, slots=True)
class PullError:
    """One message about a failed pull, read down to its innermost words.

    A message gives a kind, never a cause: the cause needs the cluster and the registry beside it.
    ``also`` therefore holds the kinds that the words cannot exclude, likeliest first.
    """

    kind: Kind
    also: tuple[Kind, ...]
    phase: Phase | None
    registry: str | None
    """The host (and port) that the image names; where no image is known, the host that was asked."""
    image: str | None
    """The image as the outermost layer writes it, which is how the pod writes it."""
    status: int | None
    """The HTTP status that the registry or its token endpoint gave."""
    code: str | None
    """The registry's own error code (``DENIED``, ``MANIFEST_UNKNOWN``) or OAuth's ``insufficient_scope``."""
    credential_sent: CredentialSent
    runtime: Runtime
    says: str
    summary: str
    layers: tuple[str, ...]
    """The wrappers that were peeled, outermost first, such as ``kubelet:pull`` or ``grpc:unknown``."""
    attempts: tuple[PullError, ...]
    """One a credential that the kubelet tried, in its order, where the message lists several."""
    truncated: bool
    """The message was cut before it came here, or was too long and only its two ends were read."""
    detail: Detail | None = None
    host: str | None = None
    """The host that was asked where the words name one: a mirror or a token server may differ."""

    @property
    def of_sandbox_image(self) -> bool:
        """Tells that the node's own pause image failed, not an image of the pod."""
        return "kubelet:sandbox" in self.layers
