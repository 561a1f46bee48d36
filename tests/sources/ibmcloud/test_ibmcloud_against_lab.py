"""The source against the practice lab's IBM Cloud: two statements of the same rules, made apart, must
agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runbook_lib.lab.cloud import HOSTS, REGISTRY_HOSTS, CloudApp, CloudState, domain_of
from runbook_lib.lab.cloud.decision import evaluate, namespace_attributes
from runbook_lib.lab.cloud.roles import PULL
from runbook_lib.lab.network import Network
from runbook_lib.lab.registry import RegistryState
from runbook_lib.lab.wire import Wire
from runbook_lib.model.account import (
    ApiKeyDetails,
    CbrRules,
    ClusterInfo,
    KeyOwner,
    KeyState,
    LoginInfo,
    Namespaces,
    OwnerKind,
    Policies,
    Quota,
    RegistryImages,
    ServiceId,
    ServiceIds,
    Verdict,
)
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource, Login
from runbook_lib.vault import vault

ON_REGISTRY = {"serviceName": "container-registry"}
IN_TEAM = {**ON_REGISTRY, "resourceType": "namespace", "resource": "team"}
MONDAYS = {"key": "{{environment.attributes.day_of_week}}", "operator": "dayOfWeekEquals", "value": "1+00:00"}
SHAPES: dict[str, tuple[str, dict[str, str], Any]] = {
    "reader": ("Reader", ON_REGISTRY, None),
    "writer": ("Writer", ON_REGISTRY, None),
    "manager-in-team": ("Manager", IN_TEAM, None),
    "reader-in-wildcard": ("Reader", {**IN_TEAM, "resource": "te*"}, None),
    "administrator": ("Administrator", ON_REGISTRY, None),
    "region": ("Reader", {**ON_REGISTRY, "region": "us-south"}, None),
    "former-region": ("Reader", {**ON_REGISTRY, "region": "eu-central"}, None),
    "global": ("Reader", {**ON_REGISTRY, "geography": "global"}, None),
    "all-services": ("Reader", {"serviceType": "service"}, None),
    "group": ("Reader", {"resourceGroupId": "production"}, None),
    "other-service": ("Reader", {"serviceName": "kms"}, None),
    "other-namespace": ("Reader", {**IN_TEAM, "resource": "elsewhere"}, None),
    "custom": ("Puller", ON_REGISTRY, None),
    "on-mondays": ("Reader", ON_REGISTRY, MONDAYS),
}
PLACES = [("us.icr.io", "team"), ("us.icr.io", "plain"), ("de.icr.io", "team-de"), ("icr.io", "team-global")]
STATE: dict[str, Any] = {
    "accounts": {
        "main": {"quotas": {"us.icr.io": {"plan": "Free", "traffic_limit": 100, "traffic_used": 100}}},
        "other": {},
    },
    "users": {"operator": {"account": "main"}, "clerk": {"account": "main"}},
    "service_ids": {
        **{name: {"account": "main"} for name in (*SHAPES, "member", "without")},
        "stranger": {"account": "other"},
        "gone": {"account": "main", "deleted": True},
    },
    "api_keys": {
        "operator-key": {"owner": "operator"},
        "clerk-key": {"owner": "clerk"},
        "good": {"owner": "reader", "locked": True},
        "disabled": {"owner": "reader", "disabled": True},
        "deleted": {"owner": "reader", "deleted": True},
        "of-gone": {"owner": "gone"},
        "of-stranger": {"owner": "stranger"},
    },
    "access_groups": {"pullers": {"account": "main", "members": ["member"]}},
    "roles": {"Puller": {"account": "main", "actions": ["container-registry.image.pull"]}},
    "resource_groups": {"production": "0123456789abcdef0123456789abcdef"},
    "policies": {
        "operator-all": {
            "subject": "operator",
            "roles": ["Manager", "Viewer"],
            "resource": {"serviceType": "service"},
        },
        "operator-account": {
            "subject": "operator",
            "roles": ["Viewer"],
            "resource": {"serviceType": "platform_service"},
        },
        "group-policy": {"subject": "pullers", "roles": ["Reader"], "resource": ON_REGISTRY},
        **{
            name: {"subject": name, "roles": [role], "resource": resource} | ({"rule": rule} if rule else {})
            for name, (role, resource, rule) in SHAPES.items()
        },
    },
    "namespaces": {
        "us.icr.io": {
            "team": {"account": "main", "resource_group": "production"},
            "plain": {"account": "main"},
        },
        "de.icr.io": {"team-de": {"account": "main"}},
        "icr.io": {"team-global": {"account": "main"}},
    },
    "restrictions": {"offices": {"account": "main", "resource": {"resource": "elsewhere"}}},
    "clusters": {"c1": {"account": "main", "title": "my-cluster", "pull_secret_applied": False}},
}
IMAGES: dict[str, Any] = {
    "us.icr.io": {
        "dialect": "icr",
        "repositories": {
            "team/app": {
                "tags": {"1.0": {}, "all": {"platforms": ["linux/amd64", "linux/s390x"]}},
                "untagged": [{"seed": "old"}],
            },
            "plain/app": {"tags": {"2.0": {}}},
        },
    }
}


@pytest.fixture(scope="module")
def lab() -> Iterator[tuple[CloudState, Wire]]:
    state = CloudState.load(STATE)
    with Wire(CloudApp(state, RegistryState.load(IMAGES)), [*HOSTS, *REGISTRY_HOSTS]) as wire:
        yield state, wire


@pytest.fixture
def state(lab: tuple[CloudState, Wire], monkeypatch: pytest.MonkeyPatch) -> CloudState:
    for name, value in lab[1].env.items():
        monkeypatch.setenv(name, value)
    return lab[0]


def logged_in(state: CloudState, key: str = "operator-key") -> IbmCloudSource:
    return IbmCloudSource(Login("a test", key=vault().register(state.key_value(key), "key")))


def test_policies_are_judged_as_the_lab_judges_them(state: CloudState) -> None:
    """Never a yes or no that the lab does not give; and for these shapes never an unsure either."""
    source = logged_in(state)
    groups = {host: source.namespaces(RegistryHost(host)) for host, _ in PLACES}
    for name in (*SHAPES, "member", "without"):
        iam_id = state.directory.identities[name].iam_id
        found = source.policies(iam_id)
        assert isinstance(found, Policies)
        for host, namespace in PLACES:
            listed = groups[host]
            assert isinstance(listed, Namespaces)
            decision = found.allow_pull(
                namespace,
                RegistryHost(host),
                now=state.directory.now(),
                resource_group=listed.resource_group_of(namespace),
            )
            if found.none_visible:
                assert decision.verdict is Verdict.UNSURE
                assert name == "without"
                continue
            allowed = state.may_pull(name, host, namespace).allowed
            assert decision.verdict == ("yes" if allowed else "no"), (name, host, namespace, decision.why)


def test_the_labs_own_accounts_are_judged_alike_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every service ID of the base state at every namespace, those of other accounts included."""
    with Network() as network:
        for name, value in network.env.items():
            monkeypatch.setenv(name, value)
        state, differing, decided = network.cloud_state, [], 0
        source = logged_in(state, "operator")
        for name, service in state.data.service_ids.items():
            if service.account != "shop":
                continue
            found = source.policies(state.directory.identities[name].iam_id)
            assert isinstance(found, Policies)
            for host, namespaces in state.data.namespaces.items():
                for namespace, owned in namespaces.items():
                    group = owned.resource_group
                    decision = found.allow_pull(
                        namespace,
                        RegistryHost(host),
                        now=state.directory.now(),
                        resource_group=state.directory.resource_group_id(group) if group else "",
                        account_id=state.directory.account_id(owned.account),
                    )
                    who = state.directory.identities[name]
                    target = namespace_attributes(state.directory, domain_of(host), namespace, owned)  # type: ignore[arg-type]
                    allowed = evaluate(state.directory, who, PULL, owned.account, target).allowed
                    if decision.verdict is not Verdict.UNSURE:
                        decided += 1
                        if decision.is_yes != allowed:
                            differing.append((name, host, namespace, decision.why))
        assert differing == []
        assert decided > 100


