"""What a controller asks of a pod: is it active, is it ready, how did it end."""

from __future__ import annotations

from typing import Any

Obj = dict[str, Any]


def phase(pod: Obj) -> str:
    """The pod's phase; Pending where the kubelet has said nothing yet."""
    return str((pod.get("status") or {}).get("phase") or "Pending")


def is_active(pod: Obj) -> bool:
    """Neither finished nor on its way out."""
    return phase(pod) not in ("Succeeded", "Failed") and "deletionTimestamp" not in pod["metadata"]


def is_ready(pod: Obj) -> bool:
    """Whether the Ready condition is true."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in conditions)


def owner_reference(owner: Obj) -> Obj:
    """The entry that makes an object the controller of another."""
    metadata = owner["metadata"]
    kind = {"apiVersion": owner["apiVersion"], "kind": owner["kind"]}
    return {
        **kind,
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def pod_from_template(owner: Obj, template: Obj, **metadata: Any) -> Obj:
    """A pod of a workload, as its controller submits it."""
    given = template.get("metadata") or {}
    merged: Obj = {key: dict(given[key]) for key in ("labels", "annotations") if given.get(key)}
    merged["namespace"] = owner["metadata"]["namespace"]
    merged["ownerReferences"] = [owner_reference(owner)]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {**merged, **metadata}, "spec": template["spec"]}
