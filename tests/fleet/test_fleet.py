"""Twenty clusters, two of them broken, one worker killed in the middle: nothing is lost, and nothing done twice."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import dask
import distributed
import distributed.comm.tcp
import pytest

from runbook_lib.fleet.engine import survey_all
from runbook_lib.fleet.inventory import read_inventory
from runbook_lib.fleet.result import Asked, State
from runbook_lib.fleet.run import run_fleet
from runbook_lib.fleet.summary import Fleet
from runbook_lib.lab.kube import FaultReply

from .small_clusters import HANGS, REFUSES, SmallClusters, small_clusters

pytestmark = pytest.mark.xdist_group("fleet")  # one run for all of them

FAILING = ("c00", "c01")
KINDS = (*["pull-secret-missing"] * 2, *["healthy"] * 16, REFUSES, HANGS)
KILLED = 4  # the cluster whose worker is killed while it is surveyed


@dataclass
class Run:
    clusters: SmallClusters
    out: Path
    asked: list[Asked]
    first: Fleet
    wire: list[bytes]
    killed: list[int]
    surveys: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("fleet")
    wire: list[bytes] = []
    with small_clusters(folder, KINDS) as clusters, patch.dict(os.environ, clusters.env), recorded(wire):
        asked = [Asked(place, reports=1, limit=120) for place in read_inventory(clusters.inventory)]
        with workers() as local:
            killed: list[int] = []
            killer = kill_in_the_middle(clusters, local, killed)
            first = run_fleet(asked, folder / "out", lambda todo: survey_all(todo, scheduler=local.scheduler_address))
            killer.join(1)
        surveys = {name: cluster.surveys for name, cluster in clusters.clusters.items()}
        yield Run(clusters, folder / "out", asked, first, wire, killed, surveys)


def workers() -> distributed.LocalCluster:
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}):
        return distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0, silence_logs=50
        )


def recorded(wire: list[bytes]):
    """Keeps every byte that this process, client and scheduler at once, sends or forwards."""
    to_frames = distributed.comm.tcp.to_frames

    async def keeping(*arguments, **options):
        frames = await to_frames(*arguments, **options)
        wire.extend(bytes(frame) for frame in frames)
        return frames

    return patch.object(distributed.comm.tcp, "to_frames", keeping)


def kill_in_the_middle(clusters: SmallClusters, local: distributed.LocalCluster, killed: list[int]) -> threading.Thread:
    """Kills the worker that surveys the chosen cluster at its first question, which is left waiting."""
    server, asked = clusters[f"c{KILLED:02}"].server, threading.Event()

    def hang_once(_request):
        if asked.is_set():
            return None
        asked.set()
        return FaultReply(hang=5.0)

    def kill() -> None:
        assert asked.wait(60)
        for nanny in local.workers.values():
            busy = local.scheduler.workers[nanny.worker_address].processing
            if any(task.key.endswith(f"-{KILLED}") for task in busy):
                killed.append(nanny.pid)
                os.kill(nanny.pid, signal.SIGKILL)

    assert server is not None
    server.fault = hang_once
    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_worker_was_killed(run):
    assert len(run.killed) == 1


def test_eighteen_are_reported_and_two_are_named_unreachable(run):
    said = {c.place.name: (c.state, c.why) for c in run.first.clusters}
    assert [name for name in said if said[name] != (State.SURVEYED, "")] == ["c18", "c19"], said
    assert {c.state for c in run.first.not_reached} == {State.UNREACHABLE}
    assert "refuses the connection" in run.first.not_reached[0].why
    assert "did not answer in time" in run.first.not_reached[1].why


def test_nothing_is_asked_twice_but_what_the_killed_worker_had(run):
    killed = f"c{KILLED:02}"
    assert {n: run.surveys[n] for n in run.surveys if n not in (killed, "c18", "c19")} == {
        c.place.name: 1 for c in run.first.reached if c.place.name != killed
    }
    assert run.surveys[killed] == 1


def test_causes_are_counted_across_clusters(run):
    assert [(c.cause, c.clusters) for c in run.first.causes] == [("pull-secret-missing", FAILING)]


def test_the_first_of_each_group_has_a_full_report(run):
    for name in FAILING:
        (cluster,) = [c for c in run.first.clusters if c.place.name == name]
        (report,) = cluster.reports
        assert report.cause == cluster.groups[0].cause
        made = {p.name for p in (run.out / report.folder).iterdir()}
        assert {"report.html", "report.md", "findings.json", "image_pull.ipynb"} <= made


def test_no_credential_is_in_the_tasks_their_answers_or_the_report(run):
    tokens = [cluster.token.encode() for cluster in run.clusters.clusters.values()]
    assert any(b"c07" in frame for frame in run.wire), "the recording holds the tasks"
    assert any(b"pull-secret-missing" in frame for frame in run.wire), "the recording holds the answers"
    written = [path.read_bytes() for path in run.out.rglob("*") if path.is_file()]
    for text in (*run.wire, *written):
        assert not any(token in text for token in tokens)


def test_a_second_call_asks_only_what_is_missing(run):
    healed = run.clusters["c19"]
    assert healed.server is not None
    healed.server.fault = None
    second = run_fleet(run.asked, run.out, lambda todo: survey_all(todo, workers=1))
    assert [c.place.name for c in second.missing] == ["c18"], [c.why for c in second.missing]
    again = {name: cluster.surveys - run.surveys[name] for name, cluster in run.clusters.clusters.items()}
    assert {name for name, more in again.items() if more} == {"c19"}