def test_somebody_without_rights_never_gets_a_wrong_no(state: CloudState) -> None:
    source = logged_in(state, "clerk-key")
    for name in (*SHAPES, "member"):
        found = source.policies(state.directory.identities[name].iam_id)
        assert isinstance(found, Policies)
        assert found.allow_pull("team", RegistryHost("us.icr.io")).verdict is Verdict.UNSURE


def test_images_are_listed_with_lists_and_untagged_ones(state: CloudState) -> None:
    images = logged_in(state).images(RegistryHost("registry.ng.bluemix.net"), "team")
    assert isinstance(images, RegistryImages)
    assert images.untagged_unread is None
    assert images.repositories == ("team/app",)
    assert images.tags("team/app") == ("1.0", "all")
    several = images.find("team/app", "all")
    assert several
    assert several.is_manifest_list
    assert sorted(len(image.tags) for image in images.images) == [0, 1, 1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("good", KeyState.ACCEPTED),
        ("operator-key", KeyState.ACCEPTED),
        ("disabled", KeyState.DISABLED),
        ("deleted", KeyState.NOT_FOUND),
        ("of-gone", KeyState.NOT_FOUND),
        ("of-stranger", KeyState.ACCEPTED),
    ],
)
def test_whose_key_it_is_needs_no_login(name: str, expected: KeyState, state: CloudState) -> None:
    owner = IbmCloudSource(None).key_owner(vault().register(state.key_value(name), "key"))
    assert isinstance(owner, KeyOwner)
    assert owner.state is expected
    if expected is KeyState.ACCEPTED:
        identity = state.directory.identities[state.data.api_keys[name].owner]
        assert owner.iam_id == identity.iam_id
        assert owner.account_id == state.directory.account_id(identity.account)
        assert owner.is_personal == (identity.kind == "user")
        assert owner.kind is (OwnerKind.USER if identity.kind == "user" else OwnerKind.SERVICE_ID)


