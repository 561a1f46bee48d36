"""A registry over real TLS for the kubelet to pull from, and a cluster that is a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import requests

from runbook_lib.lab.kubelet import Kubelet, NodeState, Puller
from runbook_lib.lab.registry import RegistryApp, RegistryState
from runbook_lib.lab.wire import Wire

from .kubelet_pods import NODE, NOW, Obj, Observe

_HELLO: Obj = {"1.0": {"platforms": ["linux/amd64", "linux/s390x"]}, "arm": {"platforms": ["linux/arm64"]}}
_HELLO |= {"list": {"platforms": ["linux/arm64", "linux/ppc64le"]}, "old": {"format": "schema1"}}
REGISTRIES: Obj = {
    "us.icr.io": {
        "dialect": "icr",
        "denial": "challenge",
        "users": {
            "iamapikey": {"password": "GOODKEY-owner-0001"},
            "other": {"password": "known-but-without-rights", "may_pull": ["elsewhere/*"]},
        },
        "repositories": {"demo/hello": {"tags": _HELLO}, "demo/open": {"tags": {"1.0": {}}, "public": True}},
    },
    "uk.icr.io": {"dialect": "icr", "repositories": {"demo-uk/hello": {"tags": {"1.0": {}}}}},
}

MakePuller = Callable[[NodeState], Puller]


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    """A session that reaches the registries above through the lab's wire."""
    app = RegistryApp(RegistryState.load(REGISTRIES))
    with Wire(app, ["*.icr.io"]) as wire, requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": wire.env["HTTPS_PROXY"]}
        session.verify = wire.env["SSL_CERT_FILE"]
        yield session


@pytest.fixture
def puller(session: requests.Session) -> MakePuller:
    """Makes the puller of a node."""
    return lambda node: Puller(session, node)


@dataclass
class DictCluster:
    """A cluster with one moment, some pods and what they need; keeps what the kubelet writes."""

    moment: datetime
    pods: list[Obj]
    objects: dict[tuple[str, str], Obj] = field(default_factory=dict)
    statuses: dict[str, Obj] = field(default_factory=dict)
    events: list[Obj] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def get(self, plural: str, namespace: str, name: str) -> Obj | None:
        return self.objects.get((plural, name))

    def pods_of(self, node: str) -> list[Obj]:
        return [pod for pod in self.pods if pod["spec"].get("nodeName") == node]

    def write_status(self, pod: Obj, status: Obj) -> None:
        self.statuses[pod["metadata"]["name"]] = status

    def write_event(self, event: Obj) -> None:
        self.events.append(event)


@pytest.fixture
def cluster() -> Callable[..., DictCluster]:
    """Makes a cluster of one moment."""
    return DictCluster


@pytest.fixture
def observe(puller: Callable[..., Any], cluster: Callable[..., Any]) -> Observe:
    """Lets the kubelet of a node look at one pod once, and gives the cluster with what it wrote."""

    def look(subject: Obj, node: NodeState = NODE, secrets: tuple[Obj, ...] = (), **objects: Obj) -> Any:
        held = {("secrets", found["metadata"]["name"]): found for found in secrets}
        held |= {("configmaps", name.replace("_", "-")): found for name, found in objects.items()}
        seen = cluster(NOW, [subject], held)
        Kubelet(seen, puller(node)).sync()
        return seen

    return look
