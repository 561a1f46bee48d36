"""The server on the wire: forms of an answer, writes, start and end."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from runbook_lib.lab.kube import KubeServer, ObjectStore, User

from .kube_manifests import deployment, pod, secret

PODS = "/api/v1/namespaces/shop/pods"


META = "g=meta.k8s.io;v=v1"


def test_items_of_a_list_do_not_repeat_kind_and_version(call: Any, store: ObjectStore) -> None:
    store.create(pod())
    listed = call("GET", PODS).json()
    assert (listed["kind"], listed["apiVersion"]) == ("PodList", "v1")
    assert listed["metadata"]["resourceVersion"].isdigit()
    assert listed["items"][0].keys() == {"metadata", "spec", "status"}
    assert call("GET", f"{PODS}/web").json()["kind"] == "Pod"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "PodList"),
        ("*/*", "PodList"),
        (f"application/json;as=Table;{META}", "Table"),
        (f"application/json;as=Table;{META},application/json", "Table"),
        (f"application/json;as=PartialObjectMetadataList;{META}", "PartialObjectMetadataList"),
        ("application/json;as=Table;v=v9;g=meta.k8s.io,application/json", "PodList"),
        ("application/vnd.kubernetes.protobuf,application/json", "PodList"),
    ],
)
def test_the_accept_header_chooses_the_form(call: Any, accept: str, kind: str) -> None:
    assert call("GET", PODS, headers={"Accept": accept}).json()["kind"] == kind


def test_a_table_holds_the_columns_that_kubectl_shows(call: Any, store: ObjectStore) -> None:
    store.create(pod())
    table = call("GET", PODS, headers={"Accept": f"application/json;as=Table;{META}"}).json()
    shown = [c["name"] for c in table["columnDefinitions"] if not c["priority"]]
    assert shown == ["Name", "Ready", "Status", "Restarts", "Age"]
    assert table["rows"][0]["cells"][:3] == ["web", "0/1", "Pending"]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


@pytest.mark.parametrize("plural", ["nodes", "namespaces", "clusterroles", "clusterrolebindings"])
def test_every_cluster_wide_table_has_as_many_cells_as_columns(call: Any, store: ObjectStore, plural: str) -> None:
    prefix = store.resource(plural).prefix
    table = call("GET", f"{prefix}/{plural}", headers={"Accept": f"application/json;as=Table;{META}"}).json()
    assert {len(row["cells"]) for row in table["rows"]} == {len(table["columnDefinitions"])}


NAMESPACED = [
    "configmaps",
    "deployments",
    "events",
    "pods",
    "replicasets",
    "rolebindings",
    "secrets",
    "serviceaccounts",
]


@pytest.mark.parametrize("plural", NAMESPACED)
def test_every_namespaced_table_has_as_many_cells_as_columns(call: Any, store: ObjectStore, plural: str) -> None:
    store.create(deployment())
    store.create(secret("s", "Opaque", a="1"))
    path = f"{store.resource(plural).prefix}/namespaces/shop/{plural}"
    table = call("GET", path, headers={"Accept": f"application/json;as=Table;{META}"}).json()
    assert {len(row["cells"]) for row in table["rows"]} == {len(table["columnDefinitions"])}


def test_not_found_names_the_object(call: Any) -> None:
    status = call("GET", f"{PODS}/gone").json()
    assert status["message"] == 'pods "gone" not found'
    assert (status["reason"], status["details"]) == ("NotFound", {"name": "gone", "kind": "pods"})


def test_a_type_that_is_not_served_is_plain_text_as_in_a_real_server(call: Any) -> None:
    response = call("GET", "/apis/config.openshift.io/v1/clusterversions/version")
    assert response.status_code == 404
    assert response.text == "404 page not found\n"
    assert response.headers["Content-Type"].startswith("text/plain")


def test_openshift_shows_in_the_api_groups(clock: Any, tmp_path: Path) -> None:
    with KubeServer(ObjectStore(clock, openshift=True), {"t": User("a", ("system:masters",))}) as server:
        config = yaml.safe_load(server.kubeconfig(tmp_path / "config", {"lab": "t"}).read_text())
        assert config["clusters"][0]["cluster"]["server"] == server.url
        ca = tmp_path / "ca.pem"
        ca.write_bytes(server.ca_pem)
        with requests.Session() as session:
            session.trust_env, session.verify = False, str(ca)
            session.headers["Authorization"] = "Bearer t"
            groups = session.get(f"{server.url}/apis", timeout=5).json()["groups"]
            versions = session.get(f"{server.url}/apis/config.openshift.io/v1/clusterversions", timeout=5).json()
            projects = session.get(f"{server.url}/apis/project.openshift.io/v1/projects", timeout=5).json()
    assert "project.openshift.io" in {group["name"] for group in groups}
    assert versions["items"][0]["status"]["desired"]["version"].startswith("4.")
    assert "openshift-config" in {item["metadata"]["name"] for item in projects["items"]}


def test_a_plain_kubernetes_has_no_openshift_group(call: Any) -> None:
    groups = {group["name"] for group in call("GET", "/apis").json()["groups"]}
    assert not any("openshift" in name for name in groups)
    assert {"apps", "batch", "authorization.k8s.io"} <= groups


def test_a_json_patch_guarded_by_a_version_is_refused_when_the_object_changed(call: Any, store: ObjectStore) -> None:
    path = "/api/v1/namespaces/shop/serviceaccounts/default"
    version = call("GET", path).json()["metadata"]["resourceVersion"]
    patch = [
        {"op": "test", "path": "/metadata/resourceVersion", "value": version},
        {"op": "add", "path": "/imagePullSecrets", "value": [{"name": "all-icr-io"}]},
    ]
    headers = {"Content-Type": "application/json-patch+json"}
    first = call("PATCH", path, data=json.dumps(patch), headers=headers)
    second = call("PATCH", path, data=json.dumps(patch), headers=headers)
    assert first.json()["imagePullSecrets"] == [{"name": "all-icr-io"}]
    assert (second.status_code, second.json()["reason"]) == (422, "Invalid")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", PODS, "{", 400),
        ("POST", PODS, "[]", 400),
        ("POST", PODS, '{"kind": "Secret", "apiVersion": "v1"}', 400),
        ("POST", PODS, '{"metadata": {"name": "a", "namespace": "other"}}', 400),
        ("PUT", f"{PODS}/web", '{"metadata": {"name": "other"}}', 400),
        ("PUT", f"{PODS}/web", '{"metadata": {"name": "web"}}', 404),
        ("DELETE", f"{PODS}/web", "", 404),
        ("POST", "/version", "{}", 405),
    ],
)
def test_requests_that_make_no_sense(call: Any, method: str, path: str, body: str, status: int) -> None:
    response = call(method, path, data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == response.json()["code"] == status


def test_the_log_of_a_container_that_waits_says_why(call: Any, store: ObjectStore) -> None:
    store.create(pod())
    waiting = {"name": "app", "state": {"waiting": {"reason": "ImagePullBackOff"}}}
    store.replace_status("pods", "shop", "web", {"phase": "Pending", "containerStatuses": [waiting]})
    message = call("GET", f"{PODS}/web/log").json()["message"]
    assert message == 'container "app" in pod "web" is waiting to start: trying and failing to pull image'


def test_the_kubeconfig_holds_its_contexts_and_is_the_owners_only(server: KubeServer, tmp_path: Path) -> None:
    path = server.kubeconfig(tmp_path / "config", {"lab": "a", "viewer": "b"}, namespace="shop")
    config = yaml.safe_load(path.read_text())
    assert config["current-context"] == "lab"
    assert [c["context"] for c in config["contexts"]] == [
        {"cluster": "lab", "namespace": "shop", "user": "lab"},
        {"cluster": "lab", "namespace": "shop", "user": "viewer"},
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts descriptors in /proc")
def test_the_end_leaves_no_thread_and_no_descriptor(clock: Any) -> None:
    threads, descriptors = set(threading.enumerate()), _descriptors()
    for _ in range(3):
        with KubeServer(ObjectStore(clock), {}) as server:
            silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(5)]
            time.sleep(0.02)
        for connection in silent:
            connection.close()
    assert set(threading.enumerate()) <= threads
    assert _descriptors() <= descriptors


def test_a_watch_ends_when_the_server_does(store: ObjectStore, tmp_path: Path) -> None:
    ca, start = tmp_path / "ca.pem", time.monotonic()
    with requests.Session() as session:
        session.trust_env = False
        with KubeServer(store, {"t": User("a", ("system:masters",))}) as server:
            ca.write_bytes(server.ca_pem)
            headers = {"Authorization": "Bearer t"}
            watching = session.get(
                f"{server.url}/api/v1/pods?watch=True",
                headers=headers,
                verify=str(ca),
                stream=True,
                timeout=5,
            )
            assert watching.status_code == 200
        watching.close()
    assert time.monotonic() - start < 3
