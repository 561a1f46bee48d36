"""The shelves under the store: versioned objects in key order, a log of changes for watches, snapshots for
paging.

Stored objects are never changed in place. Each version is encoded once, so that a page of a list is a join of
bytes.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from .resources import Resource

Obj = dict[str, Any]
ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]

_LOG_LIMIT = 20_000
_SNAPSHOT_LIMIT = 32


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of one object; `body` is its JSON without `kind` and `apiVersion`, as items of a list have
    it.
    """

    key: str
    version: int
    obj: Obj
    body: bytes
    head: bytes

    @property
    def full(self) -> bytes:
        """The JSON of the object on its own."""
        return self.head + self.body[1:]

    def copy(self) -> Obj:
        """A private copy that the caller may change."""
        decoded: Obj = msgspec.json.decode(self.full)
        return decoded


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log: what happened to an object, with the version before it (selectors need both)."""

    version: int
    resource: Resource
    type: ChangeType
    stored: Stored
    previous: Stored | None


def copied(obj: Obj) -> Obj:
    """A deep copy by way of JSON, several times faster than `copy.deepcopy` and as plain as what the wire
    brings.
    """
    decoded: Obj = msgspec.json.decode(msgspec.json.encode(obj))
    return decoded


def encoded(resource: Resource, key: str, version: int, obj: Obj) -> Stored:
    """A version of an object with its JSON."""
    head = msgspec.json.encode({"kind": resource.kind, "apiVersion": resource.api_version})[:-1] + b","
    body = msgspec.json.encode({k: v for k, v in obj.items() if k not in ("kind", "apiVersion")})
    return Stored(key, version, obj, body, head)


def object_key(namespace: str | None, name: str) -> str:
    """The key under which an object is ordered, as in etcd: `namespace/name`, or the bare name."""
    return f"{namespace}/{name}" if namespace else name


class Storage:
    """Objects by resource type and key; every write takes the next resource version. Hold `lock` across read
    and write.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.version = 1
        self.closed = False
        self.oldest = 0
        self._objects: dict[str, dict[str, Stored]] = {}
        self._keys: dict[str, list[str]] = {}
        self._log: list[Change] = []
        self._snapshots: OrderedDict[tuple[int, str], list[Stored]] = OrderedDict()

    def get(self, resource: Resource, key: str) -> Stored | None:
        """The present version of one object."""
        return self._objects.get(resource.plural, {}).get(key)

    def items(self, resource: Resource, namespace: str | None = None) -> list[Stored]:
        """All objects of a type, or of a namespace, in key order."""
        with self.lock:
            keys = self._keys.get(resource.plural, [])
            if namespace:
                keys = keys[bisect_left(keys, f"{namespace}/") : bisect_left(keys, f"{namespace}0")]
            objects = self._objects.get(resource.plural, {})
            return [objects[key] for key in keys]

    def put(self, resource: Resource, obj: Obj) -> Change:
        """Stores a new version; the object passes into the store's hands."""
        with self.lock:
            self.version += 1
            metadata = obj["metadata"]
            metadata["resourceVersion"] = str(self.version)
            key = object_key(metadata.get("namespace"), metadata["name"])
            stored = encoded(resource, key, self.version, obj)
            shelf = self._objects.setdefault(resource.plural, {})
            previous = shelf.get(key)
            shelf[key] = stored
            if previous is None:
                insort(self._keys.setdefault(resource.plural, []), key)
            return self._record(resource, "MODIFIED" if previous else "ADDED", stored, previous)

    def remove(self, resource: Resource, key: str) -> Change | None:
        """Takes an object away; the last version in the log carries the version of its removal."""
        with self.lock:
            previous = self._objects.get(resource.plural, {}).pop(key, None)
            if previous is None:
                return None
            keys = self._keys[resource.plural]
            del keys[bisect_left(keys, key)]
            self.version += 1
            last = previous.copy()
            last["metadata"]["resourceVersion"] = str(self.version)
            return self._record(resource, "DELETED", encoded(resource, key, self.version, last), previous)

    def snapshot(self, resource: Resource, version: int | None = None) -> tuple[int, list[Stored]] | None:
        """All objects of a type as they are now (kept for later pages) or as they were at a version still
        kept.
        """
        with self.lock:
            if version is not None:
                kept = self._snapshots.get((version, resource.plural))
                return None if kept is None else (version, kept)
            slot = (self.version, resource.plural)
            items = self._snapshots.get(slot)
            if items is None:
                items = self._snapshots[slot] = self.items(resource)
            self._snapshots.move_to_end(slot)
            while len(self._snapshots) > _SNAPSHOT_LIMIT:
                self._snapshots.popitem(last=False)
            return self.version, items

    def forget_snapshots(self) -> None:
        """Drops what later pages would be served from."""
        with self.lock:
            self._snapshots.clear()

    def forget_log(self) -> None:
        """Drops the log of changes, so that a watch from any earlier version is too old."""
        with self.lock:
            self._log.clear()
            self.oldest = self.version

    def since(self, version: int) -> list[Change]:
        """The changes after a version, oldest first."""
        with self.lock:
            return self._log[bisect_right(self._log, version, key=lambda change: change.version) :]

    def close(self) -> None:
        """Wakes and ends every watch."""
        with self.lock:
            self.closed = True
            self.changed.notify_all()

    def _record(self, resource: Resource, type_: ChangeType, stored: Stored, previous: Stored | None) -> Change:
        change = Change(self.version, resource, type_, stored, previous)
        self._log.append(change)
        if len(self._log) > _LOG_LIMIT:
            self.oldest = self._log[len(self._log) // 2].version
            del self._log[: len(self._log) // 2 + 1]
        self.changed.notify_all()
        return change
