"""The Job controller: pods until enough have succeeded or too many have failed. CronJobs are kept, not
started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .names import timestamp
from .pod_state import is_active, is_ready, phase, pod_from_template
from .workloads import note, set_status, submit_pod

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]


def _condition(store: ObjectStore, type_: str, reason: str = "", message: str = "") -> Obj:
    now = timestamp(store.clock())
    condition = {"type": type_, "status": "True", "lastProbeTime": now, "lastTransitionTime": now}
    return {**condition, **({"reason": reason, "message": message} if reason else {})}


def sync_job(store: ObjectStore, job: Obj, children: list[Obj]) -> None:
    """Creates the pods that are missing and writes how far the job is."""
    spec, old = job["spec"], job.get("status") or {}
    if any(c["type"] in ("Complete", "Failed") for c in old.get("conditions") or []):
        return
    succeeded = sum(phase(pod) == "Succeeded" for pod in children)
    failed = sum(phase(pod) == "Failed" for pod in children)
    active = [pod for pod in children if is_active(pod)]
    conditions: list[Obj] = []
    if succeeded >= int(spec["completions"]):
        conditions = [_condition(store, "Complete")]
        note(store, job, "job-controller", "Completed", "Job completed")
    elif failed > int(spec["backoffLimit"]):
        text = "Job has reached the specified backoff limit"
        conditions = [_condition(store, "Failed", "BackoffLimitExceeded", text)]
        note(store, job, "job-controller", "BackoffLimitExceeded", text, "Warning")
    elif not spec["suspend"]:
        missing = min(int(spec["parallelism"]), int(spec["completions"]) - succeeded) - len(active)
        for _ in range(missing):
            pod = pod_from_template(job, spec["template"], generateName=f"{job['metadata']['name']}-")
            if not submit_pod(store, job, pod, "job-controller"):
                break
        if missing > 0:
            return  # the new pods bring the job back into the queue
    status: Obj = {
        "startTime": old.get("startTime") or timestamp(store.clock()),
        "ready": sum(map(is_ready, active)),
    }
    status |= {k: v for k, v in (("active", len(active)), ("succeeded", succeeded), ("failed", failed)) if v}
    if conditions:
        status["conditions"] = conditions
        if conditions[0]["type"] == "Complete":
            status["completionTime"] = timestamp(store.clock())
    set_status(store, job, status)
