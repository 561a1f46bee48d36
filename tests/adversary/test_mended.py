"""A fault that was mended after the last attempt is told as such, with what is left to do."""

from __future__ import annotations

import pytest

from . import objects
from . import words as node_says
from .cluster import diagnose, verdict
from .keys import GOOD, KNOWS_GOOD
from .objects import HOST, failed, pod, secret, unretrieved

NEW = secret("s", {HOST: GOOD}, created=objects.LATER)


@pytest.mark.parametrize("answers", [KNOWS_GOOD, None], ids=["asked from here", "not asked"])
@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ((failed(node_says.ANONYMOUS_401), unretrieved("s")), "pull-secret-missing"),
        ((failed(node_says.CRIO_401), unretrieved("s")), "pull-secret-missing"),
        ((failed(node_says.OAUTH_401),), "credentials-rejected"),
        ((failed(node_says.UNPARSABLE),), "pull-secret-malformed"),
    ],
    ids=["it was missing", "it was missing, by CRI-O", "another one was refused", "it could not be parsed"],
)
def test_a_secret_that_is_newer_than_the_last_attempt_was_mended(said, cause, answers):
    diagnosis = diagnose(pod(secrets=("s",), owner="web-5d8f"), NEW, *said, answers=answers)
    assert verdict(diagnosis) == (cause, "likely")
    assert any(objects.LATER in reason for reason in diagnosis.causes[0].because)
    commands = [action.command for action in diagnosis.causes[0].remedy]
    assert "oc delete pod web -n shop" in commands
    assert any("tries again within five minutes" in action.text for action in diagnosis.causes[0].remedy)


def test_a_pod_that_nothing_makes_again_is_not_to_be_deleted():
    diagnosis = diagnose(pod(secrets=("s",)), NEW, failed(node_says.ANONYMOUS_401), unretrieved("s"))
    assert not any(action.changes for action in diagnosis.causes[0].remedy)


def test_a_secret_that_is_still_not_retrieved_was_not_mended():
    items = (pod(secrets=("s",)), NEW, failed(node_says.ANONYMOUS_401), unretrieved("s", last="2026-11-24T10:50:00Z"))
    assert verdict(diagnose(*items))[0] == "insufficient-evidence"


def test_a_service_account_that_was_mended_does_not_help_a_pod_that_exists():
    diagnosis = diagnose(
        pod(),
        secret("s", {HOST: GOOD}),
        objects.account(secrets=("s",), created=objects.LATER),
        failed(node_says.ANONYMOUS_401),
    )
    assert verdict(diagnosis) == ("pull-secret-not-linked", "confirmed")
    assert any("the pod is older" in reason for reason in diagnosis.causes[0].because)
    assert [a.command for a in diagnosis.causes[0].remedy] == ["oc delete pod web -n shop"]


def test_an_operator_who_may_not_read_secrets_is_told_of_the_mended_service_account_too():
    diagnosis = diagnose(
        pod(), objects.account(secrets=("s",)), failed(node_says.ANONYMOUS_401), forbidden=frozenset({"secrets"})
    )
    assert verdict(diagnosis) == ("no-pull-secret", "likely")
    assert any("names s now: the pod is older" in reason for reason in diagnosis.causes[0].because)


@pytest.mark.parametrize("created", [objects.EARLIER, objects.LATER], ids=["an old secret", "a new secret"])
def test_where_the_pods_credential_is_good_by_now_the_next_attempt_decides(created):
    covers = secret("s", {HOST: GOOD}, created=created)
    diagnosis = diagnose(pod(secrets=("s",)), covers, failed(node_says.FORBIDDEN), answers=KNOWS_GOOD)
    assert verdict(diagnosis)[0] == "insufficient-evidence"
    assert "next attempt" in diagnosis.decides
