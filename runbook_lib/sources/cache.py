"""Remembers what a cluster answered, so that no object is read twice in a run."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.kube import ClusterIdentity, KubeSource, RawObject


class CachedKube:
    """A `KubeSource` in front of another one; `forget` makes the next readings fresh ones."""

    def __init__(self, source: KubeSource) -> None:
        self.behind = source
        self._objects: dict[tuple[str, str, str], RawObject | Unavailable] = {}
        self._lists: dict[tuple[str, str, str], Sequence[RawObject] | Unavailable] = {}

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        """Returns an object, from a list that was read already where there is one."""
        key = (resource, namespace, name)
        if key not in self._objects:
            whole = self._lists.get((resource, namespace, ""))
            if whole is not None and not isinstance(whole, Unavailable):
                for item in whole:
                    if (item.get("metadata") or {}).get("name") == name:
                        return item
            self._objects[key] = self.behind.get(resource, namespace, name)
        return self._objects[key]

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Sequence[RawObject] | Unavailable:
        """Returns a list; each combination of namespace and selector is asked once."""
        key = (resource, namespace, fields)
        if key not in self._lists:
            self._lists[key] = self.behind.list(resource, namespace, fields=fields)
        return self._lists[key]

    def identity(self) -> ClusterIdentity:
        """Returns the identity of the cluster behind."""
        return self.behind.identity()

    def forget(self) -> None:
        """Drops everything read so far."""
        self._objects.clear()
        self._lists.clear()