def test_the_other_readings_fit_the_labs_answers(state: CloudState) -> None:
    source, us = logged_in(state), RegistryHost("us.icr.io")
    info, quota, flags = source.login_info(), source.quota(us), source.account_flags(us)
    assert isinstance(info, LoginInfo)
    assert info.account_id == state.directory.account_id("main")
    assert isinstance(quota, Quota)
    assert quota.traffic_used_up
    assert not quota.storage_used_up
    assert not isinstance(flags, Unavailable)
    assert not flags.private_only
    assert getattr(source.plan(us), "name", "") == "Free"
    details = source.api_key_details(vault().register(state.key_value("good"), "key"))
    assert isinstance(details, ApiKeyDetails)
    assert details.locked
    assert details.disabled is False
    listed = source.service_ids()
    assert isinstance(listed, ServiceIds)
    assert len(listed.service_ids) == len(SHAPES) + 2
    for name, exists in (("reader", True), ("gone", False)):
        found = source.service_id(state.directory.identities[name].iam_id)
        assert isinstance(found, ServiceId)
        assert found.exists is exists
    rules = source.cbr_rules()
    assert isinstance(rules, CbrRules)
    assert rules.restricting("team", us) == ()
    assert len(rules.restricting("elsewhere", us)) == 1
    cluster = source.cluster("my-cluster")
    assert isinstance(cluster, ClusterInfo)
    assert cluster.pull_secret_applied is False
    assert cluster.account_id == info.account_id


def test_refusals_of_the_lab_are_named(state: CloudState) -> None:
    source, us = logged_in(state, "clerk-key"), RegistryHost("us.icr.io")
    quota, rules = source.quota(us), source.cbr_rules()
    assert isinstance(quota, Unavailable)
    assert quota.why is Why.FORBIDDEN
    assert "CRG0009E" in quota.detail
    assert isinstance(rules, Unavailable)
    assert rules.why is Why.FORBIDDEN
    assert isinstance(source.cluster("no-such"), Unavailable)
    details = source.api_key_details(vault().register(state.key_value("good"), "key"))
    assert isinstance(details, Unavailable)
    assert details.why is Why.FORBIDDEN
