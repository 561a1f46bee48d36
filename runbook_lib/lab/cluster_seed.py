"""What the practice cluster holds before a scenario adds to it: its node, the default project's secrets, its
readers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runbook_lib.lab.cloud import made_up
from runbook_lib.lab.kubelet import NodeState
from runbook_lib.lab.pull_secrets import secret_data

Obj = dict[str, Any]

CLUSTER_NAME = "shop-prod"
CLUSTER_ID = made_up.cluster_id(CLUSTER_NAME)
ICR_HOSTS = tuple(
    f"{private}{name}"
    for name in ("icr.io", "us.icr.io", "uk.icr.io", "de.icr.io", "au.icr.io", "jp.icr.io", "jp2.icr.io")
    for private in ("", "private.")
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A user of the practice cluster and the context of the kubeconfig that stands for them."""

    context: str
    user: str
    groups: tuple[str, ...] = ()
    expired: bool = False


READERS = (
    Reader("lab", "lab-operator", ("system:masters",)),
    Reader("lab-viewer", "lab-viewer"),
    Reader("lab-limited", "lab-limited"),
    Reader("lab-expired", "lab-operator", ("system:masters",), expired=True),
)


def objects(node: NodeState, namespace: str, since: datetime, now: datetime, *, openshift: bool) -> Iterator[Obj]:
    """Gives the node, the scenario's namespace, the cluster's identity and the readers' rights."""
    yield _node(node, _stamp(since), _stamp(now))
    if namespace != "default":
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    kind = "openshift" if openshift else "kubernetes"
    config = json.dumps({"cluster_id": CLUSTER_ID, "cluster_name": CLUSTER_NAME, "cluster_type": kind})
    yield _object("ConfigMap", "cluster-info", "kube-system") | {"data": {"cluster-config.json": config}}
    yield _nodes_reader()
    yield _binding("ClusterRoleBinding", "lab-viewer", "", "view", "lab-viewer")
    yield _binding("ClusterRoleBinding", "lab-viewer-nodes", "", "lab-nodes-reader", "lab-viewer")
    yield _binding("RoleBinding", "lab-limited", namespace, "admin", "lab-limited")


def default_pull_secret(key: str, key_value: Callable[[str], str]) -> Obj:
    """Gives `all-icr-io` of the default project, which the cluster service keeps with an API key of its
    own.
    """
    kind = "kubernetes.io/dockerconfigjson"
    entries = {host: {"username": "iamapikey", "key": key} for host in ICR_HOSTS}
    secret = _object("Secret", "all-icr-io", "default")
    return secret | {"type": kind, "data": secret_data(kind, entries, key_value)}


def _node(node: NodeState, since: str, now: str) -> Obj:
    capacity = {"cpu": "4", "memory": "16222172Ki", "pods": "110", "ephemeral-storage": "101330012Ki"}
    labels = {
        "kubernetes.io/arch": node.architecture,
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": node.os,
        "topology.kubernetes.io/region": "us-south",
        "topology.kubernetes.io/zone": "us-south-1",
    }
    info = {
        "architecture": node.architecture,
        "bootID": "5b1c9f0e-3f43-4e4f-9a57-6b0f0f5a3c11",
        "containerRuntimeVersion": node.runtime_version,
        "kernelVersion": "6.8.0-60-generic",
        "kubeProxyVersion": "",
        "kubeletVersion": node.kubelet,
        "machineID": "8d0c1f1f5a8149b4a2f8f5c1b9a5d3e7",
        "operatingSystem": node.os,
        "osImage": "Red Hat Enterprise Linux CoreOS" if node.runtime == "cri-o" else "Ubuntu 24.04.2 LTS",
        "systemUUID": "8d0c1f1f-5a81-49b4-a2f8-f5c1b9a5d3e7",
    }
    full = "True" if node.disk_full else "False"
    conditions = [
        {"type": "MemoryPressure", "status": "False", "reason": "KubeletHasSufficientMemory"},
        {
            "type": "DiskPressure",
            "status": full,
            "reason": "KubeletHasDiskPressure" if node.disk_full else "KubeletHasNoDiskPressure",
        },
        {"type": "PIDPressure", "status": "False", "reason": "KubeletHasSufficientPID"},
        {
            "type": "Ready",
            "status": "True",
            "reason": "KubeletReady",
            "message": "kubelet is posting ready status",
        },
    ]
    times = {"lastHeartbeatTime": now, "lastTransitionTime": since}
    status = {
        "addresses": [
            {"type": "InternalIP", "address": "10.240.0.7"},
            {"type": "Hostname", "address": node.name},
        ],
        "allocatable": capacity,
        "capacity": capacity,
        "conditions": [condition | times for condition in conditions],
        "images": [{"names": [name], "sizeBytes": 322638} for name in sorted(node.images)],
        "nodeInfo": info,
    }
    metadata = {"name": node.name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": {}, "status": status}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _object(kind: str, name: str, namespace: str) -> Obj:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}}


def _nodes_reader() -> Obj:
    rules = [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]}]
    metadata = {"name": "lab-nodes-reader"}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata,
        "rules": rules,
    }


def _binding(kind: str, name: str, namespace: str, role: str, user: str) -> Obj:
    api = "rbac.authorization.k8s.io"
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {
        "apiVersion": f"{api}/v1",
        "kind": kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": api, "kind": "User", "name": user}],
    }
