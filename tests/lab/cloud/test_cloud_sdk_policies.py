"""The unmodified SDKs read the lab's policies, access groups and restrictions as they read the real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_platform_services import IamAccessGroupsV2, IamPolicyManagementV1
from ibm_platform_services.context_based_restrictions_v1 import ContextBasedRestrictionsV1
from ibm_platform_services.iam_policy_management_v1 import V2PolicyCollection

from runbook_lib.lab.network import Network

Ask = Callable[..., Any]


def iam_id(network: Network, name: str) -> str:
    return network.cloud_state.directory.identities[name].iam_id


def policies(network: Network, key: str = "operator") -> Any:
    return IamPolicyManagementV1(authenticator=IAMAuthenticator(network.key_value(key)))


class TestPolicies:
    def test_policies_of_a_service_id_have_the_second_form(self, network: Network, account: str) -> None:
        found = policies(network).list_v2_policies(account, iam_id=iam_id(network, "regional")).get_result()
        assert V2PolicyCollection.from_dict(found).policies
        attributes = {a["key"]: a["value"] for a in found["policies"][0]["resource"]["attributes"]}
        assert attributes == {"accountId": account, "serviceName": "container-registry", "region": "us-south"}
        role = found["policies"][0]["control"]["grant"]["roles"][0]["role_id"]
        assert role.endswith("serviceRole:Reader")

    def test_a_wildcard_is_a_match_and_a_condition_a_rule(self, network: Network, account: str) -> None:
        service = policies(network)
        pattern = service.list_v2_policies(account, iam_id=iam_id(network, "wildcard")).get_result()
        attributes = pattern["policies"][0]["resource"]["attributes"]
        assert ("stringMatch", "sh*") in {(a["operator"], a["value"]) for a in attributes}
        trial = service.list_v2_policies(account, iam_id=iam_id(network, "past-condition")).get_result()
        assert trial["policies"][0]["rule"]["operator"] == "dateTimeLessThanOrEquals"

    def test_the_first_form_leaves_conditional_policies_out(self, network: Network, account: str) -> None:
        service = policies(network)
        plain = service.list_policies(account, iam_id=iam_id(network, "regional")).get_result()
        assert plain["policies"][0]["subjects"][0]["attributes"][0]["value"] == iam_id(network, "regional")
        trial = service.list_policies(account, iam_id=iam_id(network, "past-condition")).get_result()
        assert trial["policies"] == []

    @pytest.mark.parametrize(("key", "count"), [("operator", 1), ("operator-limited", 0), ("cluster", 1)])
    def test_a_caller_without_the_right_gets_an_empty_list(
        self, network: Network, account: str, key: str, count: int
    ) -> None:
        found = policies(network, key).list_v2_policies(account, iam_id=iam_id(network, "cluster")).get_result()
        assert len(found["policies"]) == count

    def test_policies_come_in_pages(self, network: Network, account: str) -> None:
        first = policies(network).list_v2_policies(account, limit=4).get_result()
        second = policies(network).list_v2_policies(account, limit=4, start=first["next"]["start"]).get_result()
        assert len({p["id"] for p in first["policies"] + second["policies"]}) == 8

    def test_roles_say_which_actions_they_allow(self, network: Network, account: str) -> None:
        found = policies(network).list_roles(account_id=account, service_name="container-registry").get_result()
        pulls = {r["display_name"] for r in found["service_roles"] if "container-registry.image.pull" in r["actions"]}
        assert pulls == {"Reader", "Writer", "Manager"}
        assert found["custom_roles"][0]["actions"] == ["container-registry.image.pull"]

    def test_access_groups_of_a_member_lead_to_the_groups_policies(self, network: Network, account: str) -> None:
        groups = IamAccessGroupsV2(authenticator=IAMAuthenticator(network.key_value("operator")))
        member = {"iam_id": iam_id(network, "grouped"), "hide_public_access": True}
        found = groups.list_access_groups(account, **member).get_result()["groups"]
        assert [group["name"] for group in found] == ["Image pullers"]
        held = policies(network).list_v2_policies(account, access_group_id=found[0]["id"]).get_result()
        assert len(held["policies"]) == 1
        assert len(groups.list_access_groups(account, iam_id=member["iam_id"]).get_result()["groups"]) == 2

    def test_groups_are_shown_only_to_those_who_may_read_them(self, network: Network, account: str) -> None:
        groups = IamAccessGroupsV2(authenticator=IAMAuthenticator(network.key_value("operator-limited")))
        assert groups.list_access_groups(account).get_result()["groups"] == []


def test_restrictions_are_listed_to_those_who_may_read_them(account: str) -> None:
    rule = {
        "account": "shop",
        "resource": {"resourceType": "namespace", "resource": "shop"},
        "allowed": "private",
    }
    with Network({"cloud": {"restrictions": {"fence": rule}}}) as own, pytest.MonkeyPatch.context() as patch:
        for name, value in own.env.items():
            patch.setenv(name, value)

        def listed(key: str) -> Any:
            service = ContextBasedRestrictionsV1(authenticator=IAMAuthenticator(own.key_value(key)))
            return service.list_rules(account, service_name="container-registry").get_result()

        assert listed("operator")["count"] == 1
        assert listed("operator")["rules"][0]["enforcement_mode"] == "enabled"
        with pytest.raises(ApiException) as refused:
            listed("operator-limited")
    assert refused.value.status_code == 403
