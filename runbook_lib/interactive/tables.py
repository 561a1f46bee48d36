"""Readings as pandas tables. Only plain columns are shown: never a value that holds a credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runbook_lib.model.kube import Node, Pod, ServiceAccount
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import DefaultSecrets, PodEvents, PodSecrets, ProjectSecrets, Siblings
from runbook_lib.model.unavailable import Unavailable

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, Any]]


def _secret_rows(secrets: tuple[PullSecret, ...]) -> Rows:
    return [
        {
            "secret": s.name,
            "type": s.type,
            "registry": e.key if e else "",
            "username": e.username if e else "",
            "password": ("elided" if e.elided else "set" if e.password else "empty") if e else "",
            "fault": s.fault_text,
        }
        for s in secrets
        for e in (s.entries or (None,))
    ]


def _pod_secret_rows(reading: PodSecrets) -> Rows:
    rows = _secret_rows(reading.read)
    refused = [n for n in reading.named if isinstance(n.secret, Unavailable)]
    return rows + [{"secret": n.name, "fault": str(n.secret)} for n in refused]


def _event_rows(reading: PodEvents) -> Rows:
    return [
        {"last": e.last, "type": e.type, "reason": e.reason, "count": e.count, "message": e.message}
        for e in reading.events
    ]


def _pod_rows(pod: Pod) -> Rows:
    return [
        {
            "pod": pod.name,
            "node": pod.node,
            "role": c.role.value,
            "container": c.name,
            "image": c.image,
            "state": c.state,
            "reason": c.reason,
            "restarts": c.restarts,
        }
        for c in pod.containers
    ]


_ROWS: dict[type, Callable[[Any], Rows]] = {
    Pod: _pod_rows,
    PodEvents: _event_rows,
    PodSecrets: _pod_secret_rows,
    ProjectSecrets: lambda r: _secret_rows(r.secrets),
    DefaultSecrets: lambda r: _secret_rows(r.secrets),
    Siblings: lambda r: [row for pod in r.pods for row in _pod_rows(pod)],
    ServiceAccount: lambda a: [{"service account": a.name, "pull secrets": ", ".join(a.pull_secrets)}],
    Node: lambda n: [{"node": n.name, "platform": f"{n.os}/{n.architecture}", "runtime": n.runtime}],
}


def table(reading: object) -> pd.DataFrame:
    """Returns a reading as a table; one that is unavailable as a table that says why."""
    import pandas as pd

    if isinstance(reading, Unavailable):
        return pd.DataFrame(
            [{"could not be read": reading.what, "why": reading.why.value, "detail": reading.detail}]
        )
    rows = _ROWS[type(reading)](reading)
    return pd.DataFrame(rows).fillna("")
