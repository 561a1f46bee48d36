"""A pod's phase and conditions, from the reports of its containers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from runbook_lib.lab.kubelet.containers import Life, Report
from runbook_lib.lab.kubelet.happenings import stamp

Obj = dict[str, Any]


def phase(pod: Obj, init: Sequence[Report], regular: Sequence[Report]) -> str:
    """Gives the phase: Pending while an init container is not through or a regular one has never run."""
    if any(report.life is not Life.DONE for report in init):
        failed = any(report.life is Life.CRASHES for report in init)
        return "Failed" if failed and pod["spec"].get("restartPolicy") == "Never" else "Pending"
    if any(report.life is Life.WAITS for report in regular):
        return "Pending"
    ended = [report for report in regular if "terminated" in report.status["state"]]
    if len(ended) == len(regular):
        return "Failed" if any(report.life is Life.CRASHES for report in ended) else "Succeeded"
    return "Running"


def conditions(
    start: datetime, sandbox: datetime | None, init: Sequence[Report], regular: Sequence[Report]
) -> list[Obj]:
    """Gives the five conditions of a scheduled pod, each with the time of its last change."""
    waiting_init = [report.status["name"] for report in init if report.life is not Life.DONE]
    unready = [report.status["name"] for report in regular if not report.status["ready"]]
    last = max((report.since for report in regular if report.since), default=start)
    ready = _condition("Ready", last, True) if not unready else _unready("Ready", start, unready)
    containers = (
        _condition("ContainersReady", last, True) if not unready else _unready("ContainersReady", start, unready)
    )
    if waiting_init:
        message = f"containers with incomplete status: [{' '.join(waiting_init)}]"
        initialized = _condition("Initialized", start, False, "ContainersNotInitialized", message)
    else:
        initialized = _condition("Initialized", max((r.since for r in init if r.since), default=start), True)
    return [
        _condition("PodReadyToStartContainers", sandbox or start, sandbox is not None),
        initialized,
        ready,
        containers,
        _condition("PodScheduled", start, True),
    ]


def _unready(kind: str, start: datetime, names: Sequence[str]) -> Obj:
    message = f"containers with unready status: [{' '.join(names)}]"
    return _condition(kind, start, False, "ContainersNotReady", message)


def _condition(kind: str, since: datetime, true: bool, reason: str = "", message: str = "") -> Obj:
    found: Obj = {
        "lastProbeTime": None,
        "lastTransitionTime": stamp(since),
        "status": str(true),
        "type": kind,
    }
    if reason:
        found |= {"reason": reason, "message": message}
    return found
