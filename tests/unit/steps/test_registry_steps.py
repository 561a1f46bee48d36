"""api-key/3.5 and 3.6, token/5 and 6: the login and the pull, tried from here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runbook_lib.model.account import AllowedAddresses, CbrRules, Decision, Verdict
from runbook_lib.model.account_readings import Restrictions
from runbook_lib.model.counter_tests import Origin
from runbook_lib.model.finding import Status
from runbook_lib.model.pull_error import CredentialSent, parse
from runbook_lib.model.readings import PullFailure, Said
from runbook_lib.model.registry_answer import Answer
from runbook_lib.steps import api_key, registry_token

from .step_readings import (
    DENIED,
    FORBIDDEN,
    KEY,
    MINE,
    NO_RESTRICTIONS,
    NOT_FAILING,
    OVER_QUOTA,
    PARTNER,
    PRIVATE_ONLY,
    REJECTED,
    TAKEN,
    UNAUTHORIZED,
    answer,
    commands,
    counter_tests,
    evidence,
    failing,
    identities,
    identity,
    image,
    outcome,
    pod_secrets,
    registry_account,
    secret,
    token_secret,
    trial,
)

POD = Origin.POD
SECOND = trial(POD, TAKEN, name="second")
LOGINS = {
    "taken, and the image too": ((trial(POD, TAKEN),), Status.OK, "takes the login"),
    "taken, and the image denied": ((trial(POD, DENIED),), Status.OK, "takes the login"),
    "refused": ((trial(POD, REJECTED),), Status.PROBLEM, "refuses the username and the password"),
    "one refused, another taken": ((trial(POD, REJECTED), SECOND), Status.OK, "takes the login of shop/second"),
    "refused, and default's original is taken": (
        (trial(POD, REJECTED), trial(Origin.DEFAULT, TAKEN)),
        Status.PROBLEM,
        "the project's copy is out of date",
    ),
    "refused, and another secret of default is taken": (
        (trial(POD, REJECTED, name="mine"), trial(Origin.DEFAULT, TAKEN)),
        Status.PROBLEM,
        "all-icr-io of the default project is taken",
    ),
    "refused, and taken with the other username": (
        (trial(POD, REJECTED, username="iambearer"), trial(Origin.REPAIRED, TAKEN)),
        Status.PROBLEM,
        "the username is of the wrong kind",
    ),
    "not reached": ((trial(POD, answer(Answer.TIMEOUT)),), Status.UNKNOWN, "not reached"),
    "rate limited before the login": ((trial(POD, answer(Answer.RATE_LIMITED)),), Status.UNKNOWN, "cannot be judged"),
    "refused, but another entry not answered": (
        (trial(POD, REJECTED), trial(POD, answer(Answer.TIMEOUT), name="second")),
        Status.UNKNOWN,
        "cannot be judged",
    ),
}


@pytest.mark.parametrize(("trials", "status", "said"), LOGINS.values(), ids=LOGINS)
def test_3_5_the_login_is_judged_by_the_counter_tests(trials, status, said):
    found = outcome(api_key.login_accepted, counter_tests(*trials))
    assert (found.status, said in found.summary) == (status, True), found.summary


def test_3_5_a_stale_copy_is_replaced_from_default():
    found = outcome(api_key.login_accepted, counter_tests(trial(POD, REJECTED), trial(Origin.DEFAULT, TAKEN)))
    assert "oc get secret all-icr-io -n default -o json" in commands(found)
    assert "oc apply -n shop -f -" in commands(found)


def test_3_5_the_login_by_hand_keeps_the_password_off_the_command_line():
    found = outcome(api_key.login_accepted, counter_tests(trial(POD, REJECTED)))
    assert "docker login -u iamapikey --password-stdin us.icr.io" in commands(found)
    assert " -p " not in commands(found)


def test_3_5_works_for_any_registry():
    held = pod_secrets(secret("quay", {"quay.io": ("shop+robot", KEY)}))
    named = "quay.io/shop/web:1.0"
    refused = counter_tests(trial(POD, REJECTED, name="quay", username="shop+robot"), of=named)
    found = outcome(api_key.login_accepted, held, image(named), refused)
    assert found.status is Status.PROBLEM
    assert "ibmcloud" not in commands(found)


def test_3_5_the_wrong_kind_of_username_shows_without_asking():
    held = pod_secrets(secret(entries={"us.icr.io": ("iambearer", KEY)}))
    found = outcome(api_key.login_accepted, held)
    assert found.status is Status.UNKNOWN
    assert "goes with iamapikey" in evidence(found)["usernames"]


PULLS = {
    "the image can be read": ((trial(POD, TAKEN),), FORBIDDEN, Status.OK, "can pull"),
    "denied": ((trial(POD, DENIED),), FORBIDDEN, Status.PROBLEM, "denies the image"),
    "the login is refused": ((trial(POD, REJECTED),), UNAUTHORIZED, Status.SKIPPED, "step 3.5"),
    "one login is refused, the other denied": (
        (trial(POD, REJECTED), trial(POD, DENIED, name="second")),
        FORBIDDEN,
        Status.PROBLEM,
        "login of second",
    ),
    "no such tag": (
        (trial(POD, answer(Answer.TAG_UNKNOWN, logged_in=True, close_names=("1.1",))),),
        FORBIDDEN,
        Status.PROBLEM,
        "It has: 1.1",
    ),
    "no such repository": (
        (trial(POD, answer(Answer.REPOSITORY_UNKNOWN)),),
        FORBIDDEN,
        Status.PROBLEM,
        "no such repository",
    ),
    "another platform": ((trial(POD, answer(Answer.PLATFORM_ABSENT)),), FORBIDDEN, Status.PROBLEM, "platform"),
    "over quota": ((trial(POD, answer(Answer.QUOTA_EXCEEDED)),), OVER_QUOTA, Status.PROBLEM, "quota"),
    "private only, from here and for the node": (
        (trial(POD, answer(Answer.PRIVATE_ONLY)),),
        PRIVATE_ONLY,
        Status.PROBLEM,
        "private connections only",
    ),
    "private only from here, the node says another thing": (
        (trial(POD, answer(Answer.PRIVATE_ONLY)),),
        UNAUTHORIZED,
        Status.UNKNOWN,
        "from here it cannot be judged",
    ),
    "rate limited from here alone": (
        (trial(POD, answer(Answer.RATE_LIMITED)),),
        FORBIDDEN,
        Status.UNKNOWN,
        "cannot be judged",
    ),
    "a server error": ((trial(POD, answer(Answer.SERVER_ERROR)),), FORBIDDEN, Status.UNKNOWN, "not known"),
    "not reached": ((trial(POD, answer(Answer.DNS)),), FORBIDDEN, Status.UNKNOWN, "not known"),
}


@pytest.mark.parametrize(("trials", "text", "status", "said"), PULLS.values(), ids=PULLS)
def test_3_6_the_pull_is_judged_by_the_counter_tests(trials, text, status, said):
    found = outcome(api_key.image_pulls, counter_tests(*trials), failing(text))
    assert (found.status, said in found.summary) == (status, True), found.summary


@pytest.mark.parametrize(
    ("text", "advice"),
    [(FORBIDDEN, "the node's way"), (OVER_QUOTA, "another thing")],
    ids=["the node was refused", "the node failed for another reason"],
)
def test_3_6_a_pull_that_works_from_here_turns_to_the_node(text, advice):
    found = outcome(api_key.image_pulls, counter_tests(trial(POD, TAKEN)), failing(text))
    assert any(advice in a.text for a in found.next)


@pytest.mark.parametrize("step", [api_key.login_accepted, api_key.image_pulls], ids=lambda s: s.id)
def test_3_5_and_3_6_are_unknown_where_no_registry_is_asked(step):
    found = outcome(step, failing(FORBIDDEN))
    assert found.status is Status.UNKNOWN
    assert "--no-probe" in found.summary


@pytest.mark.parametrize(
    "step",
    [api_key.login_accepted, api_key.image_pulls, registry_token.login_accepted, registry_token.image_pulls],
    ids=lambda s: s.id,
)
def test_no_registry_is_asked_where_no_pull_fails(step):
    held = pod_secrets(secret(), token_secret())
    assert outcome(step, held, NOT_FAILING).status is Status.SKIPPED


@pytest.mark.parametrize("step", [api_key.login_accepted, api_key.image_pulls], ids=lambda s: s.id)
def test_3_5_and_3_6_are_skipped_where_a_broken_secret_keeps_the_node_from_asking(step):
    held = pod_secrets(secret("broken", payload="{half"), secret())
    found = outcome(step, held, counter_tests(trial(POD, TAKEN)))
    assert found.status is Status.SKIPPED
    assert "broken cannot be decoded (step 3.3)" in found.summary


@pytest.mark.parametrize(
    ("sent", "status"),
    [(CredentialSent.NO, Status.UNKNOWN), (CredentialSent.UNKNOWN, Status.PROBLEM)],
    ids=["the node says that it pulled anonymously", "the node does not say"],
)
def test_3_6_without_a_counter_test_a_denial_told_to_the_node_counts_for_a_credential_only(sent, status):
    error = replace(parse(FORBIDDEN), also=(), credential_sent=sent)
    told = PullFailure(True, "ImagePullBackOff", (Said("event", FORBIDDEN, error),))
    assert outcome(api_key.image_pulls, told).status is status


def causes(*readings: object) -> list[str]:
    found = outcome(api_key.image_pulls, counter_tests(trial(POD, DENIED)), failing(FORBIDDEN), *readings)
    return evidence(found)["the four causes that answer alike"].splitlines()


NO_POLICY = identities(identity(may_pull=Decision(Verdict.NO, "none of the 1 policies covers it")))
ADDRESSES = Restrictions(CbrRules(MINE, ()), AllowedAddresses(MINE, ("198.51.100.0/24",)))
FOUR = {
    "no policy covers it": (NO_POLICY, 0, "yes (none of the 1 policies"),
    "a policy allows it": (identities(identity()), 0, "no, one allows it"),
    "the namespace is in another account": (registry_account(namespaces=("tools",)), 1, "possible, shop is not among"),
    "the namespace is the account's": (registry_account(), 1, "no, shop is"),
    "an address list": (ADDRESSES, 2, "198.51.100.0/24 only"),
    "no restriction is visible": (NO_RESTRICTIONS, 2, "none is visible"),
    "the account lists the image": (registry_account(), 3, "no, your account"),
    "the account does not list it": (registry_account(tags=()), 3, "possible, your account"),
}


@pytest.mark.parametrize(("reading", "at", "said"), FOUR.values(), ids=FOUR)
def test_3_6_each_of_the_four_causes_of_access_denied_is_told_with_what_is_known(reading, at, said):
    assert said in causes(reading)[at]


def test_3_6_what_is_not_known_of_the_four_causes_is_said_to_be_unknown():
    assert all("not known" in line for line in causes())


def test_3_6_a_key_of_another_account_is_named_beside_the_namespaces_account():
    stranger = identity().owner.__class__("accepted", "iam-ServiceId-2", "service-id", "theirs", PARTNER)
    said = causes(registry_account(), identities(identity(stranger)))
    assert f"the key account {PARTNER}'s" in said[1]


def test_3_6_a_missing_policy_comes_with_the_command_that_grants_it():
    found = outcome(api_key.image_pulls, counter_tests(trial(POD, DENIED)), failing(FORBIDDEN), NO_POLICY)
    assert (
        "ibmcloud iam service-policy-create ServiceId-1111 --roles Reader --service-name container-registry "
        "--region us-south --resource-type namespace --resource shop"
    ) in commands(found)


def test_3_6_an_entitlement_key_is_judged_as_one():
    named = "cp.icr.io/cp/base/server:1.0"
    held = pod_secrets(secret("ibm-key", {"cp.icr.io": ("cp", KEY)}))
    denied = counter_tests(trial(POD, DENIED, name="ibm-key", username="cp"), of=named)
    found = outcome(api_key.image_pulls, held, image(named), denied, failing(FORBIDDEN))
    assert found.status is Status.PROBLEM
    assert "entitlement key is not entitled" in found.summary


TOKEN = pod_secrets(token_secret())
OF_THE_TOKEN = {"name": "bluemix-default-secret", "username": "token"}


@pytest.mark.parametrize(
    "readings",
    [
        (),
        (counter_tests(trial(POD, REJECTED, **OF_THE_TOKEN)),),
        (counter_tests(trial(POD, answer(Answer.DNS), **OF_THE_TOKEN)),),
    ],
    ids=["not asked", "refused", "not reached"],
)
def test_token_5_tokens_are_not_accepted_whether_or_not_the_registry_is_asked(readings):
    found = outcome(registry_token.login_accepted, TOKEN, *readings)
    assert found.status is Status.PROBLEM
    assert "19 August 2021" in found.summary
    assert any("Move to an API key" in a.text for a in found.next)


def test_token_5_shows_the_counter_test():
    refused = counter_tests(trial(POD, REJECTED, **OF_THE_TOKEN), trial(Origin.DEFAULT, TAKEN))
    told = evidence(outcome(registry_token.login_accepted, TOKEN, refused))
    assert "credentials rejected" in told["asked from here"]
    assert "accepted" in told["for comparison"]


def test_token_5_makes_no_new_key_where_defaults_is_taken():
    refused = counter_tests(trial(POD, REJECTED, **OF_THE_TOKEN), trial(Origin.DEFAULT, TAKEN))
    found = outcome(registry_token.login_accepted, TOKEN, refused)
    assert "pull-secret apply" not in commands(found)
    assert "oc get secret all-icr-io -n default" in commands(found)


def test_token_6_is_skipped_after_a_refused_login():
    found = outcome(registry_token.image_pulls, TOKEN, counter_tests(trial(POD, REJECTED, **OF_THE_TOKEN)))
    assert found.status is Status.SKIPPED
    assert "step 5" in found.summary


def test_each_section_judges_the_trials_of_its_own_credentials():
    both = pod_secrets(secret(), token_secret())
    trials = counter_tests(trial(POD, TAKEN), trial(POD, REJECTED, **OF_THE_TOKEN))
    assert outcome(api_key.login_accepted, both, trials).status is Status.OK
    assert outcome(registry_token.login_accepted, both, trials).status is Status.PROBLEM
