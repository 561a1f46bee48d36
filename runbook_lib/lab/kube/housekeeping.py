"""What a cluster makes on its own account: service accounts of new namespaces, OpenShift's generated pull
secrets.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from .names import suffix
from .storage import Change

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]

INTERNAL_REGISTRY = "image-registry.openshift-image-registry.svc:5000"
_OPENSHIFT_ACCOUNTS = ("builder", "default", "deployer")


def namespace_changed(store: ObjectStore, change: Change) -> None:
    """A new namespace gets its service accounts and the CA of the cluster; a deleted one takes all it holds
    along.
    """
    name = change.stored.obj["metadata"]["name"]
    if change.type == "DELETED":
        for resource in store.catalogue.resources:
            for stored in store.storage.items(resource, name) if resource.namespaced else ():
                if store.stored(resource.plural, name, stored.obj["metadata"]["name"]) is not None:
                    store.delete(resource.plural, name, stored.obj["metadata"]["name"])
        if store.openshift and store.stored("projects", None, name) is not None:
            store.delete("projects", None, name)
        return
    if change.type != "ADDED":
        return
    for account in _OPENSHIFT_ACCOUNTS if store.openshift else ("default",):
        _create_if_absent(store, "serviceaccounts", {"kind": "ServiceAccount", "metadata": _meta(account, name)})
    about = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints."
    metadata = {**_meta("kube-root-ca.crt", name), "annotations": {"kubernetes.io/description": about}}
    _create_if_absent(store, "configmaps", {"kind": "ConfigMap", "metadata": metadata, "data": {"ca.crt": ""}})
    if store.openshift:
        project = {"apiVersion": "project.openshift.io/v1", "kind": "Project", "metadata": {"name": name}}
        store.create({**project, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})


def account_added(store: ObjectStore, account: Obj) -> None:
    """On OpenShift a new service account gets a generated `<name>-dockercfg-xxxxx` for the
    internal registry.
    """
    if not store.openshift:
        return
    metadata = account["metadata"]
    name, namespace = metadata["name"], metadata["namespace"]
    secret_name = f"{name}-dockercfg-{suffix(store.rng)}"
    token = base64.b64encode(store.rng.randbytes(24)).decode()
    auth = base64.b64encode(f"<token>:{token}".encode()).decode()
    entry = {"username": "<token>", "password": token, "email": "serviceaccount@example.org", "auth": auth}
    raw = json.dumps({INTERNAL_REGISTRY: entry}).encode()
    annotations = {"openshift.io/internal-registry-auth-token.service-account": name}
    secret: Obj = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/dockercfg"}
    secret["metadata"] = {**_meta(secret_name, namespace), "annotations": annotations}
    owner = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "name": name,
        "uid": metadata["uid"],
        "controller": False,
    }
    secret["metadata"]["ownerReferences"] = [{**owner, "blockOwnerDeletion": False}]
    store.create({**secret, "data": {".dockercfg": base64.b64encode(raw).decode()}})
    current = store.get("serviceaccounts", namespace, name)
    if current is not None:
        for field in ("imagePullSecrets", "secrets"):
            current[field] = [*(current.get(field) or []), {"name": secret_name}]
        store.update(current)


def _meta(name: str, namespace: str) -> Obj:
    return {"name": name, "namespace": namespace}


def _create_if_absent(store: ObjectStore, plural: str, obj: Obj) -> None:
    if store.stored(plural, obj["metadata"]["namespace"], obj["metadata"]["name"]) is None:
        store.create({"apiVersion": "v1", **obj})
