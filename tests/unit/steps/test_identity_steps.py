"""api-key/1 and 2: whose API key it is, and whether that identity may pull."""

from __future__ import annotations

import pytest

from runbook_lib.model.account import ApiKeyDetails, Decision, KeyState, Policies, Policy, Role, ServiceId, Verdict
from runbook_lib.model.account.resource_match import Attribute
from runbook_lib.model.account_readings import PeerKey, PullIdentities
from runbook_lib.model.finding import Status
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.steps import api_key

from .step_readings import (
    KEY,
    MINE,
    NO_POLICY_VISIBLE,
    NOT_FAILING,
    OWNER,
    PERSON,
    SERVICE_ID,
    commands,
    evidence,
    identities,
    identity,
    image,
    outcome,
    pod_secrets,
    refused_key,
    secret,
)

NOT_ASKED = Unavailable("whose API key it is", Why.NOT_ASKED, "offline")
DETAILS = ApiKeyDetails(
    "ApiKey-1", "the-cluster-key", SERVICE_ID, MINE, True, False, expires_at="2026-03-01T00:00+0000"
)
GONE = ServiceId(SERVICE_ID, MINE, exists=False)
OWNERS = {
    "a service ID": (identity(), Status.OK, "service ID cluster-shop-prod (ServiceId-1111)"),
    "a person": (identity(PERSON), Status.SKIPPED, "a person's own (ops@shop.example)"),
    "a disabled key": (identity(refused_key(KeyState.DISABLED)), Status.PROBLEM, "disabled"),
    "an expired key": (identity(refused_key(KeyState.EXPIRED)), Status.PROBLEM, "expired"),
    "a key that IAM does not know": (
        identity(refused_key(KeyState.NOT_FOUND)),
        Status.PROBLEM,
        "knows no such API key",
    ),
    "a key that IAM keeps and does not take": (
        identity(refused_key(KeyState.NOT_FOUND), details=DETAILS),
        Status.PROBLEM,
        "'the-cluster-key', whose expiry is 2026-03-01",
    ),
    "a service ID that is gone": (
        identity(refused_key(KeyState.NOT_FOUND), service_id=GONE),
        Status.PROBLEM,
        "the service ID ServiceId-1111 of the key is gone",
    ),
    "a refusal of no known meaning": (
        identity(refused_key(KeyState.REFUSED, "BXNIM9999E")),
        Status.UNKNOWN,
        "BXNIM9999E",
    ),
    "a key that is not shown to IAM": (identity(NOT_ASKED), Status.UNKNOWN, "offline"),
}


@pytest.mark.parametrize(("found_identity", "status", "said"), OWNERS.values(), ids=OWNERS)
def test_1_the_key_tells_whose_it_is(found_identity, status, said):
    found = outcome(api_key.key_owner, identities(found_identity))
    assert (found.status, said in found.summary) == (status, True), found.summary


def test_1_one_good_key_among_several_is_enough():
    found = outcome(api_key.key_owner, identities(identity(refused_key(KeyState.DISABLED)), identity()))
    assert found.status is Status.OK


def test_1_a_dead_key_beside_one_that_was_not_asked_about_decides_nothing():
    found = outcome(api_key.key_owner, identities(identity(refused_key(KeyState.DISABLED)), identity(NOT_ASKED)))
    assert found.status is Status.UNKNOWN


def test_1_a_locked_key_is_no_fault():
    locked = ApiKeyDetails("ApiKey-1", "k", SERVICE_ID, MINE, False, True)
    found = outcome(api_key.key_owner, identities(identity(details=locked)))
    assert found.status is Status.OK
    assert "locked, which only keeps it from changes" in evidence(found)["behind each entry"]


def test_1_a_dead_key_in_a_copy_is_replaced_by_defaults_where_that_one_works():
    reading = PullIdentities((identity(refused_key(KeyState.NOT_FOUND)),), (PeerKey("default", "all-icr-io", OWNER),))
    found = outcome(api_key.key_owner, reading)
    assert "oc get secret all-icr-io -n default" in commands(found)
    assert "pull-secret apply" not in commands(found)


MAY = {
    "a policy allows it": (Decision(Verdict.YES, "Reader on …"), Status.OK),
    "no policy that is seen covers it": (Decision(Verdict.NO, "none of the 2 policies covers it"), Status.PROBLEM),
    "an empty list": (NO_POLICY_VISIBLE, Status.UNKNOWN),
    "a condition that cannot be decided": (Decision(Verdict.UNSURE, "it asks for the tag env"), Status.UNKNOWN),
}


