"""Scenarios of the practice lab: a folder with what the cluster holds, what the account holds, and what is
planted.

A folder holds `scenario.yaml` (this module), `manifests.yaml` (see `manifests`) and optionally `network.yaml`
(changes to the account and its registries, over the lab's base state).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from runbook_lib.lab.cause_ids import CAUSE_IDS
from runbook_lib.lab.kubelet.failure import Rejection, Transport
from runbook_lib.lab.kubelet.node import RUNTIMES, NetworkFault, NodeState
from runbook_lib.lab.manifests import ManifestError, Manifests, read_manifests

FOLDER = Path(__file__).parent / "scenarios"
Runtime = Literal["containerd 1.7", "containerd 2", "cri-o"]
Section = Literal["image-pull", "api-key", "token"]


class ScenarioError(ValueError):
    """A scenario's folder does not hold what a scenario is; the text names the file and the place."""


class Planted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cause of one container's failure; `also` are causes that hold as well, or that text cannot tell
    apart.

    A `container` of "" stands for the pod (nothing failing, or the pod as a whole).
    """

    cause: str
    container: str = ""
    also: list[str] = []


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wrong with the node's way to one host."""

    fault: Transport
    certificate_name: str = ""


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is particular about the node; see `NodeState`."""

    architecture: str = "amd64"
    network: dict[str, Way] = {}
    policy: dict[str, Rejection] = {}
    disk_full: bool = False
    pulls_limited: bool = False
    images: list[str] = []
    sandbox_image: str = ""
    cold_cache: bool = False


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One practice case: who meets it, what is wrong, and how it can be told.

    `story` is for the person practising: what they see, not why. `provable` says whether trying credentials
    against the registry can prove the cause. `pod` is a pod's name, or `deploy/NAME` and the like for a
    workload; `other_pods` fail beside it for reasons of their own. With `events_expired` nobody looked within
    the hour that events are kept.
    """

    title: str
    section: Section
    story: str
    planted: list[Planted]
    name: str = ""
    difficulty: int = 1
    namespace: str = "shop"
    pod: str = "web"
    provable: bool = False
    runtime: Runtime = "containerd 1.7"
    kubelet: str = "v1.32.13"
    openshift: bool = False
    default_secrets: bool = True
    cluster_key: str = "cluster"
    events_expired: bool = False
    other_pods: list[str] = []
    node: Node = Node()
    faults: dict[str, Any] = {}
    folder: Path = Path()

    @property
    def healthy(self) -> bool:
        """Tells whether nothing is planted."""
        return not self.planted

    def node_state(self, runtime: str | None = None, kubelet: str | None = None) -> NodeState:
        """Gives the node, with another runtime or kubelet version where one is asked for; raises
        ScenarioError for an unknown runtime.
        """
        if runtime is not None and runtime not in RUNTIMES:
            raise ScenarioError(f"no runtime is called {runtime!r}; known are: {', '.join(RUNTIMES)}")
        ways = {host: NetworkFault(way.fault, way.certificate_name) for host, way in self.node.network.items()}
        return NodeState(
            runtime=runtime or self.runtime,
            kubelet=kubelet or self.kubelet,
            architecture=self.node.architecture,
            network=ways,
            policy=self.node.policy,
            disk_full=self.node.disk_full,
            pulls_limited=self.node.pulls_limited,
            images=frozenset(self.node.images),
            sandbox_image=self.node.sandbox_image,
            cold_cache=self.node.cold_cache,
        )

    def manifests(self) -> Manifests:
        """Reads the objects of the cluster; raises ScenarioError."""
        path = self.folder / "manifests.yaml"
        try:
            return read_manifests(path.read_text(encoding="utf-8"), self.namespace)
        except (OSError, ManifestError) as error:
            raise ScenarioError(f"{self.name}/manifests.yaml: {error}") from None

    def network_overrides(self) -> dict[str, Any]:
        """Reads the changes to the base state of account and registries; empty where there are none."""
        path = self.folder / "network.yaml"
        if not path.exists():
            return {}
        content = _yaml(path, self.name)
        if not isinstance(content, dict):
            raise ScenarioError(f"{self.name}/network.yaml: expected a mapping")
        return content


def load_scenario(name: str | Path) -> Scenario:
    """Reads a scenario by its name, or from a folder of one's own; raises ScenarioError with file and
    place.
    """
    folder = Path(name) if isinstance(name, Path) or "/" in name else FOLDER / name
    path = folder / "scenario.yaml"
    if not path.is_file():
        raise ScenarioError(f"no scenario called {folder.name!r}; known are: {', '.join(list_scenarios())}")
    content = _yaml(path, folder.name)
    try:
        scenario = msgspec.convert(content, Scenario)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{folder.name}/scenario.yaml: {error}") from None
    _check(scenario, folder.name)
    return msgspec.structs.replace(scenario, name=folder.name, folder=folder)


def list_scenarios() -> list[str]:
    """Lists the names of the scenarios in the package, in order."""
    return sorted(path.parent.name for path in FOLDER.glob("*/scenario.yaml"))


def _yaml(path: Path, name: str) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ScenarioError(f"{name}/{path.name}: {error}") from None


def _check(scenario: Scenario, name: str) -> None:
    where = f"{name}/scenario.yaml"
    for planted in scenario.planted:
        unknown = {planted.cause, *planted.also} - CAUSE_IDS
        if unknown:
            raise ScenarioError(f"{where}: planted: no cause is called {', '.join(sorted(unknown))}")
    if not re.fullmatch(r"v1\.\d+\.\d+", scenario.kubelet):
        raise ScenarioError(f"{where}: kubelet: {scenario.kubelet!r} is not a version like v1.32.13")
    if not 1 <= scenario.difficulty <= 5:
        raise ScenarioError(f"{where}: difficulty: {scenario.difficulty} is not between 1 and 5")
