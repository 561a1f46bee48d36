"""Which access policies let an identity pull: roles, region, geography, namespace, group, operators, time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model.account import (
    Attribute,
    Condition,
    Policies,
    Policy,
    Role,
    Verdict,
    policy_allows_pull,
)
from runbook_lib.model.account.resource_match import attribute_holds
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why

REGISTRY = "crn:v1:bluemix:public:container-registry::::serviceRole:"
PLATFORM = "crn:v1:bluemix:public:iam::::role:"
CUSTOM = "crn:v1:bluemix:public:container-registry::a/acc::customRole:"
GROUP, OTHER_GROUP = "11111111aaaa", "22222222bbbb"
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ON_MONDAYS = Condition("{{environment.attributes.day_of_week}}", "dayOfWeekEquals", ("1+00:00",))
ON_SUNDAYS = Condition("{{environment.attributes.day_of_week}}", "dayOfWeekEquals", ("7+00:00",))
ON_PATH = Condition("{{resource.attributes.path}}", "stringEquals", ("x",))


def role(name: str) -> Role:
    prefix = REGISTRY if name in ("Reader", "Writer", "Manager") else PLATFORM
    return Role(prefix + name, name)


def attributes(**values: Any) -> tuple[Attribute, ...]:
    """Plain equalities by key; a value with `*` or `?` is matched as a pattern."""
    return tuple(
        Attribute(key, "stringMatch" if {"*", "?"} & set(value) else "stringEquals", value)
        for key, value in values.items()
    )


def policy(*roles: Role, tags: tuple[Attribute, ...] = (), **more: Any) -> Policy:
    """A policy on the registry, or on what `on` names."""
    on = more.pop("on", {"serviceName": "container-registry"})
    return Policy("p", roles or (role("Reader"),), attributes(accountId="acc", **on), tags=tags, **more)


def registry_policy(**on: str) -> Policy:
    return policy(on={"serviceName": "container-registry", **on})


@pytest.mark.parametrize(
    ("roles", "verdict"),
    [
        (["Reader"], "yes"),
        (["Writer"], "yes"),
        (["Manager"], "yes"),
        (["Administrator"], "no"),
        (["Viewer"], "no"),
        (["Operator", "Editor"], "no"),
        (["Administrator", "Writer"], "yes"),
        (["SomethingNew"], "unsure"),
        (["Viewer", "SomethingNew"], "unsure"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else value,
)
def test_reader_writer_and_manager_may_pull_and_platform_roles_may_not(roles: list[str], verdict: str) -> None:
    """Writer alone is enough, though the document asks for Reader; Administrator alone is not."""
    assert policy_allows_pull(policy(*map(role, roles)), "ns", RegistryHost("us.icr.io")).verdict == verdict


@pytest.mark.parametrize(
    ("custom", "verdict"),
    [
        (Role(CUSTOM + "Puller", "Puller", ("container-registry.image.pull",)), "yes"),
        (Role(CUSTOM + "Pusher", "Pusher", ("container-registry.image.push",)), "no"),
        (Role(CUSTOM + "Reader", "Reader"), "unsure"),
        (Role(CUSTOM + "Reader", "Reader", ("container-registry.image.push",)), "no"),
        (Role(CUSTOM + "Viewer", "Viewer"), "unsure"),
    ],
    ids=["with-action", "without-action", "named-reader", "named-reader-without-action", "named-viewer"],
)
def test_a_custom_role_is_judged_by_its_actions_and_never_by_its_name(custom: Role, verdict: str) -> None:
    assert policy_allows_pull(policy(custom), "ns", RegistryHost("us.icr.io")).verdict == verdict


def test_no_role_at_all_allows_nothing() -> None:
    nothing = Policy("p", (), attributes(serviceName="container-registry"))
    assert policy_allows_pull(nothing, "ns", RegistryHost("us.icr.io")).is_no


@pytest.mark.parametrize(
    ("on", "host", "verdict"),
    [
        ({}, "us.icr.io", "yes"),
        ({}, "icr.io", "yes"),
        ({"region": "us-south"}, "us.icr.io", "yes"),
        ({"region": "us-south"}, "private.us.icr.io", "yes"),
        ({"region": "us-south"}, "registry.ng.bluemix.net", "yes"),
        ({"region": "us-south"}, "de.icr.io", "no"),
        ({"region": "us-south"}, "icr.io", "no"),
        ({"region": "us-*"}, "us.icr.io", "yes"),
        ({"region": "eu-*"}, "us.icr.io", "no"),
        ({"region": "eu-central"}, "de.icr.io", "yes"),
        ({"region": "uk-south"}, "uk.icr.io", "yes"),
        ({"region": "uk-south"}, "de.icr.io", "no"),
        ({"region": "ap-north"}, "jp.icr.io", "yes"),
        ({"region": "ap-south"}, "au.icr.io", "yes"),
        ({"region": "in-mum"}, "in2.icr.io", "yes"),
        ({"geography": "global"}, "icr.io", "yes"),
        ({"geography": "global"}, "registry.bluemix.net", "yes"),
        ({"geography": "global"}, "us.icr.io", "no"),
        ({"geography": "eu"}, "icr.io", "no"),
        ({"geography": "eu"}, "de.icr.io", "unsure"),
        ({"region": "global"}, "icr.io", "unsure"),
        ({"region": "us-south"}, "zz.icr.io", "unsure"),
        ({}, "zz.icr.io", "yes"),
    ],
    ids=lambda value: ",".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else value,
)
def test_a_region_covers_its_registry_and_only_the_geography_global_covers_icr_io(
    on: dict[str, str], host: str, verdict: str
) -> None:
    assert policy_allows_pull(registry_policy(**on), "ns", RegistryHost(host)).verdict == verdict


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ({"serviceName": "container-registry"}, "yes"),
        ({"serviceName": "container-*"}, "yes"),
        ({"serviceName": "kms"}, "no"),
        ({"serviceType": "service"}, "yes"),
        ({"serviceType": "platform_service"}, "no"),
        ({"serviceType": "service", "region": "eu-de"}, "no"),
        ({"service_group_id": "IAM"}, "no"),
        ({}, "unsure"),
        ({"serviceName": "container-registry", "resourceType": "namespace", "resource": "ns"}, "yes"),
        ({"serviceName": "container-registry", "resourceType": "namespace", "resource": "other"}, "no"),
        ({"serviceName": "container-registry", "resourceType": "namespace", "resource": "n*"}, "yes"),
        ({"serviceName": "container-registry", "resourceType": "namespace", "resource": "n?"}, "yes"),
        ({"serviceName": "container-registry", "resourceType": "namespace", "resource": "n.*"}, "no"),
        ({"serviceName": "container-registry", "resourceType": "namespace", "resource": "nsx*"}, "no"),
        ({"serviceName": "container-registry", "resourceType": "namespace"}, "yes"),
        ({"serviceName": "container-registry", "resourceType": "repository", "resource": "ns"}, "no"),
        ({"serviceName": "container-registry", "resource": "ns"}, "unsure"),
        ({"serviceName": "container-registry", "resource": "other"}, "no"),
        ({"serviceName": "container-registry", "serviceInstance": "i-1"}, "unsure"),
        ({"serviceName": "container-registry", "something": "new"}, "unsure"),
        ({"serviceName": "kms", "something": "new"}, "no"),
    ],
    ids=lambda value: ",".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else value,
)
def test_the_service_and_the_namespace_must_be_named_or_left_open(on: dict[str, str], verdict: str) -> None:
    assert policy_allows_pull(policy(on=on), "ns", RegistryHost("us.icr.io")).verdict == verdict


@pytest.mark.parametrize(
    ("of_namespace", "verdict"), [(None, "unsure"), ("", "no"), (GROUP, "yes"), (OTHER_GROUP, "no")]
)
@pytest.mark.parametrize("on", [{}, {"serviceName": "container-registry"}], ids=["group-alone", "group-and-service"])
def test_a_resource_group_covers_the_namespaces_known_to_be_in_it(
    on: dict[str, str], of_namespace: str | None, verdict: str
) -> None:
    grouped = policy(on={"resourceGroupId": GROUP, **on})
    decision = policy_allows_pull(grouped, "ns", RegistryHost("us.icr.io"), resource_group=of_namespace)
    assert decision.verdict == verdict


@pytest.mark.parametrize(("account", "verdict"), [("", "yes"), ("acc", "yes"), ("another", "no")])
def test_a_policy_reaches_its_own_account_only(account: str, verdict: str) -> None:
    decision = policy_allows_pull(policy(), "ns", RegistryHost("us.icr.io"), account_id=account)
    assert decision.verdict == verdict


@pytest.mark.parametrize(
    ("more", "now", "verdict"),
    [
        ({"rule": ON_MONDAYS}, MONDAY_NOON, "yes"),
        ({"rule": ON_SUNDAYS}, MONDAY_NOON, "no"),
        ({"rule": ON_MONDAYS}, None, "unsure"),
        ({"rule": ON_PATH}, MONDAY_NOON, "unsure"),
        ({"tags": attributes(env="prod")}, MONDAY_NOON, "unsure"),
        ({"type": "authorization"}, MONDAY_NOON, "no"),
        ({"state": "deleted"}, MONDAY_NOON, "no"),
    ],
    ids=["in-time", "out-of-time", "no-clock", "not-about-time", "tags", "authorization", "deleted"],
)
def test_conditions_hold_by_the_clock_or_leave_it_open(
    more: dict[str, Any], now: datetime | None, verdict: str
) -> None:
    assert policy_allows_pull(policy(**more), "ns", RegistryHost("us.icr.io"), now=now).verdict == verdict


def test_one_plain_no_outweighs_what_is_unsure() -> None:
    both = policy(role("Viewer"), rule=ON_PATH, tags=attributes(env="prod"))
    assert policy_allows_pull(both, "ns", RegistryHost("us.icr.io")).is_no


@pytest.mark.parametrize(
    ("attribute", "actual", "holds"),
    [
        (Attribute("resource", "stringEquals", "ns"), "ns", True),
        (Attribute("resource", "stringEquals", "NS"), "ns", False),
        (Attribute("resource", "stringEquals", "n*"), "ns", False),
        (Attribute("resource", "stringMatch", "n[s]"), "ns", False),
        (Attribute("resource", "stringMatch", "*"), "", True),
        (Attribute("resource", "stringEqualsAnyOf", ("a", "ns")), "ns", True),
        (Attribute("resource", "stringEqualsAnyOf", ("a", "b")), "ns", False),
        (Attribute("resource", "stringMatchAnyOf", ("a*", "n*")), "ns", True),
        (Attribute("resource", "stringExists", True), "ns", True),
        (Attribute("resource", "stringExists", "false"), "ns", False),
        (Attribute("resource", "ofTheFuture", "ns"), "ns", None),
    ],
)
def test_operators_compare_as_iam_does_and_unknown_ones_decide_nothing(
    attribute: Attribute, actual: str, holds: bool | None
) -> None:
    assert attribute_holds(attribute, actual) is holds


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab.*?[]\\+", max_size=12))
def test_a_pattern_without_wildcards_matches_itself_alone(text: str) -> None:
    pattern = Attribute("resource", "stringMatch", text)
    assert attribute_holds(pattern, text.replace("*", "").replace("?", "x")) is True
    if not {"*", "?"} & set(text):
        assert attribute_holds(pattern, text + "a") is False


WHERE = RegistryHost("us.icr.io")
NO, UNSURE, YES = policy(role("Viewer")), policy(rule=ON_PATH), policy()
UNREAD = (Unavailable("the policies of the access group g", Why.FORBIDDEN),)


@pytest.mark.parametrize(
    ("found", "unread", "verdict"),
    [
        ((NO, YES), (), Verdict.YES),
        ((NO, YES), UNREAD, Verdict.YES),
        ((NO, UNSURE), (), Verdict.UNSURE),
        ((NO, NO), (), Verdict.NO),
        ((NO,), UNREAD, Verdict.UNSURE),
        ((), (), Verdict.UNSURE),
        ((), UNREAD, Verdict.UNSURE),
    ],
    ids=[
        "one-yes",
        "one-yes-some-unread",
        "one-unsure",
        "all-no",
        "no-but-unread",
        "none-visible",
        "none-and-unread",
    ],
)
def test_no_is_said_only_of_policies_that_were_seen_and_all_read(
    found: tuple[Policy, ...], unread: tuple[Unavailable, ...], verdict: Verdict
) -> None:
    decision = Policies("iam-ServiceId-1", "acc", found, unread=unread).allow_pull("ns", WHERE, now=MONDAY_NOON)
    assert decision.verdict is verdict
    assert decision.why


def test_a_policy_shows_itself_in_one_line() -> None:
    shown = policy(tags=attributes(env="prod"), rule=ON_MONDAYS, group="pullers", on={"resource": "n*"})
    assert shown.says == (
        "Reader on accountId=acc, resource stringMatch n* with tags env=prod"
        " while day_of_week dayOfWeekEquals 1+00:00 by the access group pullers"
    )


def test_a_policys_limits_can_be_read_off_it() -> None:
    limited = registry_policy(region="eu-de", resourceType="namespace", resource="ns", resourceGroupId=GROUP)
    assert (limited.service, limited.region, limited.geography) == ("container-registry", "eu-de", "")
    assert (limited.resource_type, limited.resource, limited.resource_group) == ("namespace", "ns", GROUP)
    assert policy(on={"serviceType": "service"}).service == "all"
