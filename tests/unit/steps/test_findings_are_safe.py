"""No step shows a credential, and none makes a problem of what could not be read."""

from __future__ import annotations

import base64
import itertools

import pytest

from runbook_lib.model.account_readings import ClusterAccount, PullIdentities, RegistryAccount, Restrictions
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Status
from runbook_lib.model.readings import CaseImage, DefaultSecrets, PodSecrets, PullFailure
from runbook_lib.steps import ALL_STEPS, api_key, image_pull, registry_token

from .step_readings import (
    DENIED,
    FORBIDDEN,
    KEY,
    NO_RESTRICTIONS,
    REJECTED,
    TAKEN,
    UNAUTHORIZED,
    counter_tests,
    failing,
    identities,
    identity,
    outcome,
    pod_secrets,
    registry_account,
    secret,
    token_secret,
    trial,
)

MINE = [
    *api_key.STEPS,
    *registry_token.STEPS,
    image_pull.image_name_and_tag,
    image_pull.traffic_and_quota,
    image_pull.default_project_secrets,
]
SECRETS = [pod_secrets(secret()), pod_secrets(token_secret()), pod_secrets(secret(type_="Opaque"), token_secret())]
TRIALS = [
    counter_tests(trial(Origin.POD, given), trial(Origin.POD, given, username="token"), trial(Origin.DEFAULT, TAKEN))
    for given in (TAKEN, REJECTED, DENIED)
]
FORMS = (KEY, *(base64.b64encode(f"{user}:{KEY}".encode()).decode() for user in ("iamapikey", "token")))


@pytest.mark.parametrize("step", MINE, ids=lambda s: s.id)
def test_no_credential_is_in_a_finding(step):
    for held, trials, text in itertools.product(SECRETS, TRIALS, (UNAUTHORIZED, FORBIDDEN)):
        found = outcome(step, held, trials, failing(text), identities(identity()), registry_account(), NO_RESTRICTIONS)
        assert not [form for form in FORMS if form in repr(found)]


@pytest.mark.parametrize("step", MINE, ids=lambda s: s.id)
def test_evidence_holds_plain_values_only(step):
    for held, trials in itertools.product(SECRETS, TRIALS):
        found = outcome(step, held, trials, identities(identity()), registry_account(), NO_RESTRICTIONS)
        for label, value in found.evidence:
            plain = value is None or type(value) in (str, int, bool)
            assert plain or (type(value) is list and all(type(v) is str for v in value)), label


READINGS = [
    PodSecrets,
    CounterTests,
    PullIdentities,
    RegistryAccount,
    Restrictions,
    ClusterAccount,
    DefaultSecrets,
    CaseImage,
    PullFailure,
]


@pytest.mark.parametrize("step", MINE, ids=lambda s: s.id)
@pytest.mark.parametrize("reading", READINGS, ids=lambda r: r.__name__)
def test_leaving_a_reading_out_makes_no_problem(step, reading):
    """The usual case is in order but for what the node reports, so nothing in it is a fault."""
    found = outcome(step, failing(FORBIDDEN), without=reading)
    status = getattr(found, "status", Status.UNKNOWN)
    assert status is not Status.PROBLEM


def test_there_are_23_steps_with_23_ids():
    assert len(ALL_STEPS) == len({s.id for s in ALL_STEPS}) == 9 + 8 + 6
