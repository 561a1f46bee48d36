"""Policies of an identity and of its access groups, normalised; restrictions; the cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ibm_platform_services.context_based_restrictions_v1 import Rule as CbrRuleModel
from ibm_platform_services.iam_access_groups_v2 import Group as GroupModel
from ibm_platform_services.iam_policy_management_v1 import V2PolicyCollection

from runbook_lib.lab.wire import Reply, Request, json_reply
from runbook_lib.model.account import (
    Attribute,
    CbrRules,
    ClusterInfo,
    Condition,
    Conditions,
    Policies,
    Role,
    Verdict,
)
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource

from .ibm_cloud_server import ACCOUNT, IAM, Cloud

US = RegistryHost("us.icr.io")
READER = "crn:v1:bluemix:public:container-registry::::serviceRole:Reader"
PUBLIC = {"id": "AccessGroupId-PublicAccess", "name": "Public Access"}
CUSTOM = "crn:v1:bluemix:public:container-registry::a/acc::customRole:Puller"


def attribute(key: str, value: Any, operator: str = "stringEquals") -> dict[str, Any]:
    return {"key": key, "operator": operator, "value": value}


def policy(number: int, *attributes: dict[str, Any], role: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": f"policy-{number}",
        "type": "access",
        "state": "active",
        "subject": {"attributes": [attribute("iam_id", "iam-ServiceId-1")]},
        "resource": {"attributes": [attribute("serviceName", "container-registry"), *attributes]},
        "control": {"grant": {"roles": [role or {"role_id": READER}]}},
        **more,
    }


@pytest.fixture
def no_groups(cloud: Cloud) -> Cloud:
    cloud.on(f"GET {IAM}/v2/groups", json_reply(200, {"groups": [PUBLIC], "total_count": 1}))
    return cloud


def own(*policies: dict[str, Any]) -> Callable[[Request], Reply]:
    """The identity's own policies; its groups have none."""
    return lambda request: listing(*policies) if "iam_id" in request.parameters else listing()


def listing(*policies: dict[str, Any]) -> Reply:
    return json_reply(200, {"policies": list(policies), "limit": 100})


def test_the_answers_of_these_tests_have_the_shape_of_the_sdks_models() -> None:
    page = {"policies": [policy(1, attribute("region", "us-south"))], "limit": 100}
    kept = V2PolicyCollection.from_dict(page).to_dict()["policies"][0]
    assert kept == page["policies"][0]  # type: ignore[index]
    for model, payload in ((GroupModel, {"id": "g", "name": "pullers"}), (CbrRuleModel, CBR_RULE)):
        assert model.from_dict(payload).to_dict() == payload


def test_a_role_that_is_told_by_its_id_alone_is_named_by_the_ids_end(no_groups: Cloud, source: IbmCloudSource) -> None:
    no_groups.on(f"GET {IAM}/v2/policies", own(policy(1, attribute("region", "us-south"))))
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    only = found.policies[0]
    assert only.roles == (Role(READER, "Reader"),)
    assert (only.service, only.region, only.resource) == ("container-registry", "us-south", "")
    assert found.allow_pull("ns", US).verdict is Verdict.YES


def test_actions_are_asked_for_so_that_custom_roles_can_be_judged(no_groups: Cloud, source: IbmCloudSource) -> None:
    actions = [{"id": "container-registry.image.pull", "display_name": "Pull", "description": ""}]
    role = {"role_id": CUSTOM, "display_name": "Our puller", "description": "", "actions": actions}
    no_groups.on(f"GET {IAM}/v2/policies", own(policy(1, role=role)))
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert found.policies[0].roles == (Role(CUSTOM, "Our puller", ("container-registry.image.pull",)),)
    assert found.allow_pull("ns", US).is_yes
    asked = no_groups.asked("/v2/policies")[0].parameters
    assert asked["format"] == "display"
    assert asked["account_id"] == ACCOUNT


@pytest.mark.parametrize(
    ("reply", "verdict", "unread"),
    [
        (
            json_reply(200, {"custom_roles": [{"crn": CUSTOM, "actions": ["container-registry.image.pull"]}]}),
            "yes",
            0,
        ),
        (
            json_reply(200, {"custom_roles": [{"crn": CUSTOM, "actions": ["container-registry.image.push"]}]}),
            "no",
            0,
        ),
        (json_reply(200, {"custom_roles": []}), "unsure", 0),
        (json_reply(403, {}), "unsure", 1),
    ],
    ids=["pulls", "pushes", "not-told", "forbidden"],
)
def test_what_a_custom_role_may_do_is_looked_up_where_the_policy_does_not_tell(
    reply: Reply, verdict: str, unread: int, no_groups: Cloud, source: IbmCloudSource
) -> None:
    no_groups.on(f"GET {IAM}/v2/policies", own(policy(1, role={"role_id": CUSTOM})))
    no_groups.on(f"GET {IAM}/v2/roles", reply)
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert len(found.unread) == unread
    assert found.allow_pull("ns", US).verdict == verdict


