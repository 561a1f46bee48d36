"""Events as a cluster keeps them: the same thing said of the same object again raises a count, not a second
object.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from .names import micro_timestamp, timestamp

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]


def reference(obj: Obj, field_path: str | None = None) -> Obj:
    """The `involvedObject` that stands for an object, and for one container with `spec.containers{name}`."""
    metadata = obj["metadata"]
    found = {"apiVersion": obj.get("apiVersion"), "kind": obj.get("kind"), "name": metadata.get("name")}
    found |= {key: metadata[key] for key in ("namespace", "uid", "resourceVersion") if key in metadata}
    if field_path:
        found["fieldPath"] = field_path
    return found


class EventRecorder:
    """Correlates events; one per store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._known: dict[tuple[str, ...], str] = {}
        self._serial = 0

    def record(self, event: Obj) -> Obj:
        """Creates or bumps; `involvedObject`, `reason`, `message`, `type` and `source` (or a reporting
        component) matter.
        """
        now, involved = self._store.clock(), event["involvedObject"]
        namespace = involved.get("namespace") or "default"
        correlation = self._correlation(namespace, event)
        name = self._known.get(correlation)
        stored = self._store.stored("events", namespace, name) if name else None
        if stored is not None and not event.get("eventTime"):
            seen = stored.copy()
            seen["count"] = int(seen.get("count") or 1) + 1
            seen["lastTimestamp"] = timestamp(now)
            return self._store.update(seen)
        self._serial += 1
        nanoseconds = int(now.timestamp() * 1_000_000) * 1000 + self._serial % 1000
        fresh = copy.deepcopy(event)
        fresh |= {"apiVersion": "v1", "kind": "Event"}
        fresh["metadata"] = {"name": f"{involved.get('name')}.{nanoseconds:x}", "namespace": namespace}
        source = fresh.setdefault("source", {})
        fresh.setdefault("type", "Normal")
        if not fresh.get("eventTime"):
            fresh |= {"count": 1, "firstTimestamp": timestamp(now), "lastTimestamp": timestamp(now)}
            fresh.setdefault("reportingComponent", source.get("component", ""))
            fresh.setdefault("reportingInstance", source.get("host", ""))
        created = self._store.create(fresh)
        self._known[correlation] = created["metadata"]["name"]
        return created

    def scheduled(self, pod: Obj, reason: str, message: str, type_: str = "Normal") -> None:
        """An event of the scheduler, which uses the newer form: a time with microseconds and no count."""
        action = "Binding" if reason == "Scheduled" else "Scheduling"
        reporter = {
            "reportingComponent": "default-scheduler",
            "reportingInstance": "default-scheduler-control-plane",
        }
        event = {
            "involvedObject": reference(pod),
            "reason": reason,
            "message": message,
            "type": type_,
            **reporter,
        }
        self.record({**event, "action": action, "eventTime": micro_timestamp(self._store.clock())})

    @staticmethod
    def _correlation(namespace: str, event: Obj) -> tuple[str, ...]:
        involved, source = event["involvedObject"], event.get("source") or {}
        parts = (involved.get(key) for key in ("kind", "name", "uid", "fieldPath"))
        texts = (event.get(key) for key in ("reason", "message", "type"))
        return (namespace, *(str(p) for p in parts), *(str(t) for t in texts), str(source.get("component")))
