"""The scheduler: the node with the fewest pods of those that a pod may run on, or an event that says why none
fits.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from .names import timestamp
from .storage import Change, Stored

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]


def _tolerated(taint: Obj, tolerations: list[Obj]) -> bool:
    for toleration in tolerations:
        if toleration.get("key") not in (None, "", taint.get("key")):
            continue
        if toleration.get("effect") not in (None, "", taint.get("effect")):
            continue
        if toleration.get("operator", "Equal") == "Exists" or toleration.get("value", "") == taint.get("value", ""):
            return True
    return False


def _obstacle(node: Obj, pod: Obj) -> str | None:
    """Why the pod may not run on the node, in the words of the scheduler's event."""
    spec, labels = node.get("spec") or {}, node["metadata"].get("labels") or {}
    if spec.get("unschedulable"):
        return "node(s) were unschedulable"
    for taint in spec.get("taints") or []:
        hard = taint.get("effect") in ("NoSchedule", "NoExecute")
        if hard and not _tolerated(taint, pod["spec"].get("tolerations") or []):
            return f"node(s) had untolerated taint {{{taint.get('key')}: {taint.get('value', '')}}}"
    wanted = pod["spec"].get("nodeSelector") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return "node(s) didn't match Pod's node affinity/selector"
    return None


def schedulable_again(change: Change) -> bool:
    """Whether a node has become fit for more pods: its spec or labels changed."""
    if change.type != "MODIFIED" or change.previous is None:
        return False
    old, new = change.previous.obj, change.stored.obj
    return bool(old.get("spec") != new.get("spec") or old["metadata"].get("labels") != new["metadata"].get("labels"))


def schedule(store: ObjectStore, stored: Stored) -> None:
    """Binds a pod without a node to one, or marks it unschedulable; a cluster without nodes leaves it as it
    is.
    """
    current = store.storage.get(store.resource("pods"), stored.key)
    if current is None or (current.obj.get("spec") or {}).get("nodeName"):
        return
    pod = current.copy()
    nodes = [node.obj for node in store.storage.items(store.resource("nodes"))]
    obstacles = {node["metadata"]["name"]: _obstacle(node, pod) for node in nodes}
    fitting = [name for name, obstacle in obstacles.items() if obstacle is None]
    if not fitting:
        _unschedulable(store, pod, Counter(o for o in obstacles.values() if o), len(nodes))
        return
    load = store.pods_by_node()
    chosen = min(fitting, key=lambda name: (load[name], name))
    pod["spec"]["nodeName"] = chosen
    _set_scheduled(store, pod, {"status": "True"})
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    store.recorder.scheduled(pod, "Scheduled", f"Successfully assigned {namespace}/{name} to {chosen}")


def _set_scheduled(store: ObjectStore, pod: Obj, condition: Obj) -> None:
    moment = timestamp(store.clock())
    times = {"lastProbeTime": None, "lastTransitionTime": moment}
    others = [c for c in pod.setdefault("status", {}).get("conditions") or [] if c.get("type") != "PodScheduled"]
    pod["status"]["conditions"] = [*others, {"type": "PodScheduled", **times, **condition}]
    store.commit(pod)


def _unschedulable(store: ObjectStore, pod: Obj, obstacles: Counter[str], nodes: int) -> None:
    if any(c.get("reason") == "Unschedulable" for c in (pod.get("status") or {}).get("conditions") or []):
        return
    why = ", ".join(f"{count} {text}" for text, count in obstacles.items())
    message = f"0/{nodes} nodes are available: {why}." if nodes else "no nodes available to schedule pods"
    _set_scheduled(store, pod, {"status": "False", "reason": "Unschedulable", "message": message})
    store.recorder.scheduled(pod, "FailedScheduling", message, "Warning")