def test_conditions_tags_wildcards_and_lists_are_kept(no_groups: Cloud, source: IbmCloudSource) -> None:
    key = "{{environment.attributes.day_of_week}}"
    rule = {
        "operator": "and",
        "conditions": [
            {"key": key, "operator": "dayOfWeekAnyOf", "value": ["1+00:00", "2+00:00"]},
            {
                "key": "{{environment.attributes.current_time}}",
                "operator": "timeLessThan",
                "value": "17:00:00Z",
            },
        ],
    }
    said = policy(1, attribute("resource", "team-*", "stringMatch"), rule=rule, pattern="time-based-conditions:weekly")
    said["resource"]["tags"] = [attribute("env", "prod")]
    no_groups.on(f"GET {IAM}/v2/policies", own(said))
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    only = found.policies[0]
    assert only.attributes[1] == Attribute("resource", "stringMatch", "team-*")
    assert only.tags == (Attribute("env", "stringEquals", "prod"),)
    assert isinstance(only.rule, Conditions)
    assert only.rule.conditions[0] == Condition(key, "dayOfWeekAnyOf", ("1+00:00", "2+00:00"))
    assert only.subject == (Attribute("iam_id", "stringEquals", "iam-ServiceId-1"),)


def test_policies_of_the_access_groups_are_the_identitys_too(cloud: Cloud, source: IbmCloudSource) -> None:
    def policies(request: Request) -> Reply:
        return listing(policy(7)) if request.parameters.get("access_group_id") == "g2" else listing()

    def groups(request: Request) -> Reply:
        offset = int(request.parameters["offset"])
        body: dict[str, Any] = {
            "groups": [{"id": f"g{offset + 1}", "name": f"group {offset + 1}"}],
            "total_count": 2,
        }
        if offset == 0:
            body["next"] = {"href": f"https://{IAM}/v2/groups?offset=1"}
        return json_reply(200, body)

    cloud.on(f"GET {IAM}/v2/policies", policies)
    cloud.on(f"GET {IAM}/v2/groups", groups)
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert found.groups == ("group 1", "group 2")
    assert found.unread == ()
    assert [(p.id, p.group) for p in found.policies] == [("policy-7", "group 2")]
    assert "group 2" in found.allow_pull("ns", US).why
    asked = cloud.asked("/v2/groups")[0].parameters
    assert (asked["iam_id"], asked["membership_type"]) == ("iam-ServiceId-1", "all")


def test_policies_are_read_page_after_page(no_groups: Cloud, source: IbmCloudSource) -> None:
    def page(request: Request) -> Reply:
        start = request.parameters.get("start")
        following = {None: {"start": "two"}, "two": {"href": f"https://{IAM}/v2/policies?start=three"}}.get(start)
        number = {None: 1, "two": 2, "three": 3}[start]
        return json_reply(200, {"policies": [policy(number)], "next": following})

    no_groups.on(f"GET {IAM}/v2/policies", lambda r: page(r) if "iam_id" in r.parameters else listing())
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert [p.id for p in found.policies] == [
        "policy-1",
        "policy-2",
        "policy-3",
    ]


def test_an_empty_list_means_none_visible_and_decides_nothing(no_groups: Cloud, source: IbmCloudSource) -> None:
    no_groups.on(f"GET {IAM}/v2/policies", own())
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert found.none_visible
    decision = found.allow_pull("ns", US)
    assert decision.verdict is Verdict.UNSURE
    assert "visible" in decision.why


