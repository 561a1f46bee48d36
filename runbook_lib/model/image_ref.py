"""Image references: registry, repository, tag, digest, and what IBM Cloud's host names mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from docker_image.digest import InvalidDigest
from docker_image.reference import InvalidReference, Reference

DEFAULT_TAG = "latest"

# Region of each IBM Cloud Container Registry host ("" = the global registry).
# https://cloud.ibm.com/docs/Registry?topic=Registry-registry_overview
_ICR_REGIONS = {
    "": "global", "us": "us-south", "uk": "eu-gb", "de": "eu-de", "jp": "jp-tok", "au": "au-syd", "jp2": "jp-osa",
    "ca": "ca-tor", "br": "br-sao", "fr2": "eu-fr2", "es": "eu-es", "ca2": "ca-mon", "in": "in-che", "in2": "in-mum",
}  # fmt: skip
_BLUEMIX_PREFIX = {"": "", "ng": "us", "eu-de": "de", "eu-gb": "uk", "au-syd": "au"}
_ICR_HOST = re.compile(r"(?P<private>private\.)?(?:(?P<region>[a-z]{2}\d?)\.)?icr\.io")
_BLUEMIX_HOST = re.compile(
    r"registry(?:\.(?P<after>[a-z]{2}(?:-[a-z]+)?))?\.bluemix\.net|(?P<before>[a-z]{2}(?:-[a-z]+)?)\.registry\.bluemix\.net"
)

# Kubelet credential providers of the clouds, and OpenShift's global pull secret:
# https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
_LOGGED_IN_BY_NODES = re.compile(
    r"\d{12}\.dkr[.-]ecr[.-].+|.+\.azurecr\.[a-z]{2}|(?:.+\.)?gcr\.io|.+-docker\.pkg\.dev"
    r"|registry(?:\.connect)?\.redhat\.(?:io|com)"
)


class RegistryKind(StrEnum):
    """Who runs the registry behind a host, as far as its name tells."""

    ICR = "icr"  # IBM Cloud Container Registry, icr.io names
    ICR_LEGACY = "icr-legacy"  # the same registries by their bluemix.net names
    ICR_ENTITLED = "icr-entitled"  # cp.icr.io: IBM's entitled software
    OPENSHIFT_INTERNAL = "openshift-internal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RegistryHost:
    """A registry's host as an image names it, with its port where it has one."""

    name: str

    @property
    def host(self) -> str:
        """The host without its port."""
        return self.name.rpartition(":")[0] if re.search(r":\d+$", self.name) else self.name

    @property
    def kind(self) -> RegistryKind:
        """Who runs it, by its name."""
        if self.host == "cp.icr.io":
            return RegistryKind.ICR_ENTITLED
        if _ICR_HOST.fullmatch(self.host):
            return RegistryKind.ICR
        if _BLUEMIX_HOST.fullmatch(self.host):
            return RegistryKind.ICR_LEGACY
        if self.host.startswith("image-registry.openshift-image-registry.svc") or re.match(
            r"(docker-registry\.default\.svc|172\.30\.\d+\.\d+$|172\.21\.\d+\.\d+$)", self.host
        ):
            return RegistryKind.OPENSHIFT_INTERNAL
        return RegistryKind.OTHER

    @property
    def is_ibm(self) -> bool:
        """True for IBM Cloud Container Registry's own names, old and new (not for cp.icr.io)."""
        return self.kind in (RegistryKind.ICR, RegistryKind.ICR_LEGACY)

    @property
    def is_private(self) -> bool:
        """True for the names that resolve to IBM Cloud's private network."""
        match = _ICR_HOST.fullmatch(self.host)
        return bool(match and match["private"])

    @property
    def modern(self) -> str:
        """The icr.io name of the same registry (the host itself where it already is one, or is not IBM's)."""
        match = _BLUEMIX_HOST.fullmatch(self.host)
        if not match:
            return self.host
        prefix = _BLUEMIX_PREFIX.get(match["after"] or match["before"] or "")
        return self.host if prefix is None else f"{prefix}.icr.io".removeprefix(".")

    @property
    def region(self) -> str:
        """IBM Cloud's region behind the host (`global` for icr.io), or an empty string where none is known."""
        match = _ICR_HOST.fullmatch(self.modern)
        return _ICR_REGIONS.get(match["region"] or "", "") if match else ""

    @property
    def nodes_log_in(self) -> bool:
        """True where nodes commonly have a credential of their own: their cloud's registry, Red Hat's on OpenShift."""
        return bool(_LOGGED_IN_BY_NODES.fullmatch(self.host))

    def same_registry(self, other: RegistryHost) -> bool:
        """True where two names lead to the same registry: equal, or the old and the new name of one."""
        return self.name == other.name or (self.is_ibm and other.is_ibm and self.modern == other.modern)

    def __str__(self) -> str:
        """Returns host and port as they stand in the image."""
        return self.name


@dataclass(frozen=True, slots=True)
class ImageRef:
    """A parsed image reference, normalised as the container runtimes do (docker.io, library/, :latest)."""

    registry: RegistryHost
    repository: str
    tag: str
    digest: str

    @property
    def namespace(self) -> str:
        """The first part of the repository: the namespace of IBM Cloud's registry, the organisation elsewhere."""
        return self.repository.partition("/")[0]

    @property
    def locator(self) -> str:
        """`host/repository`, what the kubelet matches credentials against."""
        return f"{self.registry}/{self.repository}"

    @property
    def wanted(self) -> str:
        """What is asked of the registry: the digest where there is one, else the tag."""
        return self.digest or self.tag

    def with_registry(self, host: str) -> ImageRef:
        """Returns the same image by another name of its registry."""
        return ImageRef(RegistryHost(host), self.repository, self.tag, self.digest)

    def __str__(self) -> str:
        """Returns the reference in full."""
        tag = f":{self.tag}" if self.tag and not (self.digest and self.tag == DEFAULT_TAG) else ""
        return self.locator + tag + (f"@{self.digest}" if self.digest else "")


@dataclass(frozen=True, slots=True)
class Image:
    """An image as a container names it. A text that is no reference is a value too: `problem` says why."""

    text: str
    ref: ImageRef | None
    problem: str = ""


@lru_cache(maxsize=4096)
def parse_image(text: str) -> Image:
    """Parses an image reference with the distribution project's grammar; a tag defaults to `latest`.

    Never raises: what is wrong stands in `problem`, in the words that the runtimes use too.
    """
    try:
        parsed = Reference.parse_normalized_named(text)
    except (InvalidReference, InvalidDigest) as refused:
        return Image(text, None, str(refused) or type(refused).__name__)
    host, repository = parsed.split_hostname()
    digest = parsed["digest"] or ""
    tag = parsed["tag"] or ("" if digest else DEFAULT_TAG)
    return Image(text, ImageRef(RegistryHost(host), repository, tag, digest))
