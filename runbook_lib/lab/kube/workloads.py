"""Controllers of Deployments, ReplicaSets, StatefulSets and DaemonSets, as far as failing and mended pulls
need them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .event_recorder import reference
from .names import template_hash, timestamp
from .pod_state import is_active, is_ready, owner_reference, pod_from_template
from .refusals import ApiRefusal

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]

_REVISION = "deployment.kubernetes.io/revision"


def note(store: ObjectStore, obj: Obj, component: str, reason: str, message: str, type_: str = "Normal") -> None:
    """An event of a controller."""
    event = {"involvedObject": reference(obj), "reason": reason, "message": message, "type": type_}
    store.record_event({**event, "source": {"component": component}})


def submit_pod(store: ObjectStore, owner: Obj, pod: Obj, component: str) -> bool:
    """Creates a pod of a workload; a refusal becomes a FailedCreate event, as it is how one sees it in a
    cluster.
    """
    try:
        created = store.create(pod)
    except ApiRefusal as refusal:
        note(store, owner, component, "FailedCreate", f"Error creating: {refusal.message}", "Warning")
        return False
    note(store, owner, component, "SuccessfulCreate", f"Created pod: {created['metadata']['name']}")
    return True


def set_status(store: ObjectStore, obj: Obj, status: Obj) -> None:
    """Writes a workload's status where it differs."""
    if obj.get("status") != status:
        metadata = obj["metadata"]
        plural = obj["kind"].lower() + "s"
        store.replace_status(plural, metadata["namespace"], metadata["name"], status)


def _remove_pods(store: ObjectStore, owner: Obj, pods: list[Obj], component: str) -> None:
    for pod in pods:
        name = pod["metadata"]["name"]
        store.delete("pods", pod["metadata"]["namespace"], name)
        note(store, owner, component, "SuccessfulDelete", f"Deleted pod: {name}")


def sync_replica_set(store: ObjectStore, rs: Obj, children: list[Obj]) -> None:
    """Creates the pods that are missing, or deletes those too many, not ready ones first."""
    pods = [child for child in children if is_active(child)]
    wanted, name = int(rs["spec"]["replicas"]), rs["metadata"]["name"]
    created = 0
    for _ in range(wanted - len(pods)):
        pod = pod_from_template(rs, rs["spec"]["template"], generateName=f"{name}-")
        if not submit_pod(store, rs, pod, "replicaset-controller"):
            break
        created += 1
    surplus = sorted(pods, key=is_ready)[: max(0, len(pods) - wanted)]
    _remove_pods(store, rs, surplus, "replicaset-controller")
    if created or surplus:
        return  # those changes bring this ReplicaSet back into the queue, and then its status is written
    ready = sum(is_ready(pod) for pod in pods)
    status: Obj = {"replicas": len(pods), "fullyLabeledReplicas": len(pods)}
    status["observedGeneration"] = rs["metadata"].get("generation", 1)
    if ready:
        status |= {"readyReplicas": ready, "availableReplicas": ready}
    set_status(store, rs, status)


def _portion(value: Any, total: int, up: bool) -> int:
    if isinstance(value, str) and value.endswith("%"):
        exact = total * int(value[:-1]) / 100
        return math.ceil(exact) if up else math.floor(exact)
    return int(value or 0)


def _ready(rs: Obj) -> int:
    return int((rs.get("status") or {}).get("readyReplicas") or 0)


def _scale(store: ObjectStore, deployment: Obj, rs: Obj, replicas: int) -> None:
    before = int(rs["spec"]["replicas"])
    if before == replicas:
        return
    rs["spec"]["replicas"] = replicas
    store.update(rs)
    way = "up" if replicas > before else "down"
    message = f"Scaled {way} replica set {rs['metadata']['name']} from {before} to {replicas}"
    note(store, deployment, "deployment-controller", "ScalingReplicaSet", message)


