"""An unmodified kubectl works against the emulator and prints what it prints for a real cluster."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.lab.kube import KubeServer, ObjectStore

from .kube_manifests import pod, secret

Obj = dict[str, Any]
pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
Kubectl = Callable[..., subprocess.CompletedProcess[str]]
IMAGE = "us.icr.io/team/app:1"


@pytest.fixture
def kubectl(server: KubeServer, tmp_path: Path) -> Kubectl:
    contexts = {"lab": "admin-token", "viewer": "viewer-token"}
    config = server.kubeconfig(tmp_path / "config", contexts, namespace="shop")
    environment = {**os.environ, "KUBECONFIG": str(config), "HOME": str(tmp_path)}

    def run(line: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = ["kubectl", "--request-timeout=10s", *line.split()]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, env=environment, timeout=60, check=False
        )

    return run


def _fail_to_pull(store: ObjectStore) -> None:
    made = store.create(pod())
    waiting = {"reason": "ImagePullBackOff", "message": f'Back-off pulling image "{IMAGE}"'}
    state = {"name": "app", "image": IMAGE, "imageID": "", "ready": False, "restartCount": 0}
    status = {"phase": "Pending", "containerStatuses": [{**state, "state": {"waiting": waiting}}]}
    store.replace_status("pods", "shop", "web", status)
    involved = {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web"}
    involved |= {"uid": made["metadata"]["uid"], "fieldPath": "spec.containers{app}"}
    message = f'Failed to pull image "{IMAGE}": 401 Unauthorized'
    event = {"involvedObject": involved, "reason": "Failed", "type": "Warning", "message": message}
    for _ in range(4):
        store.record_event({**event, "source": {"component": "kubelet", "host": "worker-1"}})


def test_get_pods_shows_the_failing_pull(kubectl: Kubectl, store: ObjectStore) -> None:
    _fail_to_pull(store)
    header, row = kubectl("get pods").stdout.splitlines()
    assert header.split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert row.split()[:4] == ["web", "0/1", "ImagePullBackOff", "0"]


def test_describe_pod_shows_state_and_events(kubectl: Kubectl, store: ObjectStore) -> None:
    _fail_to_pull(store)
    result = kubectl("describe pod web")
    assert result.returncode == 0, result.stderr
    squeezed = " ".join(result.stdout.split())
    for text in (
        "Node: worker-1",
        "Service Account: default",
        "State: Waiting Reason: ImagePullBackOff",
        "Tolerations: node.kubernetes.io/not-ready:NoExecute op=Exists for 300s",
        f'kubelet Failed to pull image "{IMAGE}": 401 Unauthorized',
        "Successfully assigned shop/web to worker-1",
    ):
        assert text in squeezed
    assert "(x4 over" in squeezed


def test_forbidden_reads_as_from_a_real_cluster(kubectl: Kubectl) -> None:
    result = kubectl("--context=viewer get secrets")
    assert result.returncode == 1
    assert result.stderr == (
        'Error from server (Forbidden): secrets is forbidden: User "viewer" cannot list resource "secrets" '
        'in API group "" in the namespace "shop"\n'
    )


@pytest.mark.parametrize(("context", "answer"), [("lab", "yes"), ("viewer", "no")])
def test_auth_can_i(kubectl: Kubectl, context: str, answer: str) -> None:
    assert kubectl(f"--context={context} auth can-i list secrets").stdout.strip() == answer


def test_auth_whoami(kubectl: Kubectl) -> None:
    assert "viewer" in kubectl("--context=viewer auth whoami").stdout


CREATED = [
    "secret docker-registry s --docker-server=us.icr.io --docker-username=iamapikey --docker-password=x",
    "serviceaccount puller",
    "namespace other",
    "configmap settings --from-literal=a=b",
    "deployment api --image=us.icr.io/team/api:1 --replicas=2 --port=80",
    "job once --image=us.icr.io/team/job:1 -- run it",
    "role reader --verb=get,list --resource=pods --resource-name=web",
    "rolebinding readers --clusterrole=view --serviceaccount=shop:default",
    "cronjob nightly --image=us.icr.io/team/job:1 --schedule=@daily",
]


@pytest.mark.parametrize("what", CREATED, ids=lambda what: what.split()[0])
def test_what_kubectl_creates_holds_what_it_would_have_sent_as_json(kubectl: Kubectl, what: str) -> None:
    """kubectl sends these as protobuf; its dry run prints the same object as JSON."""
    command, _, tail = what.partition(" -- ")
    tail = f" -- {tail}" if tail else ""
    dry = kubectl(f"create {command} --dry-run=client -o json{tail}")
    made = kubectl(f"create {command} -o json{tail}")
    assert made.returncode == 0, made.stderr
    _assert_within(_said(json.loads(dry.stdout)), json.loads(made.stdout))


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: _said(v) for k, v in value.items() if k not in ("creationTimestamp", "status")}
        return {k: v for k, v in kept.items() if v not in (None, {}, [])}
    return [_said(entry) for entry in value] if isinstance(value, list) else value


def _assert_within(part: Any, whole: Any, path: str = "") -> None:
    if isinstance(part, dict):
        for key, value in part.items():
            assert key in whole, f"{path}.{key} was lost"
            _assert_within(value, whole[key], f"{path}.{key}")
    elif isinstance(part, list):
        assert len(part) == len(whole), path
        for index, entry in enumerate(part):
            _assert_within(entry, whole[index], f"{path}[{index}]")
    else:
        assert part == whole, path


def test_apply_creates_and_then_changes(kubectl: Kubectl, store: ObjectStore) -> None:
    manifest: Obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}
    assert kubectl("apply -f -", json.dumps(manifest)).stdout == "configmap/c created\n"
    manifest["data"] = {"b": "2"}
    assert kubectl("apply -f -", json.dumps(manifest)).stdout == "configmap/c configured\n"
    changed = store.get("configmaps", "shop", "c")
    assert changed is not None
    assert changed["data"] == {"b": "2"}


def test_rollout_restart_and_scale(kubectl: Kubectl, store: ObjectStore) -> None:
    kubectl("create deployment api --image=us.icr.io/team/api:1")
    assert kubectl("rollout restart deployment api").returncode == 0
    assert kubectl("scale deployment api --replicas=3").returncode == 0
    assert len(store.list("pods", "shop")) == 3


def test_the_mend_by_strategic_patch_replaces_the_list(kubectl: Kubectl, store: ObjectStore) -> None:
    account = store.get("serviceaccounts", "shop", "default")
    assert account is not None
    store.update({**account, "imagePullSecrets": [{"name": "kept?"}]})
    store.create(secret("new", "Opaque", a="1"))
    assert kubectl('patch sa default -p {"imagePullSecrets":[{"name":"new"}]}').returncode == 0
    after = store.get("serviceaccounts", "shop", "default")
    assert after is not None
    assert after["imagePullSecrets"] == [{"name": "new"}]
