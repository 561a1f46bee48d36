"""Workloads make pods that look like a cluster's, and pods follow what happens to their owners."""

from __future__ import annotations

import re
from typing import Any

import pytest

from runbook_lib.lab.kube import ApiRefusal, ObjectStore

from .kube_manifests import deployment, pod

Obj = dict[str, Any]
READY = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}


def _job(**spec: Any) -> Obj:
    container = {"name": "run", "image": "us.icr.io/team/job:1"}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    metadata = {"name": "once", "namespace": "shop"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {"template": template, **spec},
    }


def _messages(store: ObjectStore, reason: str) -> list[str]:
    return [event["message"] for event in store.list("events", "shop", fields=f"reason={reason}")]


def _images(store: ObjectStore) -> list[str]:
    return sorted(p["spec"]["containers"][0]["image"].rpartition(":")[2] for p in store.list("pods", "shop"))


def _get_ready(store: ObjectStore, image: str) -> None:
    for found in store.list("pods", "shop"):
        if found["spec"]["containers"][0]["image"].endswith(image):
            store.replace_status("pods", "shop", found["metadata"]["name"], READY)


def _set_image(store: ObjectStore, image: str) -> None:
    current = store.get("deployments", "shop", "web")
    assert current is not None
    current["spec"]["template"]["spec"]["containers"][0]["image"] = image
    store.update(current)


def test_a_deployment_makes_a_replica_set_and_that_makes_pods(store: ObjectStore) -> None:
    store.create(deployment(replicas=2))
    (replica_set,) = store.list("replicasets", "shop")
    hashed = replica_set["metadata"]["labels"]["pod-template-hash"]
    assert replica_set["metadata"]["name"] == f"web-{hashed}"
    assert replica_set["metadata"]["ownerReferences"][0]["kind"] == "Deployment"
    pods = store.list("pods", "shop")
    assert len(pods) == 2
    for made in pods:
        owner = made["metadata"]["ownerReferences"][0]
        assert (owner["kind"], owner["name"], owner["controller"]) == ("ReplicaSet", f"web-{hashed}", True)
        assert owner["uid"] == replica_set["metadata"]["uid"]
        assert re.fullmatch(rf"web-{hashed}-[a-z0-9]{{5}}", made["metadata"]["name"])
        assert made["metadata"]["generateName"] == f"web-{hashed}-"
        assert made["metadata"]["labels"] == {"app": "web", "pod-template-hash": hashed}


def test_a_cluster_tells_of_it_in_events(store: ObjectStore) -> None:
    store.create(deployment(replicas=1))
    name = store.list("pods", "shop")[0]["metadata"]["name"]
    assert _messages(store, "ScalingReplicaSet") == [f"Scaled up replica set {name[:-6]} from 0 to 1"]
    assert _messages(store, "SuccessfulCreate") == [f"Created pod: {name}"]
    assert _messages(store, "Scheduled") == [f"Successfully assigned shop/{name} to worker-1"]


def test_a_deleted_pod_is_replaced(store: ObjectStore) -> None:
    store.create(deployment(replicas=1))
    first = store.list("pods", "shop")[0]["metadata"]["name"]
    store.delete("pods", "shop", first)
    (second,) = store.list("pods", "shop")
    assert second["metadata"]["name"] != first


def test_a_deleted_deployment_takes_its_replica_sets_and_pods_along(store: ObjectStore) -> None:
    store.create(deployment())
    store.delete("deployments", "shop", "web")
    assert store.list("replicasets") == store.list("pods") == []


def test_pods_of_a_new_image_that_never_get_ready_leave_the_old_ones_running(store: ObjectStore) -> None:
    store.create(deployment(replicas=2))
    _get_ready(store, ":1")
    _set_image(store, "us.icr.io/team/app:2")
    assert _images(store) == ["1", "1", "2"]
    _get_ready(store, ":2")
    assert _images(store) == ["1", "2", "2"]
    _get_ready(store, ":2")
    assert _images(store) == ["2", "2"]


def test_pods_that_never_got_ready_are_replaced_at_once(store: ObjectStore) -> None:
    store.create(deployment(replicas=2))
    _set_image(store, "us.icr.io/team/app:2")
    assert _images(store) == ["2", "2"]