@pytest.mark.parametrize(("decision", "status"), MAY.values(), ids=MAY)
def test_2_only_a_decided_no_is_a_problem(decision, status):
    assert outcome(api_key.policies_allow_pull, identities(identity(may_pull=decision))).status is status


def test_2_an_empty_list_is_told_as_none_visible_to_you():
    found = outcome(api_key.policies_allow_pull, identities(identity(may_pull=NO_POLICY_VISIBLE)))
    assert "none is visible to you" in "".join(evidence(found).values())


def test_2_a_writer_may_pull_and_the_document_is_outdated():
    writer = Policy(
        "p", (Role("crn:…:Writer", "Writer"),), (Attribute("serviceName", "stringEquals", "container-registry"),)
    )
    allowed = identity(may_pull=Decision(Verdict.YES, writer.says), policies=Policies(SERVICE_ID, MINE, (writer,)))
    found = outcome(api_key.policies_allow_pull, identities(allowed))
    assert found.status is Status.OK
    assert "Writer and Manager may pull" in evidence(found)["where the document is outdated"]


def test_2_a_decided_no_comes_with_the_policy_to_add_for_region_and_namespace():
    no = Decision(Verdict.NO, "none covers it")
    found = outcome(api_key.policies_allow_pull, identities(identity(may_pull=no)))
    assert "--region us-south --resource-type namespace --resource shop" in commands(found)


def test_2_the_global_registry_is_no_region():
    no = Decision(Verdict.NO, "none covers it")
    held = pod_secrets(secret(entries={"icr.io": ("iamapikey", KEY)}))
    found = outcome(api_key.policies_allow_pull, held, image("icr.io/shop/web:1.0"), identities(identity(may_pull=no)))
    assert found.status is Status.PROBLEM
    assert "--region" not in commands(found)


def test_2_a_locked_service_id_is_unlocked_before_it_takes_a_policy():
    locked = ServiceId(SERVICE_ID, MINE, locked=True)
    no = Decision(Verdict.NO, "none covers it")
    found = outcome(api_key.policies_allow_pull, identities(identity(may_pull=no, service_id=locked)))
    assert any("unlock it first" in a.text for a in found.next)


def test_2_a_key_without_a_known_owner_has_no_policies_to_look_at():
    nobody = Unavailable("the policies", Why.NOT_APPLICABLE, "IAM names no owner of it")
    dead = identity(refused_key(KeyState.NOT_FOUND), NO_POLICY_VISIBLE, policies=nobody)  # type: ignore[arg-type]
    assert outcome(api_key.policies_allow_pull, identities(dead)).status is Status.SKIPPED


BOTH = [api_key.key_owner, api_key.policies_allow_pull]


@pytest.mark.parametrize("step", BOTH, ids=lambda s: s.id)
def test_1_and_2_are_skipped_for_another_registry(step):
    held = pod_secrets(secret("quay", {"quay.io": ("robot", KEY)}))
    found = outcome(step, held, image("quay.io/shop/web:1.0"))
    assert found.status is Status.SKIPPED
    assert "not IBM Cloud Container Registry" in found.summary


@pytest.mark.parametrize("step", BOTH, ids=lambda s: s.id)
def test_1_and_2_are_skipped_for_a_persons_key(step):
    found = outcome(step, identities(identity(PERSON)))
    assert found.status is Status.SKIPPED
    assert "ibmcloud iam user-policies ops@shop.example" in commands(found)


@pytest.mark.parametrize("step", BOTH, ids=lambda s: s.id)
def test_1_and_2_are_skipped_for_a_username_that_is_no_key(step):
    held = pod_secrets(secret(entries={"us.icr.io": ("iambearer", KEY)}))
    found = outcome(step, held, identities())
    assert found.status is Status.SKIPPED
    assert "as iambearer" in found.summary


@pytest.mark.parametrize("step", BOTH, ids=lambda s: s.id)
def test_1_and_2_are_unknown_without_an_answer_of_ibm_cloud(step):
    assert outcome(step).status is Status.UNKNOWN


@pytest.mark.parametrize("step", BOTH, ids=lambda s: s.id)
def test_1_and_2_find_no_problem_where_no_pull_fails(step):
    dead = identity(refused_key(KeyState.DISABLED), Decision(Verdict.NO, "none covers it"))
    assert outcome(step, identities(dead), NOT_FAILING).status is not Status.PROBLEM
