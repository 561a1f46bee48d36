"""The practice lab, assembled: a cluster with a failing pod, the registries it pulls from, and the account
behind them.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec
from requests import Session

from runbook_lib.lab.clock import LabClock
from runbook_lib.lab.cluster_builder import ClusterBuilder
from runbook_lib.lab.cluster_seed import READERS
from runbook_lib.lab.cluster_store import StoreCluster
from runbook_lib.lab.credentials import credentials_in
from runbook_lib.lab.kube import KubeServer, ObjectStore, User
from runbook_lib.lab.kube import RequestRecord as ClusterRequest
from runbook_lib.lab.kubelet import Kubelet, NodeState, Puller
from runbook_lib.lab.network import Network
from runbook_lib.lab.scenario import Scenario, ScenarioError, load_scenario
from runbook_lib.lab.wire import RequestRecord as NetworkRequest

OPERATOR_KEY = "operator"
LOOP_PAUSE_S = 1.0


class Requests(NamedTuple):
    """What was asked of the cluster, and of registries and account."""

    cluster: tuple[ClusterRequest, ...]
    network: tuple[NetworkRequest, ...]


class Lab:
    """One scenario, running on loopback; a context manager.

    The kubelet has looked at every pod once when the block begins. With `live` it goes on looking each
    second, so that a mended secret or a pod made anew heals. `runtime` and `kubelet_version` replace the
    scenario's own.
    """

    def __init__(
        self,
        scenario: Scenario | str,
        *,
        runtime: str | None = None,
        kubelet_version: str | None = None,
        live: bool = False,
    ) -> None:
        self.scenario = load_scenario(scenario) if isinstance(scenario, str) else scenario
        self.node: NodeState = self.scenario.node_state(runtime, kubelet_version)
        self._live = live
        self._stack = ExitStack()
        self._stop = threading.Event()
        self._tokens = {reader.context: secrets.token_urlsafe(24) for reader in READERS}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="practice-cluster-")))
            self.network = stack.enter_context(self._network())
            self.clock = LabClock()
            builder = ClusterBuilder(self.scenario, self.node, self.clock, self.network.key_value)
            self.store: ObjectStore = builder.build()
            self.server = stack.enter_context(KubeServer(self.store, self._users()))
            self.kubeconfig = self.server.kubeconfig(
                self._folder / "kubeconfig", self._tokens, namespace=self.scenario.namespace
            )
            session = stack.enter_context(self._session())
            self.kubelet = Kubelet(StoreCluster(self.store, self.clock), Puller(session, self.node))
            self.kubelet.sync()
            if self.scenario.events_expired:
                self._forget_events()
            self._pulls_before = len(self.network.requests)
            if self._live:
                self._start_loop(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def env(self) -> dict[str, str]:
        """Gives the variables by which unmodified clients find cluster, registries and account, and trust
        them.
        """
        operator = self.network.key_value(OPERATOR_KEY)
        return {**self.network.env, "KUBECONFIG": str(self.kubeconfig), "IBMCLOUD_API_KEY": operator}

    def environ(self, **extra: str) -> dict[str, str]:
        """Gives this process's variables with the lab's on top, for a child process."""
        return {**os.environ, **self.env, **extra}

    @property
    def requests(self) -> Requests:
        """Gives what was asked since the lab was ready; a live lab's kubelet is among those who ask."""
        return Requests(self.server.requests, self.network.requests[self._pulls_before :])

    @property
    def tokens(self) -> Mapping[str, str]:
        """Gives the bearer token of each context."""
        return self._tokens

    @property
    def credentials(self) -> frozenset[str]:
        """Gives every credential of the scenario, in clear and as pull secrets encode it, to search outputs
        for.
        """
        found = credentials_in(self.store.list("secrets"))
        return found | set(self._tokens.values()) | {self.network.key_value(OPERATOR_KEY)}

    def _network(self) -> Network:
        try:
            return Network(self.scenario.network_overrides(), self.scenario.faults)
        except (msgspec.ValidationError, ValueError) as error:
            raise ScenarioError(f"{self.scenario.name}/network.yaml: {error}") from None

    def _users(self) -> dict[str, User]:
        past = self.clock() - timedelta(hours=1)
        return {
            self._tokens[reader.context]: User(reader.user, reader.groups, past if reader.expired else None)
            for reader in READERS
        }

    def _session(self) -> Session:
        session = Session()
        session.trust_env = False
        session.proxies = {"https": self.network.proxy_url}
        session.verify = str(self.network.ca_file)
        return session

    def _forget_events(self) -> None:
        for event in self.store.list("events"):
            self.store.delete("events", event["metadata"]["namespace"], event["metadata"]["name"])

    def _start_loop(self, stack: ExitStack) -> None:
        thread = threading.Thread(target=self._loop, name="kubelet", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(self._stop.set)

    def _loop(self) -> None:
        while not self._stop.wait(LOOP_PAUSE_S):
            self.kubelet.sync()
