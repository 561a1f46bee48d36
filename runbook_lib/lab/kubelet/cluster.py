"""What the kubelet needs of the API server, whoever serves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

Obj = dict[str, Any]


class Cluster(Protocol):
    """Reads and writes of objects by the plural of their kind; a missing object is None, never an
    exception.
    """

    def now(self) -> datetime:
        """Gives the cluster's time."""
        ...

    def get(self, plural: str, namespace: str, name: str) -> Obj | None:
        """Gives one object."""
        ...

    def pods_of(self, node: str) -> list[Obj]:
        """Gives the pods that are bound to a node."""
        ...

    def write_status(self, pod: Obj, status: Obj) -> None:
        """Replaces the status of a pod, if it still exists."""
        ...

    def write_event(self, event: Obj) -> None:
        """Writes an event, over an earlier one of the same series."""
        ...
