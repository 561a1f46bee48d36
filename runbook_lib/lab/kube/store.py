"""The cluster's state, as the API server would keep it: create, read, update, delete, watch, with all that
follows.

The lab's kubelet uses it in process; the HTTP side of the emulator is a client like any other. Controllers
(workloads, scheduler, namespaces) run within the call that causes them, so that nothing has to be waited for.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from . import bootstrap
from .controllers import Controllers
from .defaults import apply_update_defaults
from .event_recorder import EventRecorder
from .names import Clock, utc_now
from .preparation import keep_metadata, keep_scheduling, prepare_create, stamp
from .refusals import conflict, no_such_path, not_found
from .resources import Resource, catalogue
from .selectors import selects
from .storage import Change, Storage, Stored, copied, object_key
from .validation import validate_update
from .watching import WatchEvent, watch

Obj = dict[str, Any]


class ObjectStore:
    """A thread-safe cluster in memory. `clock` gives aware datetimes; `seed` makes generated names
    repeatable.
    """

    def __init__(self, clock: Clock = utc_now, *, openshift: bool = False, seed: int | None = None) -> None:
        self.clock = clock
        self.openshift = openshift
        self.rng = random.Random(seed)  # noqa: S311 - names and uids of a practice cluster
        self.catalogue = catalogue(openshift)
        self.storage = Storage()
        self.recorder = EventRecorder(self)
        self._controllers = Controllers(self)
        self._pending: deque[Change] = deque()
        self._settling = False
        bootstrap.populate(self)

    # --- reading

    def get(self, plural: str, namespace: str | None, name: str) -> Obj | None:
        """A copy of one object; None where it does not exist."""
        stored = self.stored(plural, namespace, name)
        return None if stored is None else stored.copy()

    def list(self, plural: str, namespace: str | None = None, *, labels: str = "", fields: str = "") -> list[Obj]:
        """Copies of all objects of a type, in a namespace or everywhere, that the selectors choose."""
        resource = self.resource(plural)
        chosen = selects(resource, labels, fields)
        return [s.copy() for s in self.storage.items(resource, namespace) if chosen is None or chosen(s.obj)]

    def watch(
        self, plural: str, namespace: str | None = None, *, since: str = "", timeout: float | None = None
    ) -> Iterator[WatchEvent | None]:
        """Changes after a resource version, as `watching.watch` gives them; ends at `timeout` seconds or
        `close`.
        """
        return watch(self.storage, self.resource(plural), namespace, None, since, timeout)

    def stored(self, plural: str, namespace: str | None, name: str) -> Stored | None:
        """The stored version itself, which must not be changed."""
        resource = self.resource(plural)
        return self.storage.get(resource, object_key(namespace if resource.namespaced else None, name))

    def resource(self, plural: str) -> Resource:
        """The type of that plural; 404 where the server does not have it."""
        resource = self.catalogue.plural(plural)
        if resource is None:
            raise no_such_path()
        return resource

    # --- writing

    def create(self, obj: Obj, *, dry_run: bool = False) -> Obj:
        """Creates an object as the API server does: defaults, admission, validation, then what controllers
        do.

        Raises ApiRefusal: 404 for an unknown type or namespace, 409 for a name that is taken, 403 from
        admission, 422 from validation.
        """
        with self.storage.lock:
            resource, fresh = prepare_create(self, obj)
            if dry_run:
                return fresh
            key = self._commit(resource, fresh)
            self._settle()
            present = self.storage.get(resource, key)
            return present.copy() if present else copied(fresh)

    def update(self, obj: Obj, *, dry_run: bool = False) -> Obj:
        """Replaces all but the status. Raises ApiRefusal: 404, 409 for a stale resourceVersion, 422."""
        with self.storage.lock:
            resource, old = self._current(obj)
            new = copied(obj)
            metadata = keep_metadata(old, new)
            if "status" in old:
                new["status"] = old["status"]
            apply_update_defaults(new)
            if "status" in old:
                new["status"] = old["status"]
            validate_update(resource, old, new)
            if "generation" in old["metadata"] and old.get("spec") != new.get("spec"):
                metadata["generation"] = old["metadata"]["generation"] + 1
            return self._write(resource, old, new, dry_run)

    def replace_status(
        self, plural: str, namespace: str | None, name: str, status: Obj, *, dry_run: bool = False
    ) -> Obj:
        """Replaces the status; a pod keeps its `qosClass` and its `PodScheduled` condition where they are not
        given.
        """
        with self.storage.lock:
            stored = self.stored(plural, namespace, name)
            resource = self.resource(plural)
            if stored is None:
                raise not_found(plural, resource.group, name)
            old = stored.obj
            status = copied(status)
            if plural == "pods":
                keep_scheduling(old.get("status") or {}, status)
            new = {**old, "metadata": dict(old["metadata"]), "status": status}
            return self._write(resource, old, new, dry_run)

    def delete(self, plural: str, namespace: str | None, name: str, *, dry_run: bool = False) -> Obj:
        """Deletes an object at once, with what it owns; returns its last version. Raises 404 where there is
        none.
        """
        with self.storage.lock:
            resource = self.resource(plural)
            stored = self.stored(plural, namespace, name)
            if stored is None:
                raise not_found(plural, resource.group, name)
            if not dry_run:
                change = self.storage.remove(resource, stored.key)
                if change is not None:
                    self._announce(change)
                    self._settle()
            return stored.copy()

    def record_event(self, event: Obj) -> Obj:
        """Creates an Event, or bumps count and lastTimestamp of the one that says the same of the same
        object.
        """
        with self.storage.lock:
            return self.recorder.record(event)

    def put_raw(self, obj: Obj) -> Obj:
        """Places an object as it is, without defaults, admission, validation or controllers, replacing any
        before it.

        For states that no API call leads to; only missing uid, resourceVersion and creationTimestamp are
        filled in.
        """
        with self.storage.lock:
            resource = self.resource_of(obj)
            fresh = copied(obj)
            stamp(self, fresh)
            change = self.storage.put(resource, fresh)
            self._controllers.index(change)
            return change.stored.copy()

    def commit(self, obj: Obj) -> None:
        """Writes a version as a controller does: no validation, but everything that follows from it."""
        with self.storage.lock:
            self._commit(self.resource_of(obj), obj)
            self._settle()

    def pods_by_node(self) -> Counter[str]:
        """How many pods each node has, kept up with every change so that scheduling stays cheap."""
        return self._controllers.load

    def expire_continue_tokens(self) -> None:
        """Makes every continue token handed out so far too old (410)."""
        self.storage.forget_snapshots()

    def expire_watches(self) -> None:
        """Makes every resource version so far too old to watch from (410)."""
        self.storage.forget_log()

    def close(self) -> None:
        """Ends all watches."""
        self.storage.close()

    # --- how a write goes

    def resource_of(self, obj: Obj) -> Resource:
        """The type of an object; 404 where the server does not have it."""
        resource = self.catalogue.kind(str(obj.get("apiVersion")), str(obj.get("kind")))
        if resource is None:
            raise no_such_path()
        return resource

    def _current(self, obj: Obj) -> tuple[Resource, Obj]:
        resource = self.resource_of(obj)
        metadata = obj.get("metadata") or {}
        name = str(metadata.get("name"))
        stored = self.stored(resource.plural, metadata.get("namespace"), name)
        if stored is None:
            raise not_found(resource.plural, resource.group, name)
        version, uid = metadata.get("resourceVersion"), metadata.get("uid")
        if version and version != stored.obj["metadata"].get("resourceVersion"):
            raise conflict(resource.plural, resource.group, name)
        if uid and uid != stored.obj["metadata"].get("uid"):
            present = stored.obj["metadata"]["uid"]
            why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {present}"
            raise conflict(resource.plural, resource.group, name, why)
        return resource, stored.obj

    def _write(self, resource: Resource, old: Obj, new: Obj, dry_run: bool) -> Obj:
        new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
        if dry_run or new == old:  # a write that changes nothing takes no new version, as with etcd
            return copied(new)
        key = self._commit(resource, new)
        self._settle()
        present = self.storage.get(resource, key)
        return present.copy() if present else copied(new)

    def _commit(self, resource: Resource, obj: Obj) -> str:
        change = self.storage.put(resource, obj)
        self._announce(change)
        return change.stored.key

    def _announce(self, change: Change) -> None:
        self._controllers.index(change)
        self._pending.append(change)

    def _settle(self) -> None:
        """Lets the controllers act until nothing is left to do; a write of theirs only adds to the queue."""
        if self._settling:
            return
        self._settling = True
        try:
            while True:
                while self._pending:
                    self._controllers.notice(self._pending.popleft())
                if not self._controllers.work():
                    break
        finally:
            self._settling = False
