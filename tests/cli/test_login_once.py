"""A login that asks somebody is asked for as seldom as can be: a program may open a browser each time."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

import pytest
import yaml

from runbook_lib.judge import Selectors
from runbook_lib.lab import Lab
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cluster import open_cluster
from runbook_lib.triage import Looking

ENTRY = [sys.executable, "-m", "runbook_lib"]


@pytest.fixture(scope="module")
def lab():
    with Lab("no-pull-secret") as running:
        yield running


@pytest.fixture
def asked(lab, tmp_path):
    """A kubeconfig whose login is a program, which notes each time that it runs."""
    document = yaml.safe_load(lab.kubeconfig.read_text())
    notes, program = tmp_path / "notes", tmp_path / "login"
    for user in document["users"]:
        answer = {"status": {"token": user["user"].get("token", "")}, "kind": "ExecCredential"}
        answer["apiVersion"] = version = "client.authentication.k8s.io/v1"
        if user["name"] == document["contexts"][0]["context"]["user"]:
            program.write_text(f"#!/bin/sh\necho asked >> {notes}\ncat <<'END'\n{json.dumps(answer)}\nEND\n")
        how = {"apiVersion": version, "command": str(program), "interactiveMode": "Never"}
        user["user"] = {"exec": how}
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = tmp_path / "config"
    path.write_text(yaml.safe_dump(document))

    def run(*command: str) -> int:
        ran = subprocess.run(
            [*ENTRY, *command], env=lab.environ(KUBECONFIG=str(path)), capture_output=True, text=True, timeout=90
        )
        assert ran.returncode == 1, ran.stderr
        return len(notes.read_text().splitlines())

    return run


def test_a_diagnosis_logs_in_once(asked):
    assert asked("diagnose", "-n", "shop", "--no-probe") == 1


def test_a_triage_logs_in_once(asked):
    assert asked("triage", "--no-probe") == 1


def test_a_report_logs_in_once_whatever_is_checked_before_it(asked, tmp_path):
    assert asked("report", "-n", "shop", "--no-probe", "--out", str(tmp_path / "report")) == 1


def test_all_readings_of_a_triage_spend_one_budget_which_each_look_renews(lab, monkeypatch):
    """Else a watch of some hours would end with words about a time limit that nobody has reached."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    cluster = open_cluster(budget=TimeBudget(5.0))
    looking = Looking(Selectors(probe=False), cluster=cluster)
    looking.look()
    cluster.budget._spent = cluster.budget.seconds  # as after hours of looks
    assert looking.look().pods_seen == 1
    assert cluster.budget.remaining > cluster.budget.seconds - 60.0