def test_a_listing_without_any_group_means_that_groups_are_hidden(cloud: Cloud, source: IbmCloudSource) -> None:
    """IAM leaves out what the login may not see; the group of public access is everybody's."""
    viewer = {"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}
    cloud.on(f"GET {IAM}/v2/groups", json_reply(200, {"groups": []}))
    cloud.on(f"GET {IAM}/v2/policies", listing(policy(1, role=viewer)))
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert [u.why for u in found.unread] == [Why.FORBIDDEN]
    assert found.allow_pull("ns", US).verdict is Verdict.UNSURE


def test_unreadable_groups_leave_the_question_open(cloud: Cloud, source: IbmCloudSource) -> None:
    viewer = {"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}
    cloud.on(f"GET {IAM}/v2/policies", listing(policy(1, role=viewer)))
    cloud.on(
        f"GET {IAM}/v2/groups",
        json_reply(403, {"errors": [{"code": "insufficent_permissions", "message": "m"}]}),
    )
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert [u.why for u in found.unread] == [Why.FORBIDDEN]
    assert "insufficent_permissions" in found.unread[0].detail
    assert found.allow_pull("ns", US).verdict is Verdict.UNSURE


def test_one_unreadable_group_does_not_hide_the_others(cloud: Cloud, source: IbmCloudSource) -> None:
    def policies(request: Request) -> Reply:
        group = request.parameters.get("access_group_id")
        return {None: listing(), "a": json_reply(500, {})}.get(group) or listing(policy(2))

    cloud.on(f"GET {IAM}/v2/policies", policies)
    groups = {"groups": [{"id": "a", "name": "first"}, {"id": "b", "name": "second"}]}
    cloud.on(f"GET {IAM}/v2/groups", json_reply(200, groups))
    found = source.policies("iam-ServiceId-1")
    assert isinstance(found, Policies)
    assert [p.group for p in found.policies] == ["second"]
    assert "first" in found.unread[0].what
    assert found.allow_pull("ns", US).is_yes


def test_the_identitys_own_account_can_be_asked(no_groups: Cloud, source: IbmCloudSource) -> None:
    no_groups.on(f"GET {IAM}/v2/policies", own())
    source.policies("iam-ServiceId-1", "another-account")
    assert no_groups.asked("/v2/policies")[0].parameters["account_id"] == "another-account"


CBR_RULE: dict[str, Any] = {
    "id": "rule-1",
    "crn": "crn:v1",
    "description": "offices only",
    "contexts": [{"attributes": [{"name": "endpointType", "value": "private"}]}],
    "resources": [
        {
            "attributes": [
                {"name": "serviceName", "value": "container-registry", "operator": "stringEquals"},
                {"name": "resource", "value": "ns", "operator": "stringEquals"},
                {"name": "resourceType", "value": "namespace", "operator": "stringEquals"},
            ]
        }
    ],
    "enforcement_mode": "enabled",
    "href": "https://cbr.cloud.ibm.com/v1/rules/rule-1",
    "created_at": "2026-01-01T00:00:00Z",
    "created_by_id": "IBMid-1",
    "last_modified_at": "2026-01-01T00:00:00Z",
    "last_modified_by_id": "IBMid-1",
}
CBR_RULE |= dict.fromkeys(("created_at", "last_modified_at"), "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("mode", "namespace", "restricting"),
    [("enabled", "ns", 1), ("enabled", "other", 0), ("report", "ns", 0), ("disabled", "ns", 0)],
)
def test_restrictions_count_where_they_are_enforced_and_name_the_namespace(
    mode: str, namespace: str, restricting: int, cloud: Cloud, source: IbmCloudSource
) -> None:
    cloud.on("GET cbr.cloud.ibm.com/v1/rules", json_reply(200, {"rules": [{**CBR_RULE, "enforcement_mode": mode}]}))
    rules = source.cbr_rules()
    assert isinstance(rules, CbrRules)
    assert len(rules.restricting(namespace, US)) == restricting
    assert "endpointType=private" in rules.rules[0].says
    assert cloud.asked("/v1/rules")[0].parameters == {
        "account_id": ACCOUNT,
        "service_name": "container-registry",
    }


@pytest.mark.parametrize(
    ("shape", "applied"),
    [
        ({"pullSecretApplied": False}, False),
        ({"features": {"keyProtectEnabled": False, "pullSecretApplied": True}}, True),
        ({"pullSecretApplied": False, "features": {"pullSecretApplied": True}}, True),
        ({"features": {}}, None),
        ({}, None),
    ],
    ids=["classic", "vpc", "both", "not-told", "no-features"],
)
def test_whether_the_cluster_has_its_pull_secrets_is_read_in_both_shapes(
    shape: dict[str, Any], applied: bool | None, cloud: Cloud, source: IbmCloudSource
) -> None:
    crn = f"crn:v1:bluemix:public:containers-kubernetes:us-south:a/{ACCOUNT}:bq1::"
    body = {"id": "bq1", "name": "my cluster", "region": "us-south", "crn": crn, "type": "openshift", **shape}
    cloud.on("GET containers.cloud.ibm.com/global/v2/getCluster", json_reply(200, body))
    found = source.cluster("my cluster&x=1")
    assert isinstance(found, ClusterInfo)
    assert (found.pull_secret_applied, found.account_id, found.type) == (applied, ACCOUNT, "openshift")
    request = cloud.asked("/global/v2/getCluster")[0]
    assert request.parameters == {"cluster": "my cluster&x=1", "v1-compatible": ""}
    assert request.header("x-auth-resource-account") == ACCOUNT
    assert request.bearer


def test_the_cluster_services_own_code_is_kept(cloud: Cloud, source: IbmCloudSource) -> None:
    body = {"incidentID": "i", "code": "E0404", "description": "The specified cluster could not be found."}
    cloud.on("GET containers.cloud.ibm.com/global/v2/getCluster", json_reply(404, body))
    found = source.cluster("gone")
    assert isinstance(found, Unavailable)
    assert found.says_absent
    assert "E0404: The specified cluster could not be found." in found.detail
