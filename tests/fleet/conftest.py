from __future__ import annotations

import pytest

from runbook_lib.fleet.inventory import Place
from runbook_lib.fleet.result import ClusterResult, Example, Group, Report, State
from runbook_lib.model.finding import Action


def group_of(cause: str, *, thing: str = "all-icr-io", pods: int = 1, status: str = "problem", **more) -> Group:
    values = {
        "id": f"{cause}:secret:{thing}",
        "title": f"Title of {cause}",
        "thing_kind": "secret",
        "confidence": "confirmed" if status == "problem" else "",
        "summary": "The project's copy is refused, `default`'s is accepted.",
        "workloads": 1,
        "namespaces": ("shop",),
        "nodes": 1,
        "since": "2026-01-31T03:15:00Z",
        "example": Example("shop", "web-1", "app", "us.icr.io/shop/web:1.0", "401 Unauthorized"),
        "remedy": (Action("Copy the secret again.", "oc get secret all-icr-io -n default"),),
    }
    return Group(cause=cause, thing=thing, pods=pods, status=status, **(values | more))


def cluster_of(name: str, *groups: Group, **more) -> ClusterResult:
    values = {
        "state": State.SURVEYED,
        "failing_pods": sum(g.pods for g in groups),
        "pods_seen": 100,
        "taken_at": "2026-01-31T04:00:00Z",
        "seconds": 2.0,
        "reports": tuple(Report(g.id, f"reports/{name}/01-{g.cause}", g.status, g.cause, g.confidence) for g in groups),
    }
    return ClusterResult(Place(name, context=name), groups=groups, **(values | more))


@pytest.fixture
def unreachable():
    return cluster_of("far", state=State.UNREACHABLE, why="The cluster could not be read: no route.", pods_seen=0)
