"""Recorded clusters whose cause is known are diagnosed right, however they were recorded; never wrongly confirmed."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from runbook_lib.judge import Selectors, gather, open_cases, open_session, run_steps
from runbook_lib.model.diagnosis import INSUFFICIENT, Confidence
from runbook_lib.model.result import RunResult
from runbook_lib.steps import ALL_STEPS, SECTIONS

from .evidence_cases import CHANGES, EXPECTED, load, unrelated_beside, write_list, write_must_gather

NAMES = sorted(EXPECTED)


def diagnosed(bundle: Path, pod: str = "") -> RunResult:
    selectors = Selectors(bundle=str(bundle), pod=pod, probe=False)
    session = open_session(selectors)
    cases, chosen = open_cases(session, selectors)
    run_steps(cases, ALL_STEPS)
    return gather(session, cases, selectors, chosen, list(SECTIONS))


def cause_of(result: RunResult) -> str:
    return result.verdict.cause or result.verdict.status.value


@pytest.mark.parametrize("name", NAMES)
def test_the_cause_of_a_recorded_cluster_is_named(name, tmp_path):
    result = diagnosed(write_list(load(name), tmp_path / "list.json"))
    assert cause_of(result) in EXPECTED[name]
    assert not result.has_defect


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_the_same_cluster_recorded_otherwise_is_right_or_undetermined(name, change, tmp_path):
    items = change(copy.deepcopy(load(name)))
    named = next(i["metadata"]["name"] for i in items if i["kind"] == "Pod") if change is unrelated_beside else ""
    result = diagnosed(write_list(items, tmp_path / "list.json"), named)
    assert cause_of(result) in [*EXPECTED[name], INSUFFICIENT]
    if result.verdict.confidence is Confidence.CONFIRMED:
        assert cause_of(result) in EXPECTED[name]
    assert not result.has_defect


@pytest.mark.parametrize("name", NAMES)
def test_a_must_gather_of_the_same_cluster_is_right_or_undetermined(name, tmp_path):
    result = diagnosed(write_must_gather(copy.deepcopy(load(name)), tmp_path))
    assert cause_of(result) in [*EXPECTED[name], INSUFFICIENT]
    assert not result.has_defect


def test_the_same_evidence_gives_the_same_words(tmp_path):
    bundle = write_list(load("c-wrong-region"), tmp_path / "list.json")
    first, second = diagnosed(bundle), diagnosed(bundle)
    assert first.cases == second.cases


def test_pods_of_one_workload_share_one_case(tmp_path):
    result = diagnosed(write_list(load("l-deployment"), tmp_path / "list.json"))
    (case,) = result.cases
    assert case.workload == ("Deployment", "web")
    assert len(case.pods) == 2
