"""What the API server fills in where an object does not say: the defaults of pods, workloads, secrets and
namespaces.
"""

from __future__ import annotations

import base64
from typing import Any

Obj = dict[str, Any]


def image_tag_is_latest(image: str) -> bool:
    """Whether an image names no tag or `latest`, and no digest: then the default policy is to pull always."""
    if "@" in image:
        return False
    _, colon, tag = image.rpartition("/")[2].partition(":")
    return not colon or tag == "latest"


def all_containers(spec: Obj) -> list[Obj]:
    """The containers of a pod spec, init containers first."""
    return [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]


def default_pod_spec(spec: Obj) -> None:
    """Fills in a pod spec (of a pod or a template) in place."""
    for container in all_containers(spec):
        if isinstance(container.get("image"), str):
            policy = "Always" if image_tag_is_latest(container["image"]) else "IfNotPresent"
            container.setdefault("imagePullPolicy", policy)
        container.setdefault("resources", {})
        container.setdefault("terminationMessagePath", "/dev/termination-log")
        container.setdefault("terminationMessagePolicy", "File")
        for port in container.get("ports") or []:
            port.setdefault("protocol", "TCP")
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("schedulerName", "default-scheduler")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account


def qos_class(spec: Obj) -> str:
    """BestEffort without requests and limits, Guaranteed where limits of both kinds equal requests, else
    Burstable.
    """
    wants = [container.get("resources") or {} for container in all_containers(spec)]
    if not any(want.get("requests") or want.get("limits") for want in wants):
        return "BestEffort"
    for want in wants:
        limits = want.get("limits") or {}
        if not {"cpu", "memory"} <= limits.keys() or (want.get("requests") or limits) != limits:
            return "Burstable"
    return "Guaranteed"


def _pod(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    default_pod_spec(spec)
    spec.setdefault("enableServiceLinks", True)
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    spec.setdefault("priority", 0)
    obj["status"] = {"phase": "Pending", "qosClass": qos_class(spec)}


def _template(spec: Obj) -> None:
    template = spec.setdefault("template", {})
    template["metadata"] = {"creationTimestamp": None, **(template.get("metadata") or {})}
    default_pod_spec(template.setdefault("spec", {}))


def _workload(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _template(spec)
    spec.setdefault("revisionHistoryLimit", 10)
    if obj["kind"] != "DaemonSet":
        spec.setdefault("replicas", 1)
    if obj["kind"] == "Deployment":
        spec.setdefault("progressDeadlineSeconds", 600)
        rolling = {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"}
        spec.setdefault("strategy", rolling)
    if obj["kind"] == "StatefulSet":
        spec.setdefault("podManagementPolicy", "OrderedReady")
        spec.setdefault("updateStrategy", {"rollingUpdate": {"partition": 0}, "type": "RollingUpdate"})
    if obj["kind"] == "DaemonSet":
        spec.setdefault(
            "updateStrategy", {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}, "type": "RollingUpdate"}
        )


def _job_spec(spec: Obj) -> None:
    _template(spec)
    spec.setdefault("backoffLimit", 6)
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("completions", 1)
    spec.setdefault("parallelism", 1)
    spec.setdefault("suspend", False)


def _job(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _job_spec(spec)
    if not spec.get("manualSelector"):
        uid, name = obj["metadata"]["uid"], obj["metadata"]["name"]
        labels = spec["template"]["metadata"].setdefault("labels", {})
        labels |= {"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name}
        labels |= {"controller-uid": uid, "job-name": name}
        spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}


def _cron_job(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    for key, value in (("concurrencyPolicy", "Allow"), ("suspend", False)):
        spec.setdefault(key, value)
    spec.setdefault("successfulJobsHistoryLimit", 3)
    spec.setdefault("failedJobsHistoryLimit", 1)
    job = spec.setdefault("jobTemplate", {})
    job["metadata"] = {"creationTimestamp": None, **(job.get("metadata") or {})}
    default_pod_spec(job.setdefault("spec", {}).setdefault("template", {}).setdefault("spec", {}))


def _secret(obj: Obj) -> None:
    obj.setdefault("type", "Opaque")
    plain = obj.pop("stringData", None)
    if isinstance(plain, dict):
        data = obj["data"] = dict(obj.get("data") or {})
        data |= {key: base64.b64encode(str(value).encode()).decode() for key, value in plain.items()}


def _namespace(obj: Obj) -> None:
    obj["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = obj["metadata"].get("name", "")
    obj["spec"] = {"finalizers": ["kubernetes"]}
    obj["status"] = {"phase": "Active"}


def _event(obj: Obj) -> None:
    for key in ("eventTime", "firstTimestamp", "lastTimestamp"):
        obj.setdefault(key, None)
    obj.setdefault("source", {})
    for key in ("reportingComponent", "reportingInstance"):
        obj.setdefault(key, "")


_BY_KIND = {
    "Pod": _pod,
    "Deployment": _workload,
    "ReplicaSet": _workload,
    "StatefulSet": _workload,
    "DaemonSet": _workload,
    "Job": _job,
    "CronJob": _cron_job,
    "Secret": _secret,
    "Namespace": _namespace,
    "Event": _event,
}


def apply_defaults(obj: Obj) -> None:
    """Fills in a new object in place, by its kind; an object without defaults stays as it is."""
    fill = _BY_KIND.get(obj["kind"])
    if fill is not None:
        fill(obj)


def apply_update_defaults(obj: Obj) -> None:
    """Fills in what an update may have left out: templates and secrets, but not a pod's status."""
    if obj["kind"] == "Secret":
        _secret(obj)
    elif obj["kind"] in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
        _workload(obj)
    elif obj["kind"] == "Pod":
        default_pod_spec(obj.setdefault("spec", {}))
