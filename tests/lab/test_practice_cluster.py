"""The assembled lab starts fast, heals when it is live, and ends with its parent."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.lab import Lab

Obj = dict[str, Any]
WAIT_S = 10.0


def until(condition: Callable[[], bool]) -> bool:
    """Waits for a condition, at most `WAIT_S` seconds."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_lab_starts_within_a_second_and_leaves_nothing() -> None:
    """No thread, no file."""
    before = threading.active_count()
    began = time.monotonic()
    with Lab("no-pull-secret") as lab:
        assert time.monotonic() - began < 1.0
        kubeconfig = Path(lab.env["KUBECONFIG"])
        assert kubeconfig.exists()
    assert until(lambda: threading.active_count() <= before)
    assert not kubeconfig.exists()


def test_a_mended_secret_and_a_new_pod_heal() -> None:
    """As in practice: mend the secret, delete the pod, and its successor runs."""
    with Lab("deployment-three-pods", live=True) as lab:
        store = lab.store
        password = lab.network.key_value(lab.scenario.cluster_key)
        auths = {"us.icr.io": {"username": "iamapikey", "password": password}}
        data = {".dockerconfigjson": base64.b64encode(json.dumps({"auths": auths}).encode()).decode()}
        metadata = {"name": "shop-registry", "namespace": "shop"}
        kind = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/dockerconfigjson"}
        store.create(kind | {"metadata": metadata, "data": data})
        for pod in store.list("pods", "shop"):
            store.delete("pods", "shop", pod["metadata"]["name"])

        def all_run() -> bool:
            pods = store.list("pods", "shop")
            return len(pods) == 3 and all(pod["status"]["phase"] == "Running" for pod in pods)

        assert until(all_run)


@pytest.mark.parametrize("end", ["stdin", "SIGTERM", "SIGINT"])
def test_a_served_lab_prints_its_environment_and_ends_when_told(end: str) -> None:
    """One line of JSON, then nothing; status 0."""
    command = [sys.executable, "-m", "runbook_lib.lab.serve", "no-pull-secret"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=dict(os.environ)) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        env = json.loads(child.stdout.readline())
        assert Path(env["KUBECONFIG"]).exists()
        if end == "stdin":
            child.stdin.close()
        else:
            child.send_signal(getattr(signal, end))
        assert child.wait(timeout=10) == 0
        assert child.stdout.read() == ""
    assert not Path(env["KUBECONFIG"]).exists()


def test_serving_an_unknown_scenario_is_one_sentence() -> None:
    """On standard error, status 2."""
    command = [sys.executable, "-m", "runbook_lib.lab.serve", "nonesuch"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("no scenario called 'nonesuch'")
    assert len(done.stderr.splitlines()) == 1
