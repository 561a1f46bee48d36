"""A small cluster and clients of it; nothing is faked between client and server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from runbook_lib.lab.kube import KubeServer, ObjectStore, User

Obj = dict[str, Any]
START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
TOKENS = {
    "admin-token": User("admin", ("system:masters",)),
    "viewer-token": User("viewer"),
    "nobody-token": User("nobody"),
    "hour-token": User("admin", ("system:masters",), expires=START + timedelta(hours=1)),
    "old-token": User("admin", ("system:masters",), expires=START - timedelta(minutes=1)),
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def furnish(store: ObjectStore) -> ObjectStore:
    """Adds a node, a namespace `shop` and a `viewer` who may read there, secrets excepted."""
    store.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1"}})
    store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    api = "rbac.authorization.k8s.io"
    binding = {"apiVersion": f"{api}/v1", "kind": "RoleBinding"}
    binding |= {"metadata": {"name": "viewers", "namespace": "shop"}}
    binding |= {"roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": "view"}}
    store.create({**binding, "subjects": [{"apiGroup": api, "kind": "User", "name": "viewer"}]})
    return store


@pytest.fixture
def store(clock: Clock) -> ObjectStore:
    return furnish(ObjectStore(clock, seed=1))


@pytest.fixture
def server(store: ObjectStore) -> Iterator[KubeServer]:
    with KubeServer(store, TOKENS) as running:
        yield running
        assert running.defects == ()


Call = Callable[..., requests.Response]


@pytest.fixture
def call(server: KubeServer, tmp_path: Any) -> Iterator[Call]:
    """Sends a request as a user (`admin` unless told) and gives the response."""
    ca = tmp_path / "ca.pem"
    ca.write_bytes(server.ca_pem)
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(ca)

        def send(method: str, path: str, user: str = "admin", **options: Any) -> requests.Response:
            headers = {"Authorization": f"Bearer {user}-token", **options.pop("headers", {})}
            return session.request(method, server.url + path, headers=headers, timeout=10, **options)

        yield send