def test_the_status_of_a_deployment_follows_its_pods(store: ObjectStore) -> None:
    store.create(deployment(replicas=2))
    before = store.get("deployments", "shop", "web")
    _get_ready(store, ":1")
    after = store.get("deployments", "shop", "web")
    assert before is not None
    assert after is not None
    assert before["status"]["unavailableReplicas"] == 2
    assert "readyReplicas" not in before["status"]
    assert after["status"]["readyReplicas"] == after["status"]["availableReplicas"] == 2
    reasons = [condition["reason"] for condition in after["status"]["conditions"]]
    assert reasons == ["MinimumReplicasAvailable", "NewReplicaSetAvailable"]


def test_a_pod_that_admission_refuses_shows_as_an_event_of_its_replica_set(store: ObjectStore) -> None:
    manifest = deployment(replicas=1)
    manifest["spec"]["template"]["spec"]["serviceAccountName"] = "gone"
    store.create(manifest)
    assert store.list("pods") == []
    (message,) = _messages(store, "FailedCreate")
    assert 'error looking up service account shop/gone: serviceaccount "gone" not found' in message


def test_such_a_pod_is_made_once_its_service_account_exists(store: ObjectStore) -> None:
    manifest = deployment(replicas=1)
    manifest["spec"]["template"]["spec"]["serviceAccountName"] = "late"
    store.create(manifest)
    metadata = {"name": "late", "namespace": "shop"}
    store.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
    assert [p["spec"]["serviceAccountName"] for p in store.list("pods")] == ["late"]


def test_a_selector_must_match_the_template(store: ObjectStore) -> None:
    manifest = deployment()
    manifest["spec"]["template"]["metadata"]["labels"] = {"app": "other"}
    with pytest.raises(ApiRefusal, match="`selector` does not match template `labels`"):
        store.create(manifest)


def test_a_job_makes_a_pod_and_is_complete_when_it_has_succeeded(store: ObjectStore) -> None:
    store.create(_job())
    (made,) = store.list("pods", "shop")
    assert made["metadata"]["labels"]["job-name"] == "once"
    assert re.fullmatch(r"once-[a-z0-9]{5}", made["metadata"]["name"])
    store.replace_status("pods", "shop", made["metadata"]["name"], {"phase": "Succeeded"})
    job = store.get("jobs", "shop", "once")
    assert job is not None
    assert [condition["type"] for condition in job["status"]["conditions"]] == ["Complete"]


def test_a_job_gives_up_after_its_backoff_limit(store: ObjectStore) -> None:
    store.create(_job(backoffLimit=1))
    for _ in range(2):
        (active,) = store.list("pods", "shop", fields="status.phase=Pending")
        store.replace_status("pods", "shop", active["metadata"]["name"], {"phase": "Failed"})
    job = store.get("jobs", "shop", "once")
    assert job is not None
    assert job["status"]["conditions"][0]["reason"] == "BackoffLimitExceeded"
    assert store.list("pods", "shop", fields="status.phase=Pending") == []


def test_a_job_cannot_restart_always(store: ObjectStore) -> None:
    manifest = _job()
    del manifest["spec"]["template"]["spec"]["restartPolicy"]
    with pytest.raises(ApiRefusal, match='supported values: "OnFailure", "Never"'):
        store.create(manifest)


def test_a_stateful_set_waits_for_each_pod(store: ObjectStore) -> None:
    store.create({**deployment("db", replicas=2), "kind": "StatefulSet"})
    assert [p["metadata"]["name"] for p in store.list("pods")] == ["db-0"]
    store.replace_status("pods", "shop", "db-0", READY)
    assert [p["metadata"]["name"] for p in store.list("pods")] == ["db-0", "db-1"]


def test_a_daemon_set_has_a_pod_on_every_node(store: ObjectStore) -> None:
    manifest = {**deployment("agent"), "kind": "DaemonSet"}
    del manifest["spec"]["replicas"]
    store.create(manifest)
    store.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-2"}})
    assert sorted(p["spec"]["nodeName"] for p in store.list("pods")) == ["worker-1", "worker-2"]


def test_pods_are_spread_over_the_nodes(store: ObjectStore) -> None:
    store.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-2"}})
    store.create(deployment(replicas=4))
    nodes = [p["spec"]["nodeName"] for p in store.list("pods")]
    assert sorted(nodes) == ["worker-1", "worker-1", "worker-2", "worker-2"]


def test_a_pod_that_fits_no_node_waits_until_one_does(store: ObjectStore) -> None:
    store.create(pod(nodeSelector={"kubernetes.io/arch": "s390x"}))
    message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
    assert _messages(store, "FailedScheduling") == [message]
    labels = {"kubernetes.io/arch": "s390x"}
    store.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "z-1", "labels": labels}})
    placed = store.get("pods", "shop", "web")
    assert placed is not None
    assert placed["spec"]["nodeName"] == "z-1"