def _new_replica_set(store: ObjectStore, deployment: Obj, ending: str, revision: int) -> Obj:
    metadata, spec = deployment["metadata"], deployment["spec"]
    extra = {"pod-template-hash": ending}
    template = {**spec["template"], "metadata": dict(spec["template"]["metadata"])}
    template["metadata"]["labels"] = {**(template["metadata"].get("labels") or {}), **extra}
    selector = {**spec["selector"], "matchLabels": {**(spec["selector"].get("matchLabels") or {}), **extra}}
    own: Obj = {"name": f"{metadata['name']}-{ending}", "namespace": metadata["namespace"]}
    own |= {"labels": template["metadata"]["labels"], "annotations": {_REVISION: str(revision)}}
    own["ownerReferences"] = [owner_reference(deployment)]
    body = {"replicas": 0, "selector": selector, "template": template}
    return store.create({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": own, "spec": body})


def sync_deployment(store: ObjectStore, deployment: Obj, children: list[Obj]) -> None:
    """Rolls out the present template: a new ReplicaSet grows within the surge, old ones shrink as new pods
    get ready.
    """
    spec, wanted = deployment["spec"], int(deployment["spec"]["replicas"])
    ending = template_hash(spec["template"])
    revisions = [int((rs["metadata"].get("annotations") or {}).get(_REVISION, 0)) for rs in children]
    current = next((rs for rs in children if rs["metadata"]["labels"].get("pod-template-hash") == ending), None)
    if current is None:
        current = _new_replica_set(store, deployment, ending, max(revisions, default=0) + 1)
        _set_revision(store, deployment, max(revisions, default=0) + 1)
        children = [*children, current]
    old = [rs for rs in children if rs is not current and int(rs["spec"]["replicas"])]
    strategy = spec.get("strategy") or {}
    rolling = strategy.get("rollingUpdate") or {}
    recreate = strategy.get("type") == "Recreate"
    surge = 0 if recreate else _portion(rolling.get("maxSurge", "25%"), wanted, up=True)
    spare = wanted if recreate else _portion(rolling.get("maxUnavailable", "25%"), wanted, up=False)
    may_go = max(0, sum(_ready(rs) for rs in children) - (wanted - max(spare, 0 if surge else 1)))
    for rs in old:
        broken = int(rs["spec"]["replicas"]) - _ready(rs)
        keep = max(0, int(rs["spec"]["replicas"]) - broken - may_go)
        may_go -= max(0, int(rs["spec"]["replicas"]) - broken - keep)
        _scale(store, deployment, rs, 0 if recreate else keep)
    room = wanted + surge - sum(int(rs["spec"]["replicas"]) for rs in old)
    _scale(store, deployment, current, max(min(wanted, room), min(wanted, int(current["spec"]["replicas"]))))
    _deployment_status(store, deployment["metadata"]["namespace"], deployment["metadata"]["name"], children, current)


def _set_revision(store: ObjectStore, deployment: Obj, revision: int) -> None:
    fresh = store.get("deployments", deployment["metadata"]["namespace"], deployment["metadata"]["name"])
    if fresh is not None:
        fresh["metadata"].setdefault("annotations", {})[_REVISION] = str(revision)
        store.update(fresh)


def _deployment_status(store: ObjectStore, namespace: str, name: str, sets: list[Obj], current: Obj) -> None:
    deployment = store.get("deployments", namespace, name)
    if deployment is None:
        return
    wanted = int(deployment["spec"]["replicas"])
    sets = [store.get("replicasets", namespace, rs["metadata"]["name"]) or rs for rs in sets]
    counts = [int((rs.get("status") or {}).get("replicas") or 0) for rs in sets]
    updated = sum(c for rs, c in zip(sets, counts, strict=True) if rs["metadata"]["uid"] == current["metadata"]["uid"])
    ready = sum(_ready(rs) for rs in sets)
    status: Obj = {"observedGeneration": deployment["metadata"]["generation"]}
    numbers = {
        "replicas": sum(counts),
        "updatedReplicas": updated,
        "readyReplicas": ready,
        "availableReplicas": ready,
    }
    status |= {key: value for key, value in numbers.items() if value}
    if max(wanted - ready, 0):
        status["unavailableReplicas"] = max(wanted - ready, 0)
    enough = ready >= wanted - _portion("25%", wanted, up=False)
    available = {"type": "Available", "status": "True" if enough else "False"}
    available["reason"] = "MinimumReplicasAvailable" if enough else "MinimumReplicasUnavailable"
    available["message"] = f"Deployment {'has' if enough else 'does not have'} minimum availability."
    done = updated == wanted == ready
    progress = {"type": "Progressing", "status": "True"}
    progress["reason"] = "NewReplicaSetAvailable" if done else "ReplicaSetUpdated"
    what = "has successfully progressed" if done else "is progressing"
    progress["message"] = f'ReplicaSet "{current["metadata"]["name"]}" {what}.'
    old = {c["type"]: c for c in (deployment.get("status") or {}).get("conditions") or []}
    status["conditions"] = [_dated(store, old, condition) for condition in (available, progress)]
    set_status(store, deployment, status)


def _dated(store: ObjectStore, old: dict[str, Obj], condition: Obj) -> Obj:
    before, now = old.get(condition["type"], {}), timestamp(store.clock())
    same = all(before.get(key) == value for key, value in condition.items())
    since = before.get("lastTransitionTime", now) if before.get("status") == condition["status"] else now
    updated = before.get("lastUpdateTime", now) if same else now
    return {**condition, "lastTransitionTime": since, "lastUpdateTime": updated}


def sync_stateful_set(store: ObjectStore, sts: Obj, children: list[Obj]) -> None:
    """Creates pods `name-0`, `name-1`, … each only when the one before is ready, unless the policy is
    Parallel.
    """
    wanted, name = int(sts["spec"]["replicas"]), sts["metadata"]["name"]
    pods = {child["metadata"]["name"]: child for child in children if is_active(child)}
    for index in range(wanted):
        own = f"{name}-{index}"
        if own not in pods:
            pod = pod_from_template(sts, sts["spec"]["template"], name=own)
            pod["metadata"].setdefault("labels", {})["statefulset.kubernetes.io/pod-name"] = own
            pod["metadata"]["labels"]["apps.kubernetes.io/pod-index"] = str(index)
            submit_pod(store, sts, pod, "statefulset-controller")
        if sts["spec"].get("podManagementPolicy") != "Parallel" and not (own in pods and is_ready(pods[own])):
            break
    kept = {f"{name}-{index}" for index in range(wanted)}
    _remove_pods(store, sts, [pod for own, pod in pods.items() if own not in kept], "statefulset-controller")
    ready = sum(is_ready(pod) for pod in pods.values())
    status: Obj = {"replicas": len(pods), "observedGeneration": sts["metadata"].get("generation", 1)}
    status |= {"currentReplicas": len(pods), "updatedReplicas": len(pods), "availableReplicas": ready}
    set_status(store, sts, {**status, "readyReplicas": ready} if ready else status)


def sync_daemon_set(store: ObjectStore, ds: Obj, children: list[Obj]) -> None:
    """Keeps one pod on every node."""
    nodes = {stored.obj["metadata"]["name"] for stored in store.storage.items(store.resource("nodes"))}
    pods = {child["spec"].get("nodeName"): child for child in children if is_active(child)}
    for node in sorted(nodes - pods.keys()):
        pod = pod_from_template(ds, ds["spec"]["template"], generateName=f"{ds['metadata']['name']}-")
        pod["spec"] = {**pod["spec"], "nodeName": node}
        submit_pod(store, ds, pod, "daemonset-controller")
    _remove_pods(store, ds, [pod for node, pod in pods.items() if node not in nodes], "daemonset-controller")
    ready = sum(is_ready(pod) for pod in pods.values())
    numbers = {
        "desiredNumberScheduled": len(nodes),
        "currentNumberScheduled": len(pods),
        "numberReady": ready,
    }
    numbers |= {"numberMisscheduled": 0, "updatedNumberScheduled": len(pods), "numberAvailable": ready}
    status = {
        **numbers,
        "numberUnavailable": len(nodes) - ready,
        "observedGeneration": ds["metadata"]["generation"],
    }
    set_status(store, ds, status)
