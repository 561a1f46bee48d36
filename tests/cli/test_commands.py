"""The commands do what their help says, for people and for scripts."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from runbook_lib.lab import Lab, list_scenarios
from runbook_lib.steps import ALL_STEPS

from .running import runbook

ANONYMOUS = (
    'Failed to pull image "us.icr.io/demo/hello:1.0": failed to authorize: failed to fetch anonymous token: '
    "unexpected status from GET request to https://us.icr.io/oauth/token: 401 Unauthorized"
)


@pytest.fixture
def run(monkeypatch, capsys):
    return lambda *arguments: runbook(monkeypatch, capsys, *arguments)


@pytest.mark.parametrize(
    ("name", "code", "cause"),
    [
        ("c-wrong-region", 1, "registry-not-covered"),
        ("g-valid", 0, None),
        ("x-crashloop", 0, "not-an-image-pull-problem"),
    ],
)
def test_diagnose_prints_json_and_ends_with_the_verdicts_code(run, name, code, cause):
    ran = run("diagnose", "--bundle", f"tests/evidence/{name}.json", "--format", "json")
    assert ran.code == code
    said = json.loads(ran.out)
    assert said["verdict"]["cause"] == cause
    assert said["cases"][0]["verdict"] == said["verdict"]


def test_what_cannot_be_told_ends_with_3(run, tmp_path):
    evidence = json.loads(Path("tests/evidence/h-no-access.json").read_text())
    evidence["items"] = [i for i in evidence["items"] if i["kind"] != "Secret"]
    (tmp_path / "b.json").write_text(json.dumps(evidence))
    ran = run("diagnose", "--bundle", str(tmp_path / "b.json"), "--format", "json")
    assert ran.code == 3
    assert json.loads(ran.out)["verdict"] == json.loads(ran.out)["verdict"] | {
        "status": "undetermined",
        "cause": "insufficient-evidence",
    }


def test_diagnose_reads_a_bundle_from_standard_input(run, monkeypatch):
    text = Path("tests/evidence/c-wrong-region.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run("diagnose", "--bundle", "-", "--format", "json").code == 1


def test_diagnose_in_a_terminal_names_cause_reason_and_command(run):
    ran = run("diagnose", "--bundle", "tests/evidence/c-wrong-region.json")
    assert "registry-not-covered" in ran.out
    assert "none matches uk.icr.io" in ran.out
    assert "\x1b" not in ran.out


def test_steps_are_listed_in_the_documents_order(run):
    listed = json.loads(run("steps", "--format", "json").out)
    assert [s["id"] for s in listed] == [s.id for s in ALL_STEPS]
    assert set(listed[0]) == {"id", "title", "section", "notebook"}


def test_explain_takes_words_and_json_lines(run, monkeypatch):
    assert "no credential was sent" in run("explain", ANONYMOUS).out
    lines = "".join(json.dumps({"message": m}) + "\n" for m in (ANONYMOUS, "nonsense"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    answers = [json.loads(line) for line in run("explain", "--format", "jsonl").out.splitlines()]
    assert [a["kind"] for a in answers] == ["unauthorized", "other"]
    assert answers[0]["credential_sent"] == "no"
    assert list(answers[0]) == [
        "kind", "also", "phase", "registry", "image", "status", "credential_sent", "runtime", "says", "summary",
    ]  # fmt: skip


def test_explain_says_each_thing_once_and_within_80_columns(run):
    lines = run("explain", ANONYMOUS + " and then" * 9).out.splitlines()
    text = " ".join(lines)
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("unauthorized: ")
    assert text.count("no credential was sent") == 1
    assert text.count("It does not tell") == 1
    assert "Look next:" in lines


def test_every_cause_has_its_page(run):
    for cause in json.loads(run("cause", "--format", "json").out):
        assert run("cause", cause["id"]).code == 0


def test_the_labs_scenarios_are_listed_without_their_causes(run):
    listed = json.loads(run("lab", "list", "--format", "json").out)
    assert [s["name"] for s in listed] == list(list_scenarios())
    assert all("planted" not in s for s in listed)


def test_every_scenario_is_listed_once_in_a_line_of_its_own(run):
    lines = [line.split()[0] for line in run("lab", "list").out.splitlines() if line.startswith("  ")]
    assert sorted(lines) == sorted(list_scenarios())


def test_scenarios_are_found_by_a_word(run):
    listed = json.loads(run("lab", "list", "QUOTA", "--format", "json").out)
    assert [s["name"] for s in listed] == ["pull-quota-exceeded"]
    assert "No scenario has the word nope" in run("lab", "list", "nope").err


def test_a_collected_bundle_is_judged_like_the_cluster_and_holds_no_credential(run, tmp_path, monkeypatch):
    with Lab("stale-secret-copy") as lab:
        file = tmp_path / "shop.json"
        assert run("collect", "-n", "shop", "--kubeconfig", lab.kubeconfig, "-o", file).code == 0
        text = file.read_text()
        assert not [c for c in lab.credentials if c in text]
    said = json.loads(run("diagnose", "--bundle", file, "--format", "json").out)
    assert said["verdict"]["cause"] == "stale-secret-copy"
    assert said["verdict"]["confidence"] == "likely"


def test_a_bundle_keeps_forbidden_apart_from_absent(run, tmp_path):
    with Lab("no-pull-secret") as lab:
        file = tmp_path / "shop.json"
        ran = run("collect", "-n", "shop", "--kubeconfig", lab.kubeconfig, "--context", "lab-viewer", "-o", file)
    assert "Not collected: secrets of shop" in ran.err
    case = json.loads(run("diagnose", "--bundle", file, "--format", "json").out)["cases"][0]
    assert any(u["why"] == "forbidden" for u in case["unread"])
