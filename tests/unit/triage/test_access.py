"""What the login may not read is said, and never turns into a cause."""

from __future__ import annotations

import pytest

from runbook_lib.judge import Selectors
from runbook_lib.lab import Lab
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.problem import BadInput
from runbook_lib.triage import Looking


def test_without_the_right_to_list_all_pods_the_contexts_namespace_is_looked_at(look):
    with Lab("no-pull-secret") as lab:
        found = look(lab, context="lab-limited")
    assert found.scope == lab.scenario.namespace
    assert [g.cause for g in found.groups] == ["no-pull-secret"]
    assert "may not list" in found.provenance.notes[0]


def test_all_namespaces_asked_for_by_name_and_refused_is_an_error(look):
    with Lab("no-pull-secret") as lab, pytest.raises(BadInput, match="may not list pods"):
        look(lab, context="lab-limited", everywhere=True)


def test_without_the_right_to_read_secrets_nothing_is_confirmed_of_them(look):
    with Lab("pull-secret-type-wrong") as lab:
        found = look(lab, context="lab-viewer")
    assert found.groups
    assert all(g.confidence is not Confidence.CONFIRMED for g in found.groups)


def test_a_namespace_that_does_not_exist_is_an_error(look):
    with Lab("healthy") as lab, pytest.raises(BadInput, match="no namespace nowhere"):
        look(lab, namespace="nowhere")


def test_offline_no_registry_is_asked(look):
    with Lab("stale-secret-copy") as lab:
        found = look(lab, probe=False)
        assert not [r for r in lab.requests.network if r.host.endswith("icr.io") and r.path.startswith("/v2")]
    assert all(g.confidence is not Confidence.CONFIRMED for g in found.groups)


def test_an_expired_login_is_one_sentence(look):
    with Lab("healthy") as lab, pytest.raises(BadInput, match="does not accept the login"):
        look(lab, context="lab-expired")


def test_there_is_no_cluster(monkeypatch, tmp_path):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    with pytest.raises(BadInput, match="No kubeconfig"):
        Looking(Selectors())
