"""`runbook report` leaves one whole folder: executed notebooks, report, findings; the lab's kubelet plants the cause."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import nbformat
import pytest

from runbook_lib.interactive.cards import FINDING_TYPE
from runbook_lib.lab import Lab

RUNBOOK = Path(sys.executable).parent / "runbook"
SCHEMA = json.loads(Path("runbook_lib/report/schema.json").read_text())
MADE = {"report.html", "report.md", "findings.json"}


def report(lab: Lab, out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(RUNBOOK), "report", "--out", str(out), *arguments]
    return subprocess.run(command, env=lab.environ(), capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    out = tmp_path_factory.mktemp("telling") / "report"
    with Lab("renewed-key-old-copy") as lab:
        ran = report(lab, out)
        yield ran, out, lab.credentials


def test_the_case_leads_through_all_three_notebooks(telling):
    ran, out, _ = telling
    assert ran.returncode == 1, ran.stderr
    assert {p.name for p in out.iterdir()} == MADE | {"image_pull.ipynb", "api_key.ipynb", "registry_token.ipynb"}


def test_the_planted_cause_is_confirmed(telling):
    said = json.loads((telling[1] / "findings.json").read_text())
    assert (said["verdict"]["cause"], said["verdict"]["confidence"]) == ("stale-secret-copy", "confirmed")
    assert len({f["step"] for f in said["findings"]}) == 23
    assert len(said["cases"][0]["pods"]) == 3


def test_findings_keep_to_the_schema(telling):
    jsonschema.validate(json.loads((telling[1] / "findings.json").read_text()), SCHEMA)


def test_the_executed_notebooks_hold_the_same_findings(telling):
    out = telling[1]
    shown = {}
    for path in out.glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            for output in cell.get("outputs", ()):
                for finding in output.get("data", {}).get(FINDING_TYPE, {}).get("findings", ()):
                    shown[finding["step"]] = (finding["status"], finding["summary"])
    written = {
        f["step"]: (f["status"], f["summary"]) for f in json.loads((out / "findings.json").read_text())["findings"]
    }
    assert shown == written


def test_the_executed_notebooks_carry_no_warning_and_no_widget_state(telling):
    for path in telling[1].glob("*.ipynb"):
        notebook = nbformat.read(path, 4)
        assert "widgets" not in notebook.metadata
        streams = [o for c in notebook.cells for o in c.get("outputs", ()) if o.output_type == "stream"]
        assert not streams


def test_no_credential_is_in_any_output(telling):
    ran, out, credentials = telling
    for text in (ran.stdout, ran.stderr, *(p.read_text() for p in out.iterdir())):
        assert not [c for c in credentials if c in text]


def test_one_section_alone(tmp_path):
    with Lab("registry-token-retired") as lab:
        ran = report(lab, tmp_path / "r", "--only", "token")
    assert ran.returncode == 1, ran.stderr
    assert {p.name for p in (tmp_path / "r").iterdir()} == MADE | {"registry_token.ipynb"}


def test_a_viewer_without_secrets_gets_a_report_too(tmp_path):
    with Lab("registry-not-covered") as lab:
        ran = report(lab, tmp_path / "r", "--context", "lab-viewer")
    assert ran.returncode == 3, ran.stderr
    said = json.loads((tmp_path / "r" / "findings.json").read_text())
    assert said["verdict"]["status"] == "undetermined"
    assert any("secrets" in u["what"] and u["why"] == "forbidden" for u in said["cases"][0]["unread"])


@pytest.mark.parametrize("name", ["k2-one-of-two", "g-valid"])
def test_a_recorded_cluster_gives_the_full_report_offline(name, tmp_path):
    command = [str(RUNBOOK), "report", "--bundle", f"tests/evidence/{name}.json", "--out", str(tmp_path / "r")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == (0 if name == "g-valid" else 1), ran.stderr
    assert {p.name for p in (tmp_path / "r").iterdir()} >= MADE


def test_plain_papermill_runs_the_notebook_with_its_example(tmp_path):
    target = tmp_path / "out.ipynb"
    command = [
        sys.executable,
        "-m",
        "papermill",
        "notebooks/image_pull.ipynb",
        str(target),
        "-f",
        "parameters/image_pull.yaml",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "confirmed" in target.read_text() or "likely" in target.read_text()
