"""The wheel carries notebooks, parameters and templates: a report works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The built wheel, unpacked where nothing of the checkout is (its dependencies are this environment's)."""
    built, target = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    run = {"check": True, "capture_output": True, "text": True, "timeout": 180}
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(built), str(ROOT)], **run)
    (wheel,) = built.glob("*.whl")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)],
        **run,
    )
    return target


def runbook(installed: Path, where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "runbook_lib", *arguments]
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_report_is_made_from_any_folder(installed, tmp_path):
    evidence = ROOT / "parameters" / "example_incident.json"
    ran = runbook(installed, tmp_path, "report", "--bundle", str(evidence), "--out", "out")
    assert ran.returncode == 1, ran.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {"report.html", "report.md", "findings.json"}


def test_the_lab_is_in_the_wheel_too(installed, tmp_path):
    ran = runbook(installed, tmp_path, "lab", "run", "no-pull-secret", "--", sys.executable, "-c", "print('inside')")
    assert ran.stdout.strip() == "inside", ran.stderr


def test_nothing_of_the_checkout_was_used(installed, tmp_path):
    code = "import runbook_lib; print(runbook_lib.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(str(installed))
