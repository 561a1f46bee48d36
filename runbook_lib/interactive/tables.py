"""Readings as pandas tables. Only plain columns are shown: never a value that holds a credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runbook_lib.model.account import KeyOwner
from runbook_lib.model.account_readings import (
    ClusterAccount,
    PullIdentities,
    PullIdentity,
    RegistryAccount,
    Restrictions,
)
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.kube import Node, Pod, ServiceAccount
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import Credentials, DefaultSecrets, PodEvents, PodSecrets, ProjectSecrets, Siblings
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


def _key_rows(identities: tuple[PullIdentity, ...]) -> Rows:
    rows = []
    for i in identities:
        owner = i.owner if isinstance(i.owner, KeyOwner) else None
        rows.append(
            {
                "entry": i.where,
                "key": owner.state.value if owner else str(i.owner),
                "owner": owner.name if owner else "",
                "id": owner.iam_id if owner else "",
                "account": owner.account_id if owner else "",
                "may pull": i.may_pull.verdict.value,
                "because": i.may_pull.why,
            }
        )
    return rows


def _trial_rows(reading: CounterTests) -> Rows:
    return [
        {
            "credential": t.label,
            "username": t.username,
            "answer": t.answer.answer.value,
            "at": t.answer.hop.value,
            "status": t.answer.status or "",
            "text": t.answer.text,
        }
        for t in reading.trials
    ]


def _image_rows(reading: RegistryAccount) -> Rows:
    listing = reading.images
    if isinstance(listing, Unavailable):
        return [{"account": reading.login.account_id, "images": str(listing)}]
    return [
        {"account": listing.account_id, "repository": i.repository, "tags": ", ".join(i.tags), "digest": i.digest}
        for i in listing.images
    ] or [{"account": listing.account_id, "repository": f"none in {listing.namespace} at {listing.host}"}]


def _restriction_rows(reading: Restrictions) -> Rows:
    rules, addresses = reading.rules, reading.addresses
    rows: Rows = []
    rows += (
        [{"restriction": str(rules)}]
        if isinstance(rules, Unavailable)
        else [{"restriction": r.says} for r in rules.rules]
    )
    if isinstance(addresses, Unavailable):
        rows.append({"restriction": str(addresses)})
    elif addresses.addresses:
        rows.append({"restriction": f"requests from {', '.join(addresses.addresses)} only"})
    return rows or [{"restriction": "none is visible to you"}]


def _match_rows(reading: Credentials) -> Rows:
    return [{"secret": m.secret.name, "entry": m.entry.key, "username": m.entry.username} for m in reading.matches]


_ROWS: dict[type, Callable[[Any], Rows]] = {
    Pod: _pod_rows,
    PodEvents: _event_rows,
    PodSecrets: _pod_secret_rows,
    ProjectSecrets: lambda r: _secret_rows(r.secrets),
    DefaultSecrets: lambda r: _secret_rows(r.secrets),
    Siblings: lambda r: [row for pod in r.pods for row in _pod_rows(pod)],
    ServiceAccount: lambda a: [{"service account": a.name, "pull secrets": ", ".join(a.pull_secrets)}],
    Credentials: _match_rows,
    CounterTests: _trial_rows,
    PullIdentities: lambda r: _key_rows(r.identities),
    RegistryAccount: _image_rows,
    Restrictions: _restriction_rows,
    ClusterAccount: lambda r: [{"cluster": r.info.name, "pull secrets applied": str(r.info.pull_secret_applied)}],
    Node: lambda n: [{"node": n.name, "platform": f"{n.os}/{n.architecture}", "runtime": n.runtime}],
}


def table(reading: object) -> pd.DataFrame:
    """Returns a reading as a table; one that is unavailable as a table that says why."""
    import pandas as pd

    if isinstance(reading, Unavailable):
        return pd.DataFrame([{"could not be read": reading.what, "why": reading.why.value, "detail": reading.detail}])
    rows = _ROWS[type(reading)](reading)
    return pd.DataFrame(rows).fillna("")
