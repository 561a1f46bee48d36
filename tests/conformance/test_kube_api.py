"""The API server emulator passes the checks that a real API server passes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_lib.lab.kube import KubeServer, ObjectStore, User

PROBE = Path(__file__).with_name("kube_api_probe.py")
CHECKS = re.findall(r'^@t\("(.+)"\)$', PROBE.read_text(encoding="utf-8"), re.MULTILINE)
NAMESPACE = "ns-000"


def _cluster() -> ObjectStore:
    store = ObjectStore()
    store.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1"}})
    store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    for index in range(60):
        metadata = {"name": f"pod-{index:03}", "namespace": NAMESPACE}
        spec = {"containers": [{"name": "app", "image": "us.icr.io/team/app:1"}]}
        store.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    return store


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the probe said of each check, from one run."""
    users = {"admin": User("admin", ("system:masters",)), "limited": User("limited")}
    local = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1")
    with KubeServer(_cluster(), users) as server:
        run = subprocess.run(
            [sys.executable, str(PROBE), server.url, "admin", "limited"],
            cwd=tmp_path_factory.mktemp("probe"),
            env={**os.environ, **local},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert server.defects == ()
    verdicts = re.findall(r"^(.+?) +((?:PASS|FAIL) .*)$", run.stdout, re.MULTILINE)
    found = {name: verdict.strip() for name, verdict in verdicts}
    assert found, run.stderr
    return found


def test_the_probe_is_whole() -> None:
    assert len(CHECKS) == len(set(CHECKS)) == 39


@pytest.mark.conformance
@pytest.mark.parametrize("check", CHECKS)
def test_the_emulator_passes_what_a_real_server_passes(results: dict[str, str], check: str) -> None:
    if check.startswith("kubectl") and shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    assert results[check] == "PASS"
