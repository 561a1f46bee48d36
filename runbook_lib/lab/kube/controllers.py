"""The control loops of the lab's cluster: which controller has to look at what after a change.

Work is queued by object, so that ten changes of one ReplicaSet's pods cost one look at the ReplicaSet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import housekeeping, jobs, scheduler, workloads
from .storage import Change, Stored

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]
Sync = Callable[["ObjectStore", Obj, list[Obj]], None]

_OWNERS = {
    "Deployment": "deployments",
    "ReplicaSet": "replicasets",
    "StatefulSet": "statefulsets",
    "DaemonSet": "daemonsets",
    "Job": "jobs",
}
_SYNC: dict[str, Sync] = {
    "deployments": workloads.sync_deployment,
    "replicasets": workloads.sync_replica_set,
    "statefulsets": workloads.sync_stateful_set,
    "daemonsets": workloads.sync_daemon_set,
    "jobs": jobs.sync_job,
}


class Controllers:
    """Turns changes into work and does it; used under the store's lock."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._children: dict[str, set[tuple[str, str]]] = {}
        self._queue: dict[tuple[str, str], None] = {}
        self.load: Counter[str] = Counter()

    def index(self, change: Change) -> None:
        """Keeps the record of who owns what; called for every change, also those that cause no work."""
        entry = (change.resource.plural, change.stored.key)
        if change.resource.plural == "pods":
            for stored, sign in (
                (change.previous, -1),
                (None if change.type == "DELETED" else change.stored, 1),
            ):
                node = (stored.obj.get("spec") or {}).get("nodeName") if stored else None
                if node:
                    self.load[node] += sign
        for stored, present in ((change.previous, False), (change.stored, change.type != "DELETED")):
            for owner in (stored.obj["metadata"].get("ownerReferences") or []) if stored else []:
                if present:
                    self._children.setdefault(owner.get("uid", ""), set()).add(entry)
                else:
                    self._children.get(owner.get("uid", ""), set()).discard(entry)

    def notice(self, change: Change) -> None:
        """Queues, or does at once, what a change asks for."""
        store, obj, plural = self._store, change.stored.obj, change.resource.plural
        if change.type == "DELETED":
            for child in self._owned(obj["metadata"]["uid"]):
                self._delete(child)
            self._children.pop(obj["metadata"]["uid"], None)
        elif plural in _SYNC:
            self._queue[plural, change.stored.key] = None
        if plural == "namespaces":
            housekeeping.namespace_changed(store, change)
        elif plural == "serviceaccounts" and change.type == "ADDED":
            housekeeping.account_added(store, obj)
            self._retry_refused(obj["metadata"]["namespace"])
        elif plural == "nodes":
            self._node_changed(change)
        elif plural == "pods" and change.type == "ADDED":
            scheduler.schedule(store, change.stored)
        for owner in obj["metadata"].get("ownerReferences") or []:
            owners = _OWNERS.get(owner.get("kind", ""))
            if owners:
                self._queue[owners, f"{obj['metadata'].get('namespace')}/{owner['name']}"] = None

    def work(self) -> bool:
        """Looks at the next queued object; False when nothing is queued."""
        if not self._queue:
            return False
        plural, key = next(iter(self._queue))
        del self._queue[plural, key]
        stored = self._store.storage.get(self._store.resource(plural), key)
        if stored is not None:
            children = [child.copy() for _, child in self._stored_children(stored.obj["metadata"]["uid"])]
            _SYNC[plural](self._store, stored.copy(), children)
        return True

    def _stored_children(self, uid: str) -> list[tuple[str, Stored]]:
        found = []
        for plural, key in sorted(self._children.get(uid, ())):
            stored = self._store.storage.get(self._store.resource(plural), key)
            if stored is not None:
                found.append((plural, stored))
        return found

    def _owned(self, uid: str) -> list[tuple[str, Stored]]:
        """Those children that have no other owner left."""
        return [(p, s) for p, s in self._stored_children(uid) if len(s.obj["metadata"]["ownerReferences"]) == 1]

    def _delete(self, child: tuple[str, Stored]) -> None:
        plural, stored = child
        metadata = stored.obj["metadata"]
        self._store.delete(plural, metadata.get("namespace"), metadata["name"])

    def _retry_refused(self, namespace: str) -> None:
        """Looks again at what may have been refused pods for want of the service account."""
        for plural in _SYNC:
            for stored in self._store.storage.items(self._store.resource(plural), namespace):
                self._queue[plural, stored.key] = None

    def _node_changed(self, change: Change) -> None:
        if change.type == "ADDED" or scheduler.schedulable_again(change):
            for stored in self._store.storage.items(self._store.resource("pods")):
                if not (stored.obj.get("spec") or {}).get("nodeName"):
                    scheduler.schedule(self._store, stored)
        if change.type != "MODIFIED":
            for stored in self._store.storage.items(self._store.resource("daemonsets")):
                self._queue["daemonsets", stored.key] = None
