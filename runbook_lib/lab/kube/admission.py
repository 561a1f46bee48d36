"""Admission of new pods: the service account's pull secrets and token, and the tolerations that every pod
gets.

The service account's `imagePullSecrets` are copied here, when the pod is created and only if it names none; a
service account mended later does not help a pod that exists.
"""

from __future__ import annotations

import copy
import random
from typing import Any

from .defaults import all_containers
from .names import suffix
from .refusals import forbidden

Obj = dict[str, Any]

ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"


def account_name(pod: Obj) -> str:
    """The service account that a pod runs as."""
    return str(pod["spec"].get("serviceAccountName") or "default")


def _token_volume(name: str) -> Obj:
    namespace_ref = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources: list[Obj] = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
        {"downwardAPI": {"items": [{"fieldRef": namespace_ref, "path": "namespace"}]}},
    ]
    return {"name": name, "projected": {"defaultMode": 420, "sources": sources}}


def _wants_token(pod: Obj, account: Obj) -> bool:
    for holder in (pod["spec"], account):
        if isinstance(holder.get("automountServiceAccountToken"), bool):
            return bool(holder["automountServiceAccountToken"])
    return True


def admit_pod(pod: Obj, account: Obj | None, rng: random.Random) -> None:
    """Completes a new pod in place from its service account; 403 where the service account does not exist."""
    spec, name = pod["spec"], account_name(pod)
    namespace = pod["metadata"].get("namespace", "")
    if account is None:
        why = f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found'
        shown = pod["metadata"].get("generateName") or pod["metadata"].get("name") or ""
        raise forbidden("pods", "", shown, why)
    spec["serviceAccountName"] = spec["serviceAccount"] = name
    if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
        spec["imagePullSecrets"] = copy.deepcopy(account["imagePullSecrets"])
    if _wants_token(pod, account):
        _mount_token(spec, rng)
    _tolerate_node_trouble(spec)


def _mount_token(spec: Obj, rng: random.Random) -> None:
    if any(str(v.get("name", "")).startswith("kube-api-access-") for v in spec.get("volumes") or []):
        return
    volume = f"kube-api-access-{suffix(rng)}"
    mounted = False
    for container in all_containers(spec):
        mounts = list(container.get("volumeMounts") or [])
        if all(mount.get("mountPath") != ACCOUNT_PATH for mount in mounts):
            container["volumeMounts"] = [
                *mounts,
                {"mountPath": ACCOUNT_PATH, "name": volume, "readOnly": True},
            ]
            mounted = True
    if mounted:
        spec["volumes"] = [*(spec.get("volumes") or []), _token_volume(volume)]


def _tolerate_node_trouble(spec: Obj) -> None:
    tolerations = spec["tolerations"] = list(spec.get("tolerations") or [])
    for trouble in ("not-ready", "unreachable"):
        key = f"node.kubernetes.io/{trouble}"
        if all(toleration.get("key") != key for toleration in tolerations):
            entry = {"effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": 300}
            tolerations.append(entry)
