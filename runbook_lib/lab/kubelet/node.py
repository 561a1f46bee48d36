"""The node on which a scenario's pods run: its platform, its runtime, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from runbook_lib.lab.kubelet.failure import Rejection, Transport

RUNTIMES = ("containerd 1.7", "containerd 2", "cri-o")
_VERSIONS = {
    "containerd 1.7": "containerd://1.7.34",
    "containerd 2": "containerd://2.1.4",
    "cri-o": "cri-o://1.32.9",
}


@dataclass(frozen=True, slots=True)
class NetworkFault:
    """Why the node does not reach a host; `certificate_name` is whose certificate answers in its place."""

    reason: Transport
    certificate_name: str = ""


@dataclass(frozen=True, slots=True)
class NodeState:
    """Everything about a node that decides how a pull from it goes.

    `network` maps a host to the fault of the way to it, `policy` a repository prefix to the rule that refuses
    it; `images` are on the node already; `sandbox_image` is the image of the pod's pause container;
    `cold_cache` says that the kubelet began before it had read the secrets.
    """

    name: str = "worker-1"
    runtime: str = "containerd 1.7"
    kubelet: str = "v1.32.13"
    architecture: str = "amd64"
    os: str = "linux"
    network: Mapping[str, NetworkFault] = field(default_factory=lambda: MappingProxyType({}))
    policy: Mapping[str, Rejection] = field(default_factory=lambda: MappingProxyType({}))
    disk_full: bool = False
    pulls_limited: bool = False
    images: frozenset[str] = frozenset()
    sandbox_image: str = ""
    cold_cache: bool = False

    @property
    def runtime_version(self) -> str:
        """Names the runtime as a node's status does ("containerd://1.7.34")."""
        return _VERSIONS[self.runtime]

    @property
    def container_scheme(self) -> str:
        """Gives the prefix of container ids ("containerd", "cri-o")."""
        return self.runtime_version.partition(":")[0]

    @property
    def kubelet_minor(self) -> int:
        """Gives the kubelet's minor version, on which its wording depends."""
        return int(self.kubelet.lstrip("v").split(".")[1])

    def rule_for(self, repository: str) -> Rejection | None:
        """Finds the policy that refuses a repository: the longest prefix speaks."""
        matching = [prefix for prefix in self.policy if repository.startswith(prefix)]
        return self.policy[max(matching, key=len)] if matching else None
