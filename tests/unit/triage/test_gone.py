"""Pods of CronJobs that come and go are found by what their events tell, as long as nothing shows them mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runbook_lib.lab import Lab

Obj = dict[str, Any]
IMAGE = "us.icr.io/shop/web:1.0"
POD = "report-29370240-x7k2p"


def a_cronjob(image: str = IMAGE) -> Obj:
    spec = {"restartPolicy": "Never", "containers": [{"name": "app", "image": image}]}
    job = {"spec": {"template": {"spec": spec}}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "report", "namespace": "shop"},
        "spec": {"schedule": "0 * * * *", "concurrencyPolicy": "Replace", "jobTemplate": job},
    }


def gone(lab: Lab) -> None:
    """Makes the scenario's failing pod one of a CronJob's that has been taken away, and leaves its events."""
    for event in lab.store.list("events", "shop"):
        event["involvedObject"]["name"] = POD
        lab.store.put_raw(event)
    lab.store.delete("pods", "shop", "web")


def a_later_pod(lab: Lab, phase: str) -> None:
    running = {"running": {}} if phase == "Running" else {"terminated": {"reason": "Completed", "exitCode": 0}}
    lab.store.put_raw(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "report-29370300-aaaaa",
                "namespace": "shop",
                "creationTimestamp": "2099-01-01T00:00:00Z",
                "ownerReferences": [{"kind": "Job", "name": "report-29370300", "controller": True, "uid": "j"}],
            },
            "spec": {"containers": [{"name": "app", "image": IMAGE}]},
            "status": {"phase": phase, "containerStatuses": [{"name": "app", "state": running}]},
        }
    )


@pytest.fixture
def lab():
    with Lab("no-pull-secret") as running:
        assert running.scenario.namespace == "shop"
        gone(running)
        yield running


def test_a_cronjob_whose_failing_pod_is_gone_is_diagnosed_by_its_template(lab, look):
    lab.store.put_raw(a_cronjob())
    found = look(lab)
    (group,) = found.groups
    assert group.cause == "no-pull-secret"
    assert (group.members[0].workload_kind, group.members[0].workload_name) == ("CronJob", "report")
    assert found.pods_seen == 0
    assert any("CronJob is gone" in note for note in found.provenance.notes)


MENDED: dict[str, Callable[[Lab], object]] = {
    "a later pod runs": lambda lab: (lab.store.put_raw(a_cronjob()), a_later_pod(lab, "Running")),
    "a later pod has done its work": lambda lab: (lab.store.put_raw(a_cronjob()), a_later_pod(lab, "Succeeded")),
    "the template names another image": lambda lab: lab.store.put_raw(a_cronjob("us.icr.io/shop/web:1.1")),
    "the CronJob is gone": lambda lab: None,
}


@pytest.mark.parametrize("mend", MENDED.values(), ids=MENDED)
def test_what_is_mended_or_gone_is_not_told(lab, look, mend):
    mend(lab)
    found = look(lab)
    assert found.groups == ()
    assert found.exit_code == 0
