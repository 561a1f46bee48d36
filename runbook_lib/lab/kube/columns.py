"""The columns that the server prints for each type, and how a row's cells come from an object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .durations import age
from .names import parse_timestamp
from .pod_table import pod_cells

Obj = dict[str, Any]
Cells = Callable[[Obj, datetime], list[Any]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a type, those that only `-o wide` shows, and how to make a row's cells."""

    columns: tuple[str, ...]
    wide: tuple[str, ...]
    cells: Cells

    def definitions(self) -> list[Obj]:
        """The `columnDefinitions` of the table."""
        found = []
        for priority, names in ((0, self.columns), (1, self.wide)):
            for name in names:
                form = "name" if name == "Name" else ""
                entry = {
                    "name": name,
                    "type": "string",
                    "format": form,
                    "description": f"{name}.",
                    "priority": priority,
                }
                found.append(entry)
        return found


def _created(obj: Obj, now: datetime) -> str:
    return age(parse_timestamp(obj["metadata"].get("creationTimestamp")), now)


def _name(obj: Obj) -> str:
    return str(obj["metadata"]["name"])


def _number(obj: Obj, part: str, field: str) -> int:
    return int((obj.get(part) or {}).get(field) or 0)


def _containers(obj: Obj) -> list[str]:
    containers = obj["spec"]["template"]["spec"].get("containers") or []
    return [",".join(c["name"] for c in containers), ",".join(c.get("image", "") for c in containers)]


def _labels(selector: Obj | None) -> str:
    return ",".join(f"{k}={v}" for k, v in ((selector or {}).get("matchLabels") or {}).items()) or "<none>"


def _event(obj: Obj, now: datetime) -> list[Any]:
    involved, source = obj["involvedObject"], obj.get("source") or {}
    moments = (obj.get("lastTimestamp"), obj.get("firstTimestamp"), obj.get("eventTime"))
    last = next((parse_timestamp(m) for m in moments if m), None)
    first = parse_timestamp(obj.get("firstTimestamp") or obj.get("eventTime"))
    reporter = ", ".join(p for p in (source.get("component") or obj.get("reportingComponent"), source.get("host")) if p)
    subject = f"{str(involved.get('kind')).lower()}/{involved.get('name')}"
    seen = [age(last, now), obj.get("type"), obj.get("reason"), subject, str(obj.get("message", "")).strip()]
    return [
        *seen,
        involved.get("fieldPath", ""),
        reporter,
        age(first, now),
        int(obj.get("count") or 1),
        _name(obj),
    ]


def _node(obj: Obj, now: datetime) -> list[Any]:
    status, labels = obj.get("status") or {}, obj["metadata"].get("labels") or {}
    ready = next((c["status"] for c in status.get("conditions") or [] if c["type"] == "Ready"), "Unknown")
    text = {"True": "Ready", "False": "NotReady"}.get(ready, "Unknown")
    if (obj.get("spec") or {}).get("unschedulable"):
        text += ",SchedulingDisabled"
    prefix = "node-role.kubernetes.io/"
    roles = ",".join(sorted(label[len(prefix) :] for label in labels if label.startswith(prefix))) or "<none>"
    info = status.get("nodeInfo") or {}
    places = {a["type"]: a["address"] for a in status.get("addresses") or []}
    wide = [
        places.get("InternalIP", "<none>"),
        places.get("ExternalIP", "<none>"),
        info.get("osImage", "<unknown>"),
    ]
    wide += [info.get("kernelVersion", "<unknown>"), info.get("containerRuntimeVersion", "<unknown>")]
    return [_name(obj), text, roles, _created(obj, now), info.get("kubeletVersion", ""), *wide]


def _deployment(obj: Obj, now: datetime) -> list[Any]:
    ready = f"{_number(obj, 'status', 'readyReplicas')}/{_number(obj, 'spec', 'replicas')}"
    numbers = [_number(obj, "status", "updatedReplicas"), _number(obj, "status", "availableReplicas")]
    return [
        _name(obj),
        ready,
        *numbers,
        _created(obj, now),
        *_containers(obj),
        _labels(obj["spec"].get("selector")),
    ]


def _replica_set(obj: Obj, now: datetime) -> list[Any]:
    numbers = [
        _number(obj, "spec", "replicas"),
        _number(obj, "status", "replicas"),
        _number(obj, "status", "readyReplicas"),
    ]
    return [_name(obj), *numbers, _created(obj, now), *_containers(obj), _labels(obj["spec"].get("selector"))]


def _stateful_set(obj: Obj, now: datetime) -> list[Any]:
    ready = f"{_number(obj, 'status', 'readyReplicas')}/{_number(obj, 'spec', 'replicas')}"
    return [_name(obj), ready, _created(obj, now), *_containers(obj)]


