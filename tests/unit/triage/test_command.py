"""`runbook triage`: exit codes, forms and bad input, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from runbook_lib.lab import Lab

ENTRY = [sys.executable, "-c", "from runbook_lib.cli import main; main()", "triage"]


def run(lab: Lab, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ENTRY, *arguments], env=lab.environ(), capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def broken():
    with Lab("no-pull-secret", live=True) as lab:
        yield lab


def test_causes_found_end_with_1(broken, tmp_path):
    ran = run(broken, "--out", str(tmp_path / "t"))
    assert ran.returncode == 1, ran.stderr
    assert "no-pull-secret" in ran.stdout
    assert (tmp_path / "t" / "triage.html").is_file()


def test_json_is_the_whole_output(broken):
    ran = run(broken, "--format", "json", "--no-probe")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["groups"][0]["cause"] == "no-pull-secret"


def test_nothing_fails_ends_with_0():
    with Lab("healthy") as lab:
        ran = run(lab, "-A")
    assert ran.returncode == 0, ran.stderr
    assert "No image pull fails" in ran.stdout


def test_only_undetermined_ends_with_3():
    with Lab("events-expired") as lab:
        ran = run(lab, "--no-probe")
    assert ran.returncode == 3, ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-A", "-n", "shop"), "Both -A and -n"),
        (("--watch", "--bundle", "x"), "nothing to watch"),
        (("--watch", "--format", "json"), "told as text"),
        (("-n", "nowhere"), "no namespace nowhere"),
        (("--bundle", "nothing.json"), "no bundle"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_sentence_and_2(broken, arguments, said):
    ran = run(broken, *arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_watch_ends_by_itself(broken):
    ran = run(broken, "--watch", "--every", "0.2", "--for", "1")
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.count("+ appeared") == 1
