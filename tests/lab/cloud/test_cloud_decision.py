"""Who may pull what: each shape of policy, each flag and restriction, with the reason that decides."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from runbook_lib.lab.cloud import BASE_FILE, CloudState, Identity, Reason
from runbook_lib.lab.overlay import overlay

US, UK, WORLD = "us.icr.io", "uk.icr.io", "icr.io"


def changed(**cloud: Any) -> CloudState:
    """The base state with changes on top."""
    return CloudState.load(overlay(yaml.safe_load(BASE_FILE.read_text("utf-8")), {"cloud": cloud}))


@pytest.mark.parametrize(
    ("who", "host", "namespace", "allowed", "reason"),
    [
        ("cluster", US, "shop", True, Reason.POLICY),
        ("cluster", "private.us.icr.io", "shop", True, Reason.POLICY),
        ("cluster", "registry.ng.bluemix.net", "shop", True, Reason.POLICY),
        ("cluster", WORLD, "shop", True, Reason.POLICY),
        ("cluster", US, "partner", False, Reason.OTHER_ACCOUNT),
        ("cluster", US, "nobody", False, Reason.NO_SUCH_NAMESPACE),
        ("cluster", UK, "tools", False, Reason.NO_SUCH_NAMESPACE),
        ("cluster", US, "public", True, Reason.PUBLIC),
        (None, US, "public", True, Reason.PUBLIC),
        (None, US, "shop", False, Reason.NO_CREDENTIAL),
        ("bare", US, "shop", False, Reason.NO_POLICY),
        ("elsewhere", US, "shop", False, Reason.NOT_COVERED),
        ("elsewhere", UK, "shop", True, Reason.POLICY),
        ("regional", US, "shop", True, Reason.POLICY),
        ("regional", WORLD, "shop", False, Reason.NOT_COVERED),
        ("worldwide", WORLD, "shop", True, Reason.POLICY),
        ("worldwide", US, "shop", False, Reason.NOT_COVERED),
        ("other-namespace", US, "shop", False, Reason.NOT_COVERED),
        ("other-namespace", US, "tools", True, Reason.POLICY),
        ("writer", US, "shop", True, Reason.POLICY),
        ("administrator", US, "shop", False, Reason.ROLE),
        ("grouped", US, "shop", True, Reason.POLICY),
        ("grouped", US, "tools", False, Reason.NOT_COVERED),
        ("all-services", US, "shop", True, Reason.POLICY),
        ("group-of-resources", US, "shop", True, Reason.POLICY),
        ("group-of-resources", US, "legacy", False, Reason.NOT_COVERED),
        ("wildcard", US, "shop", True, Reason.POLICY),
        ("wildcard", US, "tools", False, Reason.NOT_COVERED),
        ("past-condition", US, "shop", False, Reason.CONDITION),
        ("custom-role", US, "shop", True, Reason.POLICY),
        ("locked", US, "shop", True, Reason.POLICY),
        ("auditor", US, "shop", False, Reason.NOT_COVERED),
        ("partner-cluster", US, "shop", False, Reason.OTHER_ACCOUNT),
        ("partner-cluster", US, "partner", True, Reason.POLICY),
    ],
)
def test_a_pull_is_decided_by_policy_namespace_and_account(
    state: CloudState, who: str | None, host: str, namespace: str, allowed: bool, reason: Reason
) -> None:
    decision = state.may_pull(who, host, namespace)
    assert (decision.allowed, decision.reason) == (allowed, reason)


def test_the_decision_names_the_policy(state: CloudState) -> None:
    assert state.may_pull("grouped", US, "shop").by == "pullers-reader"
    assert state.may_pull("past-condition", US, "shop").by == "trial-reader"


def test_a_user_may_hold_a_policy_in_another_account() -> None:
    policy = {
        "subject": "outsider",
        "account": "shop",
        "roles": ["Reader"],
        "resource": {"serviceName": "container-registry"},
    }
    assert changed(policies={"guest": policy}).may_pull("outsider", US, "shop").allowed


@pytest.mark.parametrize(("host", "reason"), [(US, Reason.PRIVATE_ONLY), ("private.us.icr.io", Reason.POLICY)])
def test_a_private_only_account_is_reached_by_private_names_only(host: str, reason: Reason) -> None:
    state = changed(accounts={"shop": {"private_only": True}})
    assert state.may_pull("cluster", host, "shop").reason is reason


@pytest.mark.parametrize(
    ("rule", "host", "restricted"),
    [
        ({}, US, True),
        ({"resource": {"resource": "shop"}}, US, True),
        ({"resource": {"resource": "tools"}}, US, False),
        ({"resource": {"region": "eu-gb"}}, US, False),
        ({"resource": {"geography": "global"}}, WORLD, True),
        ({"enforcement": "report"}, US, False),
        ({"enforcement": "disabled"}, US, False),
        ({"allowed": "private"}, US, True),
        ({"allowed": "private"}, "private.us.icr.io", False),
    ],
)
def test_a_restriction_refuses_only_where_it_applies_and_is_enabled(
    rule: dict[str, Any], host: str, restricted: bool
) -> None:
    state = changed(restrictions={"fence": {"account": "shop", **rule}})
    decision = state.may_pull("cluster", host, "shop")
    assert (decision.reason is Reason.RESTRICTED) is restricted
    assert decision.by == ("fence" if restricted else "cluster-reader")


def test_a_policy_by_the_old_name_of_a_region_covers_the_region() -> None:
    policy = {"resource": {"serviceName": "container-registry", "region": "uk-south"}}
    assert changed(policies={"uk-reader": policy}).may_pull("elsewhere", UK, "shop").allowed


def test_a_taken_away_policy_no_longer_allows() -> None:
    assert changed(policies={"cluster-reader": None}).may_pull("cluster", US, "shop").reason is Reason.NO_POLICY


def test_an_identity_may_be_given_as_a_value(state: CloudState) -> None:
    cluster = state.directory.holder(state.key_value("good"))
    assert isinstance(cluster, Identity)
    assert state.may_pull(cluster, US, "shop").allowed
