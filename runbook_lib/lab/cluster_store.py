"""The kubelet's view of the lab's API server: the object store itself, with the lab's clock."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from runbook_lib.lab.clock import LabClock
from runbook_lib.lab.kube import ApiRefusal, ObjectStore

Obj = dict[str, Any]


class StoreCluster:
    """Reads and writes the store as a kubelet does through the API server."""

    def __init__(self, store: ObjectStore, clock: LabClock) -> None:
        self._store = store
        self._clock = clock

    def now(self) -> datetime:
        """Gives the cluster's time."""
        return self._clock()

    def get(self, plural: str, namespace: str, name: str) -> Obj | None:
        """Gives one object."""
        return self._store.get(plural, namespace, name)

    def pods_of(self, node: str) -> list[Obj]:
        """Gives the pods that are bound to a node."""
        return self._store.list("pods", fields=f"spec.nodeName={node}")

    def write_status(self, pod: Obj, status: Obj) -> None:
        """Replaces the status of a pod; one that was deleted meanwhile is left alone."""
        metadata = pod["metadata"]
        present = self.get("pods", metadata["namespace"], metadata["name"])
        if present is None or present["metadata"]["uid"] != metadata["uid"]:
            return
        try:
            self._store.replace_status("pods", metadata["namespace"], metadata["name"], status)
        except ApiRefusal as refusal:
            if refusal.status != 404:  # deleted since it was looked at
                raise

    def write_event(self, event: Obj) -> None:
        """Writes an event at the time when it first happened, or raises the count of the one already
        there.
        """
        name = _event_name(event)
        present = self.get("events", event["metadata"]["namespace"], name)
        if present is None:
            with self._clock.at(datetime.fromisoformat(event["firstTimestamp"])):
                self._create(event | {"metadata": event["metadata"] | {"name": name}})
        elif event["count"] > present["count"]:
            self._store.update(present | {"count": event["count"], "lastTimestamp": event["lastTimestamp"]})

    def _create(self, event: Obj) -> None:
        try:
            self._store.create(event)
        except ApiRefusal as refusal:
            if refusal.status != 404:  # the namespace is gone, and the pod with it
                raise


def _event_name(event: Obj) -> str:
    involved = event["involvedObject"]
    parts = (involved["uid"], involved.get("fieldPath", ""), event["reason"], event["message"])
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{involved['name']}.{digest[:16]}"
