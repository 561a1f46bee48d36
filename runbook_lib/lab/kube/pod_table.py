"""The row that `kubectl get pods` prints: READY, STATUS and RESTARTS put together from container statuses.

STATUS is not the phase. It is the reason of a container that waits or ended, with `Init:` before one of an
init container's, and that is what people look for and report.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .durations import age
from .names import parse_timestamp

Obj = dict[str, Any]


def _ended(terminated: Obj) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def _init_status(pod: Obj) -> str | None:
    """What holds up the init containers; None when all are done or only side cars that have
    started are left.
    """
    spec = (pod.get("spec") or {}).get("initContainers") or []
    sidecars = {container.get("name") for container in spec if container.get("restartPolicy") == "Always"}
    for index, status in enumerate((pod.get("status") or {}).get("initContainerStatuses") or []):
        state = status.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting") or {}
        if terminated and terminated.get("exitCode") == 0:
            continue
        if status.get("name") in sidecars and status.get("started"):
            continue
        if terminated:
            return f"Init:{_ended(terminated)}"
        if waiting.get("reason") and waiting["reason"] != "PodInitializing":
            return f"Init:{waiting['reason']}"
        return f"Init:{index}/{len(spec)}"
    return None


def _container_status(pod: Obj, reason: str) -> tuple[str, bool]:
    running = False
    for status in reversed((pod.get("status") or {}).get("containerStatuses") or []):
        state = status.get("state") or {}
        if (state.get("waiting") or {}).get("reason"):
            reason = state["waiting"]["reason"]
        elif state.get("terminated"):
            reason = _ended(state["terminated"])
        elif status.get("ready") and state.get("running") is not None:
            running = True
    return reason, running


def pod_status(pod: Obj) -> str:
    """The text of the STATUS column."""
    status = pod.get("status") or {}
    conditions = {c.get("type"): c for c in status.get("conditions") or []}
    reason = str(status.get("reason") or status.get("phase") or "Unknown")
    if conditions.get("PodScheduled", {}).get("reason") == "SchedulingGated":
        reason = "SchedulingGated"
    held = _init_status(pod)
    if held is not None:
        reason = held
    if held is None or conditions.get("Initialized", {}).get("status") == "True":
        reason, running = _container_status(pod, reason)
        if reason == "Completed" and running:
            reason = "Running" if conditions.get("Ready", {}).get("status") == "True" else "NotReady"
    if "deletionTimestamp" in pod["metadata"] and status.get("phase") not in ("Succeeded", "Failed"):
        return "Unknown" if status.get("reason") == "NodeLost" else "Terminating"
    return reason


def _restarts(pod: Obj, now: datetime) -> str:
    status = pod.get("status") or {}
    statuses = [*(status.get("containerStatuses") or [])]
    if _init_status(pod) is not None:
        statuses = [*(status.get("initContainerStatuses") or [])]
    count = sum(int(s.get("restartCount") or 0) for s in statuses)
    ends = [parse_timestamp(((s.get("lastState") or {}).get("terminated") or {}).get("finishedAt")) for s in statuses]
    last = max((end for end in ends if end), default=None)
    return str(count) if not count or last is None else f"{count} ({age(last, now)} ago)"


def pod_cells(pod: Obj, now: datetime) -> list[Any]:
    """The cells of a pod's row, those that only `-o wide` shows included."""
    status, spec = pod.get("status") or {}, pod.get("spec") or {}
    statuses = status.get("containerStatuses") or []
    ready = sum(bool(s.get("ready") and (s.get("state") or {}).get("running") is not None) for s in statuses)
    created = parse_timestamp(pod["metadata"].get("creationTimestamp"))
    return [
        pod["metadata"]["name"],
        f"{ready}/{len(spec.get('containers') or [])}",
        pod_status(pod),
        _restarts(pod, now),
        age(created, now),
        status.get("podIP") or "<none>",
        spec.get("nodeName") or "<none>",
        status.get("nominatedNodeName") or "<none>",
        "<none>",
    ]
