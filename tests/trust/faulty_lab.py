"""The practice lab with one thing wrong at a time, in cluster, registry or account, and a trap beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self

from runbook_lib.lab import Lab
from runbook_lib.lab.kube.api import refusal_reply
from runbook_lib.lab.kube.kubeconfig import write_kubeconfig
from runbook_lib.lab.kube.refusals import ApiRefusal
from runbook_lib.lab.kube.request import parse
from runbook_lib.lab.wire import HostFault, Reply, Request

from .fault_kinds import TRAP, Answer

API = "api.shop-prod.example"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: a name for the table, the host, and patterns of path and query."""

    name: str
    host: str
    path: str
    query: str = "*"

    def befalls(self, request: Request) -> bool:
        """True for the requests that are this endpoint's."""
        return (
            fnmatchcase(request.host, self.host)
            and fnmatchcase(request.path, self.path)
            and fnmatchcase(request.query, self.query)
        )


class FaultyLab:
    """A lab whose cluster, registries and account stand behind one wire, so that each can be broken the same way."""

    def __init__(self, scenario: str) -> None:
        self.lab = Lab(scenario)

    def __enter__(self) -> Self:
        self.lab.__enter__()
        wire = self.lab.network._wire
        self._app = wire.app
        wire.app = self._answer
        wire.hosts = (*wire.hosts, API, TRAP)
        self._wire = wire
        self._kube = self.lab.server._running
        self._fault: tuple[Endpoint, Answer] | None = None
        self._lock = threading.Lock()
        self.trapped: list[Request] = []
        self.hit = 0
        self._asked: set[Endpoint] = set()
        self._watched: Sequence[Endpoint] = ()
        path = self.lab.kubeconfig.parent / "kubeconfig-behind-the-wire"
        contexts = dict(self.lab.tokens)
        namespace = self.lab.scenario.namespace
        self.kubeconfig = write_kubeconfig(path, f"https://{API}", wire.authority.pem, contexts, namespace, "lab")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lab.__exit__(kind, error, trace)

    @property
    def env(self) -> dict[str, str]:
        """The variables for clients: cluster, registries and account, all behind the one proxy."""
        return {**self.lab.env, "KUBECONFIG": str(self.kubeconfig)}

    @contextmanager
    def broken(self, endpoint: Endpoint, answer: Answer) -> Iterator[None]:
        """Breaks one endpoint's answers for the time of the block; `hit` counts those broken."""
        self.hit, self.trapped = 0, []
        self._fault = (endpoint, answer)
        try:
            yield
        finally:
            self._fault = None

    @contextmanager
    def broken_host(self, host: str, fault: HostFault) -> Iterator[None]:
        """Breaks a host for the time of the block."""
        self.hit, self.trapped = 1, []
        self._wire.host_faults[host] = fault
        try:
            yield
        finally:
            del self._wire.host_faults[host]

    @contextmanager
    def watching(self, endpoints: Sequence[Endpoint]) -> Iterator[set[Endpoint]]:
        """Yields a set that holds those endpoints that were asked in the block, at its end."""
        self._watched, self._asked = endpoints, set()
        try:
            yield self._asked
        finally:
            self._watched = ()

    def credentials_at_the_trap(self) -> list[str]:
        """What the trap was given that it must not see: names of headers and values' kinds, for the table."""
        found = []
        for request in self.trapped:
            text = f"{request.path}?{request.query} {sorted(request.headers.items())} {request.body!r}"
            if request.header("authorization") or any(c in text for c in self.lab.credentials):
                found.append(f"{request.method} {request.path}")
        return found

    def _answer(self, request: Request) -> Reply:
        if request.host == TRAP:
            with self._lock:
                self.trapped.append(request)
            return Reply(200, (("Content-Type", "application/json"),), b'{"token": "trap-token-0123456789"}')
        self._asked.update(e for e in self._watched if e.befalls(request))
        true = self._of_cluster(request) if request.host == API else self._app(request)
        if self._fault and self._fault[0].befalls(request):
            with self._lock:
                self.hit += 1
            return self._fault[1](request, true)
        return true

    def _of_cluster(self, request: Request) -> Reply:
        target = request.path + (f"?{request.query}" if request.query else "")
        try:
            asked = parse(self._kube.catalogue, request.method, target, request.headers, request.body, ())
            reply = self._kube.api.handle(self._kube.api.identify(asked))
        except ApiRefusal as refusal:
            reply = refusal_reply(refusal)
        return Reply(reply.status, (("Content-Type", reply.content_type),), reply.body)
