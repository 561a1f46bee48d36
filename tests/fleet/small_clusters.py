"""Many small clusters in one process: an API server each, one account and its registries for all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from requests import Session

from runbook_lib.lab import load_scenario
from runbook_lib.lab.clock import LabClock
from runbook_lib.lab.cluster_builder import ClusterBuilder
from runbook_lib.lab.cluster_store import StoreCluster
from runbook_lib.lab.kube import FaultReply, KubeServer, User
from runbook_lib.lab.kubelet import Kubelet, Puller
from runbook_lib.lab.network import Network

HANGS = "hangs"
REFUSES = "refuses"


@dataclass
class SmallCluster:
    """One cluster: its server (None where nothing listens), its kubeconfig and the token in it."""

    name: str
    kubeconfig: Path
    token: str
    server: KubeServer | None = None

    @property
    def surveys(self) -> int:
        """How often the pods of the whole cluster were listed: once a survey."""
        answered = self.server.requests if self.server else ()
        return sum(1 for r in answered if (r.verb, r.resource, r.namespace) == ("list", "pods", ""))


@dataclass
class SmallClusters:
    """The clusters by name, the variables that lead to their account and registries, and their list's file."""

    env: Mapping[str, str]
    inventory: Path
    clusters: dict[str, SmallCluster] = field(default_factory=dict)

    def __getitem__(self, name: str) -> SmallCluster:
        return self.clusters[name]


@contextmanager
def small_clusters(folder: Path, kinds: Sequence[str]) -> Iterator[SmallClusters]:
    """Starts a cluster for each kind: a scenario's name, or HANGS, or REFUSES. They are named c00, c01, …"""
    with ExitStack() as stack:
        network = stack.enter_context(Network())
        session = stack.enter_context(Session())
        session.trust_env, session.proxies, session.verify = False, {"https": network.proxy_url}, network.ca_file
        authority = trustme.CA(organization_name="practice lab")
        made = SmallClusters(network.env, folder / "clusters.yaml")
        for number, kind in enumerate(kinds):
            cluster = _cluster(stack, folder, f"c{number:02}", kind, network, session, authority)
            made.clusters[cluster.name] = cluster
        listed = [f"- {{name: {c.name}, kubeconfig: {c.kubeconfig.name}}}\n" for c in made.clusters.values()]
        made.inventory.write_text("".join(listed))
        yield made


def _cluster(
    stack: ExitStack, folder: Path, name: str, kind: str, network: Network, session: Session, authority: trustme.CA
) -> SmallCluster:
    token, path = secrets.token_urlsafe(24), folder / f"{name}.yaml"
    scenario = load_scenario("healthy" if kind in (HANGS, REFUSES) else kind)
    node, clock = scenario.node_state(None, None), LabClock()
    store = ClusterBuilder(scenario, node, clock, network.key_value).build()
    users = {token: User("operator", ("system:masters",))}
    server = KubeServer(store, users, ca=authority)
    if kind == REFUSES:
        with server:
            server.kubeconfig(path, {name: token}, namespace=scenario.namespace, cluster=name)
        return SmallCluster(name, path, token)
    stack.enter_context(server)
    Kubelet(StoreCluster(store, clock), Puller(session, node)).sync()
    server.kubeconfig(path, {name: token}, namespace=scenario.namespace, cluster=name)
    if kind == HANGS:
        server.fault = lambda _request: FaultReply(hang=600.0)
    return SmallCluster(name, path, token, server)
