"""The lab's kubelet tells a failing pod as a real one did: kubelet 1.32.13 with containerd 1.7.34, recorded.

Each recorded pod, with the secrets it had, is given to the lab's kubelet and pulled from the lab's registry;
what it writes is compared with what the real kubelet wrote.
"""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.lab.kubelet import Kubelet, NodeState

Obj = dict[str, Any]
Play = Callable[[Obj], Any]
RECORDED: dict[str, Obj] = json.loads(Path(__file__).with_name("recorded_symptoms.json").read_text())
FAILING = ["a-no-secret", "b-wrong-password", "c-wrong-region", "d-wrong-tag", "f-secret-missing"]
FAILING += ["h-no-access", "i-connection-refused", "j-invalid-image-name", "k2-one-of-two", "l-deployment"]
HEALTHY = ["g-valid", "g2-valid-service-account"]


@pytest.fixture
def play(puller: Callable[..., Any], cluster: Callable[..., Any]) -> Play:
    """Gives the recorded pods, without what was observed of them, to the lab's kubelet."""
    return lambda case: _played(case, puller(NodeState()), cluster)


def _played(case: Obj, puller: Any, make_cluster: Callable[..., Any]) -> Any:
    last = max(event["lastTimestamp"] for event in case["events"])
    moment = datetime.fromisoformat(last) + timedelta(seconds=15)
    pods = [{key: copy.deepcopy(pod[key]) for key in ("metadata", "spec")} for pod in case["pods"]]
    secrets = {("secrets", secret["metadata"]["name"]): secret for secret in case["secrets"]}
    cluster = make_cluster(moment, pods, secrets)
    if any("CrashLoopBackOff" in json.dumps(pod["status"]) for pod in case["pods"]):
        pods[0]["spec"]["containers"][0]["command"] = ["sh", "-c", "exit 3"]
    no_access = "GOODKEY-noaccess-03"
    for secret in secrets.values():
        _replace_password(secret, no_access)
    Kubelet(cluster, puller).sync()
    return cluster


def _replace_password(secret: Obj, no_access: str) -> None:
    content = base64.b64decode(secret["data"][".dockerconfigjson"]).decode()
    if no_access in content:
        entry = {"us.icr.io": {"username": "other", "password": "known-but-without-rights"}}
        secret["data"] = {".dockerconfigjson": base64.b64encode(json.dumps({"auths": entry}).encode()).decode()}


def neutral(text: str) -> str:
    """Takes out what differs between any two runs: addresses, digests, ids and durations."""
    text = re.sub(r"\b\d+\.\d+\.\d+\.\d+(?=:\d)", "ADDRESS", text)
    text = re.sub(r"in \S+ \(\S+ including waiting\)\. Image size: \d+ bytes", "in TIME", text)
    return re.sub(r"back-off \w+ restarting", "back-off TIME restarting", text)


def said(events: list[Obj]) -> set[tuple[str, ...]]:
    """Gives what events say, whatever their order and counts; a cache that fills at start is no part of
    it.
    """
    relevant = [event for event in events if event["reason"] != "FailedMount"]
    return {(e["type"], e["reason"], _container(e), neutral(e["message"])) for e in relevant}


def _container(event: Obj) -> str:
    return str(event["container"] if "container" in event else event["involvedObject"].get("fieldPath", ""))


def state(status: Obj) -> Obj:
    """Gives a container's state without ids and times."""
    found: Obj = json.loads(neutral(json.dumps(status["state"])))
    if "running" in found:
        found["running"] = {}
    return found


@pytest.mark.parametrize("name", FAILING + HEALTHY)
def test_events_say_what_the_real_kubelet_said(name: str, play: Play) -> None:
    """Type, reason, container and message of every event are the recorded ones."""
    case = RECORDED[name]
    assert said(play(case).events) == said(case["events"])


@pytest.mark.parametrize(
    "name", ["a-no-secret", "b-wrong-password", "c-wrong-region", "d-wrong-tag", "j-invalid-image-name"]
)
def test_waiting_state_is_the_recorded_one(name: str, play: Play) -> None:
    """Reason and message of the waiting state are the recorded ones, the cause included."""
    case = RECORDED[name]
    pod = case["pods"][0]
    written = play(case).statuses[pod["metadata"]["name"]]["containerStatuses"]
    assert [state(status) for status in written] == [state(status) for status in pod["status"]["containerStatuses"]]


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_phase_and_conditions_are_the_recorded_ones(name: str, play: Play) -> None:
    """Phase, and every condition with its status, reason and message."""
    case = RECORDED[name]
    cluster = play(case)
    for pod in case["pods"]:
        written, recorded = cluster.statuses[pod["metadata"]["name"]], pod["status"]
        assert written["phase"] == recorded["phase"]
        assert _without_times(written["conditions"]) == _without_times(recorded["conditions"])


def _without_times(conditions: list[Obj]) -> list[Obj]:
    return [{key: value for key, value in found.items() if not key.startswith("last")} for found in conditions]


@pytest.mark.parametrize("name", FAILING)
def test_counts_are_near_the_recorded_ones(name: str, play: Play) -> None:
    """As often as the real kubelet tried, give or take three; a kubelet looks at pods at irregular times."""
    case = RECORDED[name]
    written = {(e["reason"], neutral(e["message"])): e["count"] for e in play(case).events}
    for event in case["events"]:
        if event["reason"] in ("Pulling", "Failed", "BackOff") and "container" in event:
            count = written[event["reason"], neutral(event["message"])]
            assert abs(count - event["count"]) <= 3, (event["reason"], count, event["count"])


def test_crash_loop_is_told_as_recorded(play: Play) -> None:
    """A container that ends at once: restarts, back-off words, last state, and no failed pull."""
    case = RECORDED["x-crashloop"]
    cluster = play(case)
    pod = case["pods"][0]
    written = cluster.statuses["web"]["containerStatuses"][0]
    recorded = pod["status"]["containerStatuses"][0]
    assert state(written) == state(recorded)
    assert abs(written["restartCount"] - recorded["restartCount"]) <= 1
    assert written["lastState"]["terminated"]["exitCode"] == recorded["lastState"]["terminated"]["exitCode"]
    assert said(cluster.events) == said(case["events"])
