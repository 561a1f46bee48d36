"""The interface of everything that holds Kubernetes objects: a live API or saved evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from runbook_lib.model.unavailable import Unavailable

RawObject = Mapping[str, Any]

SINGULAR = {
    "pods": "pod",
    "events": "event",
    "secrets": "secret",
    "serviceaccounts": "service account",
    "nodes": "node",
    "namespaces": "namespace",
    "deployments": "deployment",
    "replicasets": "replica set",
}


@dataclass(frozen=True, slots=True)
class ClusterIdentity:
    """Which cluster was read, for provenance. Holds no credential."""

    kind: str  # "live" or "bundle"
    name: str
    server: str = ""
    context: str = ""
    version: str = ""
    openshift: bool | None = None


class KubeSource(Protocol):
    """Reads Kubernetes objects as raw JSON. Never raises for what the other side answers."""

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        """Returns one object; `namespace` is empty for cluster-scoped resources."""
        ...

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Sequence[RawObject] | Unavailable:
        """Returns the objects of a namespace, or of all where it is empty, filtered by a field selector."""
        ...

    def identity(self) -> ClusterIdentity:
        """Says which cluster this is."""
        ...


def what(resource: str, namespace: str, name: str = "") -> str:
    """Names a reading for people: `secret shop/all-icr-io`, `events of shop`."""
    if name:
        return f"{SINGULAR.get(resource, resource)} {namespace + '/' if namespace else ''}{name}"
    return f"{resource} of {namespace or 'all namespaces'}"
