"""The lab's network, assembled: registries and IBM Cloud behind one proxy, from one piece of plain data.

The data has the sections `cloud` (see `cloud.state`), `registries` (see `registry.state`), `faults` (see
`wire.fault_data`) and `hosts` (further names to answer for). It is laid over the base state, so a scenario
states only what is particular to it; `extends: none` begins from nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from runbook_lib.lab.cloud import (
    BASE_FILE,
    HOSTS,
    REGISTRY_HOSTS,
    CloudApp,
    CloudState,
    Write,
    canonical,
    domain_of,
)
from runbook_lib.lab.cloud.domains import REGIONS
from runbook_lib.lab.overlay import overlay
from runbook_lib.lab.registry import Access, Registry, RegistryApp, RegistryState
from runbook_lib.lab.wire import FaultyApp, HostFault, Reply, Request, RequestRecord, Wire
from runbook_lib.lab.wire.fault_data import faults_from

SECTIONS = frozenset({"cloud", "registries", "faults", "hosts", "extends"})


class Network:
    """Registries and IBM Cloud on loopback for unmodified clients; a context manager.

    `state` is a dictionary, a YAML file's path, or nothing for the base state; `faults` adds to its own.
    Raises msgspec.ValidationError or ValueError for data that does not fit.
    """

    def __init__(
        self, state: Mapping[str, Any] | str | Path | None = None, faults: Mapping[str, Any] | None = None
    ) -> None:
        data = _complete(state)
        own = overlay(data.get("faults") or {}, {k: v for k, v in (faults or {}).items() if k != "replies"})
        own["replies"] = [*own.get("replies", ()), *(faults or {}).get("replies", ())]
        host_faults, reply_faults = faults_from(own)
        self.cloud_state = CloudState.load({"cloud": data.get("cloud") or {}})
        self.registry_state = _registries(data.get("registries") or {})
        self.cloud = CloudApp(self.cloud_state, self.registry_state)
        self.registry = RegistryApp(self.registry_state, self._access, canonical)
        hosts = [*REGISTRY_HOSTS, *HOSTS, *self.registry.hosts(), *(data.get("hosts") or ())]
        self._wire = Wire(FaultyApp(self._answer, reply_faults), dict.fromkeys(hosts), host_faults=host_faults)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._wire)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _access(self, name: str) -> Access | None:
        own_users = bool(self.registry_state.registries[name].users)
        return self.cloud.access if domain_of(name) and not own_users else None

    def _answer(self, request: Request) -> Reply:
        cloud_path = request.path.startswith("/api/v1/") if domain_of(request.host) else False
        if cloud_path or request.host.endswith("cloud.ibm.com"):
            return self.cloud(request)
        return self.registry(request)

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """What has reached the lab so far, in order; never a credential."""
        return self._wire.requests

    @property
    def writes(self) -> tuple[Write, ...]:
        """The requests so far that would have changed something in the cloud."""
        return self.cloud.writes

    @property
    def errors(self) -> tuple[Exception, ...]:
        """The lab's own failures so far; a test holds it empty."""
        return tuple(self._wire.errors)

    @property
    def env(self) -> dict[str, str]:
        """The variables that lead an unmodified client to the lab."""
        return self._wire.env

    @property
    def ca_file(self) -> str:
        """The path of the lab's CA certificate in PEM."""
        return self._wire.ca_file

    @property
    def proxy_url(self) -> str:
        """The proxy's URL."""
        return self._wire.proxy_url

    def environ(self, **extra: str) -> dict[str, str]:
        """Returns this process's environment with the lab's variables and `extra` on top, for a child
        process.
        """
        return {**os.environ, **self.env, **extra}

    def host_fault(self, host: str) -> HostFault | None:
        """Returns what is wrong with a host, if anything."""
        return self._wire.host_fault(host)

    def key_value(self, name: str) -> str:
        """Returns the secret of the key of this name, or of `host/user` at a registry with users of its own.

        Raises KeyError when there is none.
        """
        host, slash, user = name.partition("/")
        if slash:
            return self.registry_state.registries[host].users[user].password
        return self.cloud_state.key_value(name)

    def access_token(self, identity: str, *, seconds: int = 3600) -> str:
        """Returns an IAM access token of the identity of this name, as the user `iambearer` needs."""
        return self.cloud.tokens.access(self.cloud_state.directory.identities[identity], seconds=seconds)

    def digest(self, image: str) -> str:
        """Returns the digest behind `host/repository:tag`; raises KeyError when the lab has no such image."""
        host, _, rest = image.partition("/")
        repository, _, tag = rest.rpartition(":")
        return self.registry.digest(canonical(host), repository, tag)


def _complete(state: Mapping[str, Any] | str | Path | None) -> dict[str, Any]:
    given = yaml.safe_load(Path(state).read_text("utf-8")) if isinstance(state, str | Path) else state
    data: dict[str, Any] = dict(given or {})
    unknown = set(data) - SECTIONS
    if unknown:
        raise ValueError(f"the network's state has no section {', '.join(sorted(unknown))}")
    if data.get("extends") == "none":
        return data
    return overlay(_base(), data)


@cache
def _base() -> dict[str, Any]:
    return dict(yaml.safe_load(BASE_FILE.read_text("utf-8")))


def _registries(data: dict[str, Any]) -> RegistryState:
    """Returns the registries of the data; each of IBM's that it does not mention exists and is empty."""
    loaded = RegistryState.load({host: _in_icr_manner(host, entry) for host, entry in data.items()})
    empty = {host: Registry(dialect="icr") for host in REGIONS if host not in loaded.registries}
    return RegistryState(registries={**loaded.registries, **empty})


def _in_icr_manner(host: str, entry: Any) -> Any:
    if domain_of(host) is None or not isinstance(entry, dict):
        return entry
    return {"dialect": "icr", **entry}
