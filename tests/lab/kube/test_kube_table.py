"""What `kubectl get` prints: STATUS, RESTARTS and ages, put together as the real server's printer does."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_lib.lab.kube.durations import human_duration
from runbook_lib.lab.kube.names import parse_timestamp
from runbook_lib.lab.kube.pod_table import pod_cells, pod_status

from .kube_manifests import pod

Obj = dict[str, Any]


def _pod(phase: str, *states: Obj, init: tuple[Obj, ...] = (), **status: Any) -> Obj:
    made = pod()
    made["spec"]["containers"] = [{"name": f"c{i}"} for i in range(max(1, len(states)))]
    made["spec"]["initContainers"] = [{"name": f"i{i}"} for i in range(len(init))]
    made["status"] = {"phase": phase, **status}
    made["status"]["containerStatuses"] = [{"name": f"c{i}", **state} for i, state in enumerate(states)]
    made["status"]["initContainerStatuses"] = [{"name": f"i{i}", **state} for i, state in enumerate(init)]
    return made


def _waiting(reason: str) -> Obj:
    return {"state": {"waiting": {"reason": reason}}, "ready": False}


def _ended(code: int, **more: Any) -> Obj:
    return {"state": {"terminated": {"exitCode": code, **more}}, "ready": False}


RUNNING: Obj = {"state": {"running": {"startedAt": "2026-11-24T11:00:00Z"}}, "ready": True}
BACKOFF = _waiting("ImagePullBackOff")
READY = [{"type": "Ready", "status": "True"}]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        pytest.param(_pod("Pending"), "Pending", id="not yet seen by a kubelet"),
        pytest.param(_pod("Pending", BACKOFF), "ImagePullBackOff", id="a failing pull"),
        pytest.param(_pod("Pending", RUNNING, BACKOFF), "ImagePullBackOff", id="one of two"),
        pytest.param(_pod("Pending", BACKOFF, _waiting("ErrImagePull")), "ImagePullBackOff", id="the first counts"),
        pytest.param(_pod("Pending", init=(BACKOFF,)), "Init:ImagePullBackOff", id="init container"),
        pytest.param(
            _pod("Pending", _waiting("PodInitializing"), init=(_ended(0), BACKOFF)),
            "Init:ImagePullBackOff",
            id="second init container",
        ),
        pytest.param(_pod("Pending", init=(_ended(0), {"state": {}})), "Init:1/2", id="between init containers"),
        pytest.param(_pod("Pending", init=(_ended(2),)), "Init:ExitCode:2", id="init failed"),
        pytest.param(_pod("Pending", init=(_ended(1, reason="Error"),)), "Init:Error", id="init error"),
        pytest.param(
            _pod("Pending", _waiting("PodInitializing"), init=(_ended(0),)), "PodInitializing", id="init over"
        ),
        pytest.param(_pod("Running", RUNNING), "Running", id="running"),
        pytest.param(_pod("Running", _waiting("CrashLoopBackOff")), "CrashLoopBackOff", id="crashing"),
        pytest.param(_pod("Running", _ended(137, reason="OOMKilled")), "OOMKilled", id="out of memory"),
        pytest.param(_pod("Running", _ended(0, signal=9)), "Signal:9", id="signal"),
        pytest.param(
            _pod("Running", _ended(0, reason="Completed"), RUNNING, conditions=READY),
            "Running",
            id="one has ended",
        ),
        pytest.param(_pod("Running", _ended(0, reason="Completed"), RUNNING), "NotReady", id="one ended, not ready"),
        pytest.param(_pod("Succeeded", _ended(0, reason="Completed")), "Completed", id="job"),
        pytest.param(_pod("Failed", reason="Evicted"), "Evicted", id="evicted"),
    ],
)
def test_status(made: Obj, text: str) -> None:
    assert pod_status(made) == text


def test_a_pod_on_its_way_out_is_terminating() -> None:
    made = _pod("Running", RUNNING)
    made["metadata"]["deletionTimestamp"] = "2026-11-24T12:00:00Z"
    assert pod_status(made) == "Terminating"


def test_restarts_tell_when_the_last_one_was() -> None:
    last = {"terminated": {"exitCode": 1, "finishedAt": "2026-11-24T11:55:00Z"}}
    made = _pod("Running", {**_waiting("CrashLoopBackOff"), "restartCount": 4, "lastState": last})
    made["metadata"]["creationTimestamp"] = "2026-11-24T09:00:00Z"
    now = parse_timestamp("2026-11-24T12:00:00Z")
    assert now is not None
    assert pod_cells(made, now)[:5] == ["web", "0/1", "CrashLoopBackOff", "4 (5m ago)", "3h"]


def test_a_pod_of_odd_shape_has_a_row_too() -> None:
    now = parse_timestamp("2026-11-24T12:00:00Z")
    assert now is not None
    bare = {"metadata": {"name": "odd"}, "spec": None, "status": {"containerStatuses": None}}
    assert pod_cells(bare, now)[:5] == ["odd", "0/0", "Unknown", "0", "<unknown>"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (192, "3m12s"),
        (600, "10m"),
        (10_740, "179m"),
        (10_800, "3h"),
        (12_000, "3h20m"),
        (36_000, "10h"),
        (187_200, "2d4h"),
        (864_000, "10d"),
        (63_158_400, "2y1d"),
        (320_000_000, "10y"),
    ],
)
def test_ages_read_as_kubectls(seconds: int, text: str) -> None:
    assert human_duration(seconds) == text
