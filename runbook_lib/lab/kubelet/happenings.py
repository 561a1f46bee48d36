"""What a kubelet reports of a pod: kinds of events, with their counts and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from runbook_lib.lab.kubelet.history import Moments

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event series: `container` is the path of the container in the pod's spec, empty for the pod
    itself.
    """

    type: Literal["Normal", "Warning"]
    reason: str
    message: str
    moments: Moments
    container: str = ""


def reference(pod: Obj, container: str = "") -> Obj:
    """Gives the `involvedObject` of an event about a pod, or about one of its containers."""
    metadata = pod["metadata"]
    found: Obj = {
        "apiVersion": "v1",
        "kind": "Pod",
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "resourceVersion": metadata.get("resourceVersion", ""),
        "uid": metadata["uid"],
    }
    return found | {"fieldPath": container} if container else found


def event(pod: Obj, node: str, happening: Happening) -> Obj:
    """Gives the event as the kubelet of `node` writes it; name, uid and version are the store's to give."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"namespace": pod["metadata"]["namespace"]},
        "involvedObject": reference(pod, happening.container),
        "reason": happening.reason,
        "message": happening.message,
        "type": happening.type,
        "count": happening.moments.count,
        "firstTimestamp": stamp(happening.moments.first),
        "lastTimestamp": stamp(happening.moments.last),
        "eventTime": None,
        "reportingComponent": "kubelet",
        "reportingInstance": node,
        "source": {"component": "kubelet", "host": node},
    }


def stamp(moment: Any) -> str:
    """Prints a time as the API does, to the second."""
    return str(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
