"""`runbook fleet` tells what is missing or wrong in a sentence, before anything is started."""

from __future__ import annotations

import sys

import pytest

from runbook_lib.fleet import engine
from runbook_lib.fleet.result import Asked, ClusterResult, State, plain
from tests.cli.running import runbook

from .conftest import cluster_of, group_of


@pytest.fixture
def listed(tmp_path):
    file = tmp_path / "clusters.yaml"
    file.write_text("- prod\n- test\n")
    return file


def test_without_dask_it_says_what_to_install(listed, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = runbook(monkeypatch, capsys, "fleet", listed, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "pip install 'pull-runbook[fleet]'" in ran.err
    assert "Traceback" not in ran.err


def test_a_scheduler_that_is_not_there_is_named(listed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engine, "_PATIENCE", 0.5)
    ran = runbook(monkeypatch, capsys, "fleet", listed, "--scheduler", "tcp://127.0.0.1:9", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "tcp://127.0.0.1:9" in ran.err


def test_what_is_missing_is_named_with_the_way_to_go_on(listed, tmp_path, monkeypatch, capsys):
    def answers(asked: list[Asked], **_options: object):
        found = cluster_of("prod", group_of("stale-secret-copy", pods=7), reports=(), asks=asked[0].fingerprint)
        yield asked[0], {"result": plain(found), "files": {}}
        yield asked[1], {"result": plain(ClusterResult(asked[1].place, State.UNREACHABLE, "No route.")), "files": {}}

    monkeypatch.setattr(engine, "survey_all", answers)
    out = tmp_path / "out"
    ran = runbook(monkeypatch, capsys, "fleet", listed, "--out", out)
    assert ran.code == 1
    for needed in ("1 of 2 clusters seen", "stale-secret-copy", "Not seen: test (unreachable): No route."):
        assert needed in " ".join(ran.out.split())
    assert f"--out {out}" in ran.out.replace("\n", "")


def test_a_task_that_came_to_nothing_is_a_result():
    asked = Asked(cluster_of("a").place)
    killed = type("KilledWorker", (Exception,), {})("x", None, 2)
    assert "Two workers ended" in engine.lost(asked, (type(killed), killed, None))["result"]["why"]
    assert engine.lost(asked, TimeoutError("secret text"))["result"]["why"] == "Its worker failed (TimeoutError)."