def _daemon_set(obj: Obj, now: datetime) -> list[Any]:
    fields = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled")
    numbers = [_number(obj, "status", field) for field in (*fields, "numberAvailable")]
    selector = ",".join(f"{k}={v}" for k, v in (obj["spec"]["template"]["spec"].get("nodeSelector") or {}).items())
    return [
        _name(obj),
        *numbers,
        selector or "<none>",
        _created(obj, now),
        *_containers(obj),
        _labels(obj["spec"].get("selector")),
    ]


def _job(obj: Obj, now: datetime) -> list[Any]:
    conditions = {c["type"] for c in (obj.get("status") or {}).get("conditions") or []}
    text = next((t for t in ("Complete", "Failed") if t in conditions), "Running")
    done = f"{_number(obj, 'status', 'succeeded')}/{_number(obj, 'spec', 'completions')}"
    start, end = (parse_timestamp((obj.get("status") or {}).get(k)) for k in ("startTime", "completionTime"))
    took = "" if start is None else age(start, end or now)
    return [
        _name(obj),
        text,
        done,
        took,
        _created(obj, now),
        *_containers(obj),
        _labels(obj["spec"].get("selector")),
    ]


def _cron_job(obj: Obj, now: datetime) -> list[Any]:
    spec, status = obj["spec"], obj.get("status") or {}
    last = parse_timestamp(status.get("lastScheduleTime"))
    start = [
        _name(obj),
        spec.get("schedule"),
        spec.get("timeZone") or "<none>",
        str(bool(spec.get("suspend"))),
    ]
    return [*start, len(status.get("active") or []), age(last, now) if last else "<none>", _created(obj, now)]


def _service(obj: Obj, now: datetime) -> list[Any]:
    spec = obj.get("spec") or {}
    ports = ",".join(f"{p.get('port')}/{p.get('protocol', 'TCP')}" for p in spec.get("ports") or []) or "<none>"
    address = spec.get("clusterIP") or "<none>"
    return [_name(obj), spec.get("type") or "ClusterIP", address, "<none>", ports, _created(obj, now)]


def _binding(obj: Obj, now: datetime) -> list[Any]:
    role = obj["roleRef"]
    return [_name(obj), f"{role.get('kind')}/{role.get('name')}", _created(obj, now)]


_PODS = ("Name", "Ready", "Status", "Restarts", "Age"), ("IP", "Node", "Nominated Node", "Readiness Gates")
_SHOWN = ("Containers", "Images", "Selector")
LAYOUTS: dict[str, Layout] = {
    "pods": Layout(*_PODS, pod_cells),
    "events": Layout(
        ("Last Seen", "Type", "Reason", "Object", "Message"),
        ("Subobject", "Source", "First Seen", "Count", "Name"),
        _event,
    ),
    "secrets": Layout(
        ("Name", "Type", "Data", "Age"),
        (),
        lambda o, now: [_name(o), o.get("type"), len(o.get("data") or {}), _created(o, now)],
    ),
    "configmaps": Layout(
        ("Name", "Data", "Age"), (), lambda o, now: [_name(o), len(o.get("data") or {}), _created(o, now)]
    ),
    "serviceaccounts": Layout(
        ("Name", "Secrets", "Age"),
        (),
        lambda o, now: [_name(o), len(o.get("secrets") or []), _created(o, now)],
    ),
    "namespaces": Layout(
        ("Name", "Status", "Age"),
        (),
        lambda o, now: [_name(o), (o.get("status") or {}).get("phase", "Active"), _created(o, now)],
    ),
    "nodes": Layout(
        ("Name", "Status", "Roles", "Age", "Version"),
        ("Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"),
        _node,
    ),
    "deployments": Layout(("Name", "Ready", "Up-to-date", "Available", "Age"), _SHOWN, _deployment),
    "replicasets": Layout(("Name", "Desired", "Current", "Ready", "Age"), _SHOWN, _replica_set),
    "statefulsets": Layout(("Name", "Ready", "Age"), _SHOWN[:2], _stateful_set),
    "daemonsets": Layout(
        ("Name", "Desired", "Current", "Ready", "Up-to-date", "Available", "Node Selector", "Age"),
        _SHOWN,
        _daemon_set,
    ),
    "jobs": Layout(("Name", "Status", "Completions", "Duration", "Age"), _SHOWN, _job),
    "cronjobs": Layout(("Name", "Schedule", "Timezone", "Suspend", "Active", "Last Schedule", "Age"), (), _cron_job),
    "services": Layout(("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age"), (), _service),
    "rolebindings": Layout(("Name", "Role", "Age"), (), _binding),
    "clusterrolebindings": Layout(("Name", "Role", "Age"), (), _binding),
}
PLAIN = Layout(("Name", "Age"), (), lambda o, now: [_name(o), _created(o, now)])
