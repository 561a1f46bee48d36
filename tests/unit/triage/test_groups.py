"""Two hundred failing pods of six planted causes are six groups, each right, for a known number of requests."""

from __future__ import annotations

from collections import Counter

import pytest

from runbook_lib.causes import CATALOGUE
from runbook_lib.lab import Lab, load_scenario
from runbook_lib.model.diagnosis import INSUFFICIENT, NOT_A_PULL_PROBLEM, Confidence
from runbook_lib.triage.mending import known_causes
from tests.unit.triage.planted import SIX, many_tags, plant


def test_the_groups_are_the_planted_causes(planted, look):
    found = look(planted)
    assert sorted(g.cause for g in found.groups) == sorted(p.cause for p in SIX)
    assert {g.confidence for g in found.groups} == {Confidence.CONFIRMED}
    assert found.failing_pods == 200
    assert found.pods_seen == 200 + 1100 + 1  # and the one of the scenario
    assert found.exit_code == 1
    for group in found.groups:
        assert {m.namespace.rpartition("-")[0] for m in group.members} == {group.cause}
        assert len(group.namespaces) == 10
        assert group.pods in (33, 34)


def test_a_group_has_one_example_worked_out_with_every_step(planted, look):
    for group in look(planted).groups:
        assert len(group.example.findings) == 23
        assert group.example.verdict.cause == group.cause
        assert group.remedy


def test_the_number_of_requests_follows_from_pages_and_namespaces_alone(planted, look):
    """Pages of pods, events, nodes and service accounts; secrets of each namespace with failing pulls and `default`."""
    planted.server.forget_requests()
    look(planted)
    asked = Counter((r.verb, r.resource) for r in planted.requests.cluster)
    pages = -(-1301 // 500)
    assert asked == {
        ("list", "pods"): pages,
        ("list", "events"): 3,
        ("list", "secrets"): 60 + 1,
        ("list", "serviceaccounts"): 1,
        ("list", "nodes"): 1,
        ("get", ""): 2,
    }


def test_an_image_is_asked_for_once_with_each_credential(planted, look):
    before = len(planted.requests.network)
    look(planted)
    manifests = [r for r in planted.requests.network[before:] if "/manifests/" in r.path]
    assert len(manifests) <= 12  # two images; anonymous, three secrets, and the one of `default`
    tokens = [r for r in planted.requests.network[before:] if r.path == "/oauth/token"]
    assert len(tokens) <= 20


def test_distinct_failures_of_one_workload_are_as_many_groups_as_things_to_mend(look):
    with Lab("healthy") as lab:
        plant(lab, well=0, failing=40, plants=many_tags(20), spaces=2)
        found = look(lab)
    assert Counter(g.cause for g in found.groups) == {"tag-not-found": 20}
    assert all(g.pods == 2 for g in found.groups)
    assert len({g.id for g in found.groups}) == 20


def test_a_namespace_alone_is_looked_at_where_it_is_named(planted, look):
    planted.server.forget_requests()
    found = look(planted, namespace="tag-not-found-1")
    assert [g.cause for g in found.groups] == ["tag-not-found"]
    assert found.scope == "tag-not-found-1"
    assert {r.namespace for r in planted.requests.cluster if r.resource == "pods"} == {"tag-not-found-1"}


CASES = (
    "one-of-two-containers",
    "init-container-failing",
    "ephemeral-container-failing",
    "events-expired",
    "job-failing",
    "deployment-three-pods",
    "two-failing-containers",
    "sandbox-image-unavailable",
    "never-pull-policy",
    "node-disk-full",
    "access-denied",
    "openshift-generated-secret",
)


@pytest.mark.parametrize("name", CASES)
def test_what_hides_from_a_list_of_pending_pods_is_found(name, look):
    """Running pods with one failing container, init and ephemeral ones, events that are gone, the pause image."""
    planted = load_scenario(name).planted
    with Lab(name) as lab:
        found = look(lab)
    right = {p.cause for p in planted} | {also for p in planted for also in p.also}
    assert found.groups
    assert {g.cause for g in found.groups} <= right
    assert not found.defects


@pytest.mark.parametrize("name", ["crash-loop", "unschedulable", "volume-missing", "config-map-missing"])
def test_pods_that_are_unwell_otherwise_are_counted_and_not_diagnosed(name, look):
    with Lab(name) as lab:
        found = look(lab)
    assert found.groups == ()
    assert sum(count for _, count in found.unwell) == 1
    assert found.exit_code == 0


def test_nodes_whose_disks_are_full_are_mended_one_by_one(look):
    """Pods of one workload on two nodes, with the same words: two things to mend."""
    with Lab("node-disk-full") as lab:
        (original,) = lab.store.list("pods", "shop")
        owner = {"kind": "ReplicaSet", "name": "web-abc", "controller": True, "apiVersion": "apps/v1", "uid": "r"}
        for n in (1, 2):
            pod = {**original, "metadata": {"name": f"web-abc-{n}", "namespace": "shop", "ownerReferences": [owner]}}
            pod["spec"] = {**original["spec"], "nodeName": f"full-{n}"}
            pod["status"] = _with_message(original["status"], "no space left on device")
            lab.store.put_raw(pod)
        found = look(lab)
    full = {g.thing for g in found.groups if g.cause == "node-disk-full"}
    assert {"full-1", "full-2"} <= full


def _with_message(status, words):
    said = 'failed to pull image "us.icr.io/shop/web:1.0": write /var/lib/containerd/tmp: ' + words
    (container,) = status["containerStatuses"]
    return {
        **status,
        "containerStatuses": [{**container, "state": {"waiting": {"reason": "ErrImagePull", "message": said}}}],
    }


def test_two_pods_with_troubles_of_their_own_are_two_groups(look):
    with Lab("two-failing-pods") as lab:
        found = look(lab)
    assert len(found.groups) == 2
    assert all(g.pods == 1 for g in found.groups)


def test_every_cause_of_the_catalogue_names_what_has_to_be_mended():
    causes = {cause.id for cause in CATALOGUE} - {NOT_A_PULL_PROBLEM}
    assert known_causes() == causes | {INSUFFICIENT}
