"""What a test may have the server do instead of answering, and the log of what it was asked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import requests

from runbook_lib.lab.kube import FaultReply, KubeServer, ObjectStore, User

PODS = "/api/v1/namespaces/shop/pods"


def test_every_request_is_on_record(call: Any, server: KubeServer) -> None:
    call("GET", PODS, "viewer")
    call("GET", f"{PODS}/web/log", "viewer")
    call("DELETE", f"{PODS}/web", "viewer")
    call("GET", "/version", "unknown")
    seen = [(r.user, r.verb, r.resource, r.namespace, r.name, r.status) for r in server.requests]
    assert seen == [
        ("viewer", "list", "pods", "shop", "", 200),
        ("viewer", "get", "pods/log", "shop", "web", 404),
        ("viewer", "delete", "pods", "shop", "web", 403),
        ("", "get", "", "", "", 401),
    ]


def test_a_fault_replaces_the_answer(call: Any, server: KubeServer) -> None:
    busy = FaultReply(429, b"{}", (("Retry-After", "1"),))
    server.fault = lambda request: busy if request.path == PODS else None
    assert call("GET", PODS).status_code == 429
    assert call("GET", PODS).headers["Retry-After"] == "1"
    assert call("GET", "/version").status_code == 200


def test_a_fault_resets_the_connection(call: Any, server: KubeServer) -> None:
    server.fault = lambda _: FaultReply(reset=True)
    with pytest.raises(requests.ConnectionError):
        call("GET", PODS)


def test_a_fault_truncates_the_body(call: Any, server: KubeServer) -> None:
    server.fault = lambda _: FaultReply(truncate=5)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call("GET", PODS)


def test_a_fault_hangs_and_then_the_true_answer_comes(call: Any, server: KubeServer) -> None:
    server.fault = lambda _: FaultReply(hang=0.2)
    start = time.monotonic()
    assert call("GET", PODS).status_code == 200
    assert time.monotonic() - start >= 0.2


def test_a_defect_of_the_emulator_is_a_500_and_is_kept(store: ObjectStore, tmp_path: Path) -> None:
    with KubeServer(store, {"t": User("a", ("system:masters",))}) as server:
        ca = tmp_path / "ca.pem"
        ca.write_bytes(server.ca_pem)

        def broken(_: object) -> None:
            raise KeyError("x")

        server.fault = broken
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{server.url}/version", verify=str(ca), timeout=5)
        assert (answer.status_code, answer.json()["reason"]) == (500, "InternalError")
        assert [type(defect) for defect in server.defects] == [KeyError]
