"""One pull over the wire, as containerd or CRI-O makes it: resolve, authorize, manifest, configuration,
layers.

Source: the OCI distribution specification ("Pulling manifests", "Pulling blobs") and the token authentication
specification of the distribution project; containerd asks for the manifest's head at once and posts its
credential; containers/image pings first and sends Basic.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from runbook_lib.lab.kubelet.failure import (
    DiskFull,
    Failure,
    HttpFailure,
    LimitExceeded,
    ManifestUnsupported,
    Phase,
    PlatformMissing,
    Pulled,
    Rejected,
)
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.keyring import Credential
from runbook_lib.lab.kubelet.node import NodeState
from runbook_lib.lab.kubelet.registry_session import PullEndedError, RegistrySession

INDEXES = (
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
)
MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
)
IMAGE_CONFIGS = (
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.oci.image.config.v1+json",
)


@dataclass(frozen=True, slots=True)
class Puller:
    """Pulls for one node, over a session that leads to the lab's registries."""

    session: requests.Session
    node: NodeState

    def pull(self, image: ImageName, credential: Credential | None) -> Pulled | Failure:
        """Pulls `image` once with one credential, or anonymously; a failure is a value."""
        if self.node.pulls_limited:
            return LimitExceeded()
        sent = credential if credential is not None and credential.usable else None
        registry = RegistrySession(self.session, self.node, image, sent)
        try:
            return self._steps(registry, image)
        except PullEndedError as ended:
            return ended.failure

    def _steps(self, registry: RegistrySession, image: ImageName) -> Pulled:
        if self.node.runtime == "cri-o":
            registry.ping()
        method = "GET" if self.node.runtime == "cri-o" else "HEAD"
        head = registry.request(method, f"manifests/{image.version}", Phase.RESOLVE)
        digest = head.headers.get("Docker-Content-Digest", image.version)
        if digest == image.version and not digest.startswith("sha256:"):
            raise PullEndedError(_unresolved(head, image))
        media_type, manifest = self._manifest(registry, digest)
        rule = self.node.rule_for(image.repository)
        if rule is not None:
            raise PullEndedError(Rejected(rule))
        if media_type in INDEXES:
            child = self._choose(manifest, media_type)
            media_type, manifest = self._manifest(registry, child)
        config, layers = manifest.get("config") or {}, manifest.get("layers") or []
        if media_type not in MANIFESTS or config.get("mediaType") not in IMAGE_CONFIGS:
            raise PullEndedError(ManifestUnsupported(_unreadable(media_type, config), digest))
        self._configuration(registry, config, media_type)
        for layer in layers:
            registry.blob(layer["digest"], Phase.LAYER)
            if self.node.disk_full:
                raise PullEndedError(DiskFull(layer["digest"], layer.get("mediaType", "")))
        size = sum(int(part.get("size", 0)) for part in (config, *layers))
        return Pulled(digest, size)

    def _manifest(self, registry: RegistrySession, digest: str) -> tuple[str, dict[str, Any]]:
        answer = registry.request("GET", f"manifests/{digest}", Phase.MANIFEST, digest)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        try:
            manifest = json.loads(answer.content)
        except ValueError:
            manifest = None
        if not isinstance(manifest, dict):
            raise PullEndedError(ManifestUnsupported(media_type, digest))
        return media_type, manifest

    def _choose(self, index: Mapping[str, Any], media_type: str) -> str:
        for entry in index.get("manifests") or []:
            platform = entry.get("platform") or {}
            if (platform.get("os"), platform.get("architecture")) == (self.node.os, self.node.architecture):
                return str(entry["digest"])
        raise PullEndedError(PlatformMissing(self.node.architecture, self.node.os, media_type))

    def _configuration(self, registry: RegistrySession, config: Mapping[str, Any], media_type: str) -> None:
        answer = registry.blob(str(config["digest"]), Phase.CONFIG)
        if self.node.runtime == "cri-o":
            return  # containers/image looks at the platforms of an index only
        try:
            content = json.loads(answer.content)
        except ValueError:
            content = {}
        architecture = content.get("architecture", self.node.architecture)
        os = content.get("os", self.node.os)
        if (architecture, os) != (self.node.architecture, self.node.os):
            raise PullEndedError(PlatformMissing(self.node.architecture, self.node.os, media_type))


def _unreadable(media_type: str, config: Mapping[str, Any]) -> str:
    return str(config.get("mediaType") or media_type) if media_type in MANIFESTS else media_type


def _unresolved(head: requests.Response, image: ImageName) -> HttpFailure:
    return HttpFailure(Phase.RESOLVE, "HEAD", head.url, 404, "404 Not Found", digest=image.version)
