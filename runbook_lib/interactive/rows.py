"""Readings as rows of plain columns: never a value that holds a credential."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from runbook_lib.model.account_readings import (
    ClusterAccount,
    ClusterServiceIds,
    PullIdentities,
    RegistryAccount,
    Restrictions,
)
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.kube import Node, Pod, ServiceAccount
from runbook_lib.model.pull_secret import PullSecret, RegistryEntry
from runbook_lib.model.readings import (
    CaseContainer,
    CaseImage,
    Credentials,
    DefaultSecrets,
    PodEvents,
    PodSecrets,
    ProjectSecrets,
    PullFailure,
    Siblings,
)
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.report.view import moment
from runbook_lib.report.words import ORIGIN, WHY

Row = dict[str, str | int]
Rows = list[Row]


def unavailable_row(gap: Unavailable) -> Row:
    """Returns what could not be read, why, and how to get it."""
    row: Row = {"could not be read": gap.what, "why": WHY[gap.why], "detail": gap.detail}
    return {**row, "how to get it": gap.remedy} if gap.remedy else row


def _secret_rows(secrets: tuple[PullSecret, ...]) -> Rows:
    """Returns a row for each user name of a secret: a secret for twenty hosts holds the same login twenty times."""
    rows: Rows = []
    for secret in secrets:
        hosts: dict[tuple[str, str], list[str]] = {}
        for entry in secret.entries:
            hosts.setdefault((entry.username, _password(entry)), []).append(entry.key)
        for (username, password), keys in (hosts or {("", ""): []}).items():
            rows.append(
                {
                    "secret": secret.name,
                    "type": secret.type.removeprefix("kubernetes.io/"),
                    "registries": ", ".join(keys),
                    "username": username,
                    "password": password,
                    "fault": secret.fault_text,
                }
            )
    return rows


def _password(entry: RegistryEntry) -> str:
    return "elided" if entry.elided else "set" if entry.password else "empty"


def _pod_secrets(reading: PodSecrets) -> Rows:
    rows: Rows = []
    for named in reading.named:
        if isinstance(named.secret, Unavailable):
            fault = "there is no such secret" if named.is_missing else str(named.secret)
            rows.append({"secret": named.name, "fault": fault})
        else:
            rows += _secret_rows((named.secret,))
    return rows


def _pod(pod: Pod) -> Rows:
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


def _identities(reading: PullIdentities) -> Rows:
    rows: Rows = []
    for found in reading.identities:
        owner, service = found.owner, found.service_id
        row: Row = {"entry": found.where}
        if isinstance(owner, Unavailable):
            row |= {"key": str(owner)}
        else:
            row |= {
                "key": owner.state.value,
                "owner": owner.name or owner.iam_id,
                "kind": owner.kind.value,
                "account": owner.account_id,
            }
        if not isinstance(service, Unavailable):
            row |= {"service ID": service.name if service.exists else "no longer there"}
        rows.append({**row, "may pull": f"{found.may_pull.verdict.value}: {found.may_pull.why}"})
    return rows


def _account(reading: RegistryAccount) -> Rows:
    def line(what: str, part: object, value: Callable[[Any], object]) -> Row:
        return {"of the account": what, "": str(part if isinstance(part, Unavailable) else value(part))}

    images, quota, login = reading.images, reading.quota, reading.login
    return [
        {"of the account": "account", "": f"{login.account_id}, as {login.name or login.iam_id}"},
        line("images listed", images, lambda i: ", ".join(i.repositories) or "none"),
        line("namespaces", reading.namespaces, lambda n: ", ".join(x.name for x in n.namespaces) or "none"),
        line("plan", reading.plan, lambda p: p.name),
        line("pull traffic", quota, lambda q: _share(q.traffic_used, q.traffic_limit)),
        line("storage", quota, lambda q: _share(q.storage_used, q.storage_limit)),
    ]


def _share(used: int, limit: int) -> str:
    return f"{used:,} of {f'{limit:,}' if limit >= 0 else 'unlimited'} bytes"


def _restrictions(reading: Restrictions) -> Rows:
    rules, addresses = reading.rules, reading.addresses
    return [
        *({"restriction": str(rules)} for _ in [0] if isinstance(rules, Unavailable)),
        *({"restriction": rule.says} for rule in getattr(rules, "rules", ())),
        {
            "restriction": str(addresses)
            if isinstance(addresses, Unavailable)
            else f"addresses allowed: {', '.join(addresses.addresses) or 'all'}"
        },
    ]


def _cluster(reading: ClusterAccount) -> Rows:
    info = reading.info
    applied = {True: "yes", False: "no", None: "not told"}[info.pull_secret_applied]
    return [{"cluster": info.name, "ID": info.id, "region": info.region, "pull secrets applied": applied}]


def _cluster_service_ids(reading: ClusterServiceIds) -> Rows:
    return [
        {
            "cluster": reading.cluster or "any",
            "service ID": s.name,
            "IAM id": s.iam_id,
            "locked": "yes" if s.locked else "no",
        }
        for s in reading.service_ids
    ]


_ROWS: dict[type, Callable[[Any], Rows]] = {
    Pod: _pod,
    CaseContainer: lambda r: _pod(r.pod),
    CaseImage: lambda r: [{"image": r.image.text, "read as": str(r.image.ref or "no image name")}],
    PodEvents: lambda r: [
        {"last": moment(e.last), "type": e.type, "reason": e.reason, "count": e.count, "message": e.message}
        for e in r.events
    ],
    PullFailure: lambda r: [{"told by": s.channel, "count": s.count, "text": s.text} for s in r.said],
    PodSecrets: _pod_secrets,
    ProjectSecrets: lambda r: _secret_rows(r.secrets),
    DefaultSecrets: lambda r: _secret_rows(r.secrets),
    Credentials: lambda r: [
        {"order": n, "secret": m.secret.name, "registry": m.entry.key, "username": m.entry.username,
         "password": _password(m.entry)}
        for n, m in enumerate(r.matches, 1)
    ],
    CounterTests: lambda r: [
        {"credential": t.label, "where from": ORIGIN[t.origin], "the registry said": t.answer.says}
        for t in r.trials
    ],
    Siblings: lambda r: [row for pod in r.pods for row in _pod(pod)],
    ServiceAccount: lambda a: [{"service account": a.name, "pull secrets": ", ".join(a.pull_secrets) or "none"}],
    Node: lambda n: [{"node": n.name, "platform": f"{n.os}/{n.architecture}", "runtime": n.runtime}],
    PullIdentities: _identities,
    RegistryAccount: _account,
    Restrictions: _restrictions,
    ClusterAccount: _cluster,
    ClusterServiceIds: _cluster_service_ids,
}  # fmt: skip

SHOWABLE = frozenset(_ROWS)
"""The readings that have a table."""


def rows_of(reading: object) -> Rows:
    """Returns a reading's rows; one that is unavailable as a row that says why.

    Raises:
        TypeError: no reading of this kind is shown as a table.
    """
    if isinstance(reading, Unavailable):
        return [unavailable_row(reading)]
    make = _ROWS.get(type(reading))
    if make is None:
        raise TypeError(f"{type(reading).__name__} has no table; there are: {', '.join(_names())}")
    return make(reading)


def _names() -> Iterator[str]:
    return iter(sorted(kind.__name__ for kind in _ROWS))
