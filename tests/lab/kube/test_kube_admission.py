"""What becomes of a new object: server-set metadata, defaults, admission; and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from runbook_lib.lab.kube import ApiRefusal, ObjectStore

from .kube_manifests import pod

Obj = dict[str, Any]


def _account(name: str, *pull_secrets: str) -> Obj:
    metadata = {"name": name, "namespace": "shop"}
    listed = [{"name": pull_secret} for pull_secret in pull_secrets]
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata, "imagePullSecrets": listed}


def test_a_new_namespace_gets_a_default_service_account_and_the_clusters_ca(store: ObjectStore) -> None:
    assert [a["metadata"]["name"] for a in store.list("serviceaccounts", "shop")] == ["default"]
    assert [c["metadata"]["name"] for c in store.list("configmaps", "shop")] == ["kube-root-ca.crt"]


def test_a_pod_gets_what_the_server_sets(store: ObjectStore) -> None:
    made = store.create(pod())
    metadata, spec = made["metadata"], made["spec"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", metadata["uid"])
    assert metadata["creationTimestamp"] == "2026-11-24T12:00:00Z"
    assert metadata["resourceVersion"].isdigit()
    assert spec["serviceAccountName"] == spec["serviceAccount"] == "default"
    assert spec["restartPolicy"] == "Always"
    assert spec["nodeName"] == "worker-1"
    assert [t["key"] for t in spec["tolerations"]] == [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
    assert made["status"]["phase"] == "Pending"
    assert made["status"]["qosClass"] == "BestEffort"


def test_the_token_volume_is_mounted_into_every_container(store: ObjectStore) -> None:
    init = [{"name": "prepare", "image": "us.icr.io/team/prepare:1"}]
    spec = store.create(pod(initContainers=init))["spec"]
    (volume,) = spec["volumes"]
    assert re.fullmatch(r"kube-api-access-[a-z0-9]{5}", volume["name"])
    for container in (*spec["initContainers"], *spec["containers"]):
        assert [m["name"] for m in container["volumeMounts"]] == [volume["name"]]


def test_no_token_is_mounted_where_the_pod_says_so(store: ObjectStore) -> None:
    assert "volumes" not in store.create(pod(automountServiceAccountToken=False))["spec"]


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        pytest.param("us.icr.io/team/app", "Always", id="no tag"),
        pytest.param("us.icr.io/team/app:latest", "Always", id="latest"),
        pytest.param("us.icr.io/team/app:1", "IfNotPresent", id="a tag"),
        pytest.param("registry:5000/app", "Always", id="a port is no tag"),
        pytest.param("us.icr.io/team/app@sha256:" + "0" * 64, "IfNotPresent", id="a digest"),
    ],
)
def test_the_pull_policy_follows_from_the_tag(store: ObjectStore, image: str, policy: str) -> None:
    assert store.create(pod(image=image))["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_a_pod_without_pull_secrets_gets_those_of_its_service_account(store: ObjectStore) -> None:
    store.create(_account("puller", "all-icr-io", "other"))
    made = store.create(pod(serviceAccountName="puller"))
    assert made["spec"]["imagePullSecrets"] == [{"name": "all-icr-io"}, {"name": "other"}]


def test_a_pod_that_names_pull_secrets_keeps_only_those(store: ObjectStore) -> None:
    store.create(_account("puller", "all-icr-io"))
    made = store.create(pod(serviceAccountName="puller", imagePullSecrets=[{"name": "own"}]))
    assert made["spec"]["imagePullSecrets"] == [{"name": "own"}]


def test_a_service_account_mended_later_does_not_change_a_pod_that_exists(store: ObjectStore) -> None:
    store.create(pod())
    account = store.get("serviceaccounts", "shop", "default")
    assert account is not None
    store.update({**account, "imagePullSecrets": [{"name": "late"}]})
    before, after = store.get("pods", "shop", "web"), store.create(pod("second"))
    assert before is not None
    assert "imagePullSecrets" not in before["spec"]
    assert after["spec"]["imagePullSecrets"] == [{"name": "late"}]


REFUSED = [
    pytest.param(pod(serviceAccountName="gone"), 403, "Forbidden", 'serviceaccount "gone" not found', id="account"),
    pytest.param(pod(namespace="nowhere"), 404, "NotFound", 'namespaces "nowhere" not found', id="namespace"),
    pytest.param(pod(containers=[]), 422, "Invalid", "spec.containers: Required value", id="no containers"),
    pytest.param(pod(image=""), 422, "Invalid", "spec.containers[0].image: Required value", id="no image"),
    pytest.param(pod(image=" a"), 422, "Invalid", "must not have leading or trailing whitespace", id="blank"),
    pytest.param(pod("Bad_Name"), 422, "Invalid", "a lowercase RFC 1123 subdomain", id="name"),
    pytest.param(pod(restartPolicy="Maybe"), 422, "Invalid", 'Unsupported value: "Maybe"', id="restart policy"),
    pytest.param({"apiVersion": "v9", "kind": "Pod"}, 404, "NotFound", "could not find", id="unknown version"),
]


@pytest.mark.parametrize(("obj", "status", "reason", "text"), REFUSED)
def test_what_a_real_server_refuses_is_refused(
    store: ObjectStore, obj: Obj, status: int, reason: str, text: str
) -> None:
    with pytest.raises(ApiRefusal) as refused:
        store.create(obj)
    assert (refused.value.status, refused.value.reason) == (status, reason)
    assert text in refused.value.message
    assert store.list("pods") == []


def test_a_name_can_be_used_once(store: ObjectStore) -> None:
    store.create(pod())
    with pytest.raises(ApiRefusal, match='pods "web" already exists') as refused:
        store.create(pod())
    assert refused.value.to_status()["details"] == {"name": "web", "kind": "pods"}
    assert (refused.value.status, refused.value.reason) == (409, "AlreadyExists")


def test_a_dry_run_shows_the_object_and_keeps_nothing(store: ObjectStore) -> None:
    assert store.create(pod(), dry_run=True)["spec"]["restartPolicy"] == "Always"
    assert store.get("pods", "shop", "web") is None


def test_the_pull_secrets_of_a_pod_cannot_be_changed_but_its_image_can(store: ObjectStore) -> None:
    made = store.create(pod())
    made["spec"]["containers"][0]["image"] = "us.icr.io/team/app:2"
    assert store.update(made)["spec"]["containers"][0]["image"] == "us.icr.io/team/app:2"
    current = store.get("pods", "shop", "web")
    assert current is not None
    current["spec"]["imagePullSecrets"] = [{"name": "late"}]
    with pytest.raises(ApiRefusal, match="pod updates may not change fields other than"):
        store.update(current)


def test_an_update_of_an_older_version_is_a_conflict(store: ObjectStore) -> None:
    made = store.create(pod())
    store.replace_status("pods", "shop", "web", {"phase": "Running"})
    with pytest.raises(ApiRefusal, match="the object has been modified") as refused:
        store.update(made)
    assert (refused.value.status, refused.value.reason) == (409, "Conflict")


def test_an_update_that_changes_nothing_takes_no_new_version(store: ObjectStore) -> None:
    made = store.create(pod())
    assert store.update(made)["metadata"]["resourceVersion"] == made["metadata"]["resourceVersion"]


def test_a_status_keeps_what_the_kubelet_does_not_write(store: ObjectStore) -> None:
    store.create(pod())
    status = store.replace_status("pods", "shop", "web", {"phase": "Running", "conditions": []})["status"]
    assert status["qosClass"] == "BestEffort"
    assert [c["type"] for c in status["conditions"]] == ["PodScheduled"]


def test_raw_objects_are_placed_as_they_are(store: ObjectStore) -> None:
    store.put_raw({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "odd", "namespace": "shop"}, "spec": None})
    placed = store.get("pods", "shop", "odd")
    assert placed is not None
    assert placed["spec"] is None
    assert placed["metadata"]["uid"]


def test_what_a_caller_gets_is_its_own(store: ObjectStore) -> None:
    store.create(pod())["spec"]["containers"].clear()
    (listed,) = store.list("pods")
    listed["metadata"]["labels"] = {"changed": "yes"}
    assert len(store.list("pods")[0]["spec"]["containers"]) == 1
    assert "labels" not in store.list("pods")[0]["metadata"]


def test_a_deleted_namespace_takes_everything_in_it_along(store: ObjectStore) -> None:
    store.create(pod())
    store.delete("namespaces", None, "shop")
    assert store.list("pods") == []
    assert store.list("serviceaccounts", "shop") == []


def test_an_event_said_again_raises_the_count(store: ObjectStore, clock: Any) -> None:
    made = store.create(pod())
    involved = {"kind": "Pod", "namespace": "shop", "name": "web", "uid": made["metadata"]["uid"]}
    event = {"involvedObject": involved, "reason": "Pulling", "message": "Pulling image", "type": "Normal"}
    event["source"] = {"component": "kubelet", "host": "worker-1"}
    first = store.record_event(event)
    clock.advance(seconds=30)
    again = store.record_event(event)
    other = store.record_event({**event, "message": "Pulling another image"})
    assert first["metadata"]["name"] == again["metadata"]["name"] != other["metadata"]["name"]
    assert (first["count"], again["count"], other["count"]) == (1, 2, 1)
    assert (again["firstTimestamp"], again["lastTimestamp"]) == (
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:30Z",
    )
    assert again["reportingComponent"] == "kubelet"
    assert re.fullmatch(r"web\.[0-9a-f]{16}", first["metadata"]["name"])
