"""Each scenario's planted cause is found with full rights, and never another one confirmed with fewer."""

from __future__ import annotations

import pytest

from runbook_lib.lab import Lab, list_scenarios
from runbook_lib.model.diagnosis import INSUFFICIENT, NOT_A_PULL_PROBLEM, Confidence

from .playing import ACCESSES, FULL, planted, played, verdict_of

FEWER = [access for access in ACCESSES if access is not FULL]


@pytest.mark.parametrize("name", list_scenarios())
def test_the_planted_cause_is_found(name):
    with Lab(name) as lab:
        result = played(lab)
        faults = planted(lab)
    assert not result.has_defect
    for case in result.cases:
        fault = faults.get(case.container) or (next(iter(faults.values())) if faults else None)
        if fault is None:
            assert verdict_of(case) == "ok"
            continue
        assert verdict_of(case) == fault.cause, case.diagnosis
        assert case.verdict.confidence in (Confidence.CONFIRMED, Confidence.LIKELY)
        if lab.scenario.provable:
            assert case.verdict.confidence is Confidence.CONFIRMED
    if faults and NOT_A_PULL_PROBLEM not in {f.cause for f in faults.values()}:
        assert {c.container for c in result.cases} == set(faults)


@pytest.mark.parametrize("access", FEWER, ids=lambda a: a.name)
@pytest.mark.parametrize("name", list_scenarios())
def test_with_fewer_rights_nothing_wrong_is_confirmed(name, access):
    with Lab(name) as lab:
        result = played(lab, access)
        faults = planted(lab)
    assert not result.has_defect
    for case in result.cases:
        fault = faults.get(case.container) or (next(iter(faults.values())) if faults else None)
        right = {fault.cause, *fault.also} if fault else {"ok"}
        assert verdict_of(case) in right | {INSUFFICIENT}
        if case.verdict.confidence is Confidence.CONFIRMED:
            assert verdict_of(case) in right


def test_a_viewer_is_told_which_right_is_missing():
    with Lab("pull-secret-not-linked") as lab:
        result = played(lab, ACCESSES[2])
    (case,) = result.cases
    refused = [f for f in case.findings if f.status == "unknown" and "secrets" in f.summary]
    assert refused
    assert any("may not" in f.summary for f in refused)
    assert case.verdict.confidence is not Confidence.CONFIRMED
    assert any("right to" in u.remedy for u in case.diagnosis.unread)


def test_all_steps_of_the_document_have_a_finding_in_every_case():
    with Lab("renewed-key-old-copy") as lab:
        (case,) = played(lab).cases
    assert len({f.step for f in case.findings}) == 23


def test_the_lab_sees_reads_only():
    with Lab("renewed-key-old-copy") as lab:
        played(lab)
        verbs = {request.verb for request in lab.requests.cluster}
        assert verbs <= {"get", "list"}
        assert not lab.network.writes
