"""The unmodified SDKs read the lab's registry and identities as they read the real services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import IAMAssumeAuthenticator, IAMAuthenticator
from ibm_container_registry.container_registry_v1 import ContainerRegistryV1, RemoteAPIImage
from ibm_platform_services import IamIdentityV1

from runbook_lib.lab.network import Network

Ask = Callable[..., Any]


def iam_id(network: Network, name: str) -> str:
    return network.cloud_state.directory.identities[name].iam_id


def identity(network: Network, key: str = "operator") -> Any:
    return IamIdentityV1(authenticator=IAMAuthenticator(network.key_value(key)))


def registry(network: Network, account: str, host: str = "us.icr.io", key: str = "operator") -> Any:
    service = ContainerRegistryV1(account=account, authenticator=IAMAuthenticator(network.key_value(key)))
    service.set_service_url(f"https://{host}")
    return service


class TestRegistry:
    def test_images_have_the_recorded_form(self, network: Network, account: str) -> None:
        images = registry(network, account).list_images(namespace="shop").get_result()
        assert all(RemoteAPIImage.from_dict(image).to_dict() == image for image in images)
        tags = {tag for image in images for tag in image["RepoTags"]}
        assert {"us.icr.io/shop/web:1.0", "us.icr.io/shop/web:1.2", "us.icr.io/shop/web:latest"} <= tags
        one = next(image for image in images if "us.icr.io/shop/web:latest" in image["RepoTags"])
        assert len(one["RepoTags"]) == 2, "two tags of one content are one image"
        assert not [tag for tag in tags if not tag.startswith("us.icr.io/shop/")]

    def test_a_multi_platform_tag_is_listed_only_on_request(self, network: Network, account: str) -> None:
        plain = registry(network, account).list_images(namespace="shop").get_result()
        lists = registry(network, account).list_images(namespace="shop", include_manifest_lists=True).get_result()
        added = {t for i in lists for t in i["RepoTags"]} - {t for i in plain for t in i["RepoTags"]}
        assert added == {"us.icr.io/shop/api:2.0", "us.icr.io/shop/api:2.1"}

    def test_a_repository_narrows_the_list(self, network: Network, account: str) -> None:
        images = registry(network, account).list_images(namespace="shop", repository="mainframe").get_result()
        assert [image["RepoTags"] for image in images] == [["us.icr.io/shop/mainframe:1.0"]]

    def test_an_untagged_image_is_listed_by_digest(self, network: Network, account: str) -> None:
        found = registry(network, account).list_image_digests(repositories=["us.icr.io/shop/web"]).get_result()
        untagged = [entry for entry in found if not any(entry["repoTags"].values())]
        assert len(untagged) == 1
        only = registry(network, account).list_image_digests(exclude_tagged=True).get_result()
        assert [entry["id"] for entry in only] == [untagged[0]["id"]]

    def test_quota_plan_flags_and_namespaces(self, network: Network, account: str) -> None:
        service = registry(network, account, "jp.icr.io")
        assert service.get_quota().get_result()["limit"] == {
            "storage_bytes": 536870912,
            "traffic_bytes": 5368709120,
        }
        assert service.get_plans().get_result() == {"plan": "Free"}
        assert service.get_auth().get_result() == {"iam_authz": True, "private_only": False}
        assert service.get_settings().get_result() == {"platform_metrics": False}
        assert service.list_namespaces().get_result() == ["shop"]
        details = service.list_namespace_details().get_result()
        assert details[0]["account"] == account
        assert service.get_messages().get_status_code() == 204

    def test_another_accounts_namespaces_are_not_listed(self, network: Network, account: str) -> None:
        assert registry(network, account).list_namespaces().get_result() == ["legacy", "shop", "tools"]

    @pytest.mark.parametrize("host", ["private.us.icr.io", "registry.ng.bluemix.net"])
    def test_other_names_of_the_registry_list_the_same(self, network: Network, account: str, host: str) -> None:
        assert registry(network, account, host).list_namespaces().get_result() == ["legacy", "shop", "tools"]

    @pytest.mark.parametrize(
        ("key", "call", "status", "code"),
        [
            ("other-account", lambda service: service.list_images(), 403, "CRG0009E"),
            ("cluster", lambda service: service.get_plans(), 403, "CRG0009E"),
            ("operator-limited", lambda service: service.get_quota(), 403, "CRG0009E"),
        ],
        ids=["another account's token", "a Reader's plan", "no role at all"],
    )
    def test_what_is_not_allowed_is_refused_with_its_code(
        self, network: Network, account: str, key: str, call: Ask, status: int, code: str
    ) -> None:
        with pytest.raises(ApiException) as refused:
            call(registry(network, account, key=key))
        assert refused.value.status_code == status
        assert refused.value.http_response.json()["code"] == code

    @pytest.mark.parametrize(("key", "seen"), [("cluster", True), ("writer-only", False), ("no-policy", False)])
    def test_a_reader_lists_images_and_a_writer_does_not(
        self, network: Network, account: str, key: str, seen: bool
    ) -> None:
        assert bool(registry(network, account, key=key).list_images(namespace="shop").get_result()) is seen


class TestIdentity:
    @pytest.mark.parametrize(
        ("key", "code", "message"),
        [
            ("rotated", "BXNIM0415E", "Provided API key could not be found."),
            ("service-id-gone", "BXNIM0415E", "Provided API key could not be found."),
            ("disabled", "BXNIM0462E", "Provided API key is disabled."),
        ],
    )
    def test_a_key_that_does_not_work_gets_no_token(self, network: Network, key: str, code: str, message: str) -> None:
        with pytest.raises(ApiException, match=message) as refused:
            IAMAuthenticator(network.key_value(key)).token_manager.get_token()
        assert refused.value.status_code == 400
        assert refused.value.http_response.json()["errorCode"] == code

    @pytest.mark.parametrize(
        ("key", "field", "value"),
        [
            ("disabled", "disabled", True),
            ("key-locked", "locked", True),
            ("expired", "expires_at", "2026-03-01T00:00+0000"),
            ("cluster", "name", "cluster-shop-prod"),
            ("leaked", "action_when_leaked", "disable"),
        ],
    )
    def test_a_key_is_described_by_its_value(self, network: Network, key: str, field: str, value: object) -> None:
        details = identity(network).get_api_keys_details(iam_api_key=network.key_value(key)).get_result()
        assert details[field] == value
        assert details["iam_id"] == iam_id(network, "cluster")
        assert network.key_value(key) not in details.values()

    @pytest.mark.parametrize(
        ("login", "key", "status"),
        [
            ("operator", "rotated", 404),
            ("operator", "other-account", 403),
            ("operator-limited", "cluster", 403),
        ],
    )
    def test_a_key_that_is_gone_or_another_persons_is_refused(
        self, network: Network, login: str, key: str, status: int
    ) -> None:
        with pytest.raises(ApiException) as refused:
            identity(network, login).get_api_keys_details(iam_api_key=network.key_value(key))
        assert refused.value.status_code == status

    def test_everybody_may_read_their_own_key(self, network: Network) -> None:
        value = network.key_value("operator-limited")
        details = identity(network, "operator-limited").get_api_keys_details(iam_api_key=value).get_result()
        assert details["iam_id"].startswith("IBMid-")

    def test_service_ids_come_in_pages_and_by_name(self, network: Network, account: str) -> None:
        service = identity(network)
        seen, token = [], None
        while True:
            page = service.list_service_ids(account_id=account, pagesize=5, pagetoken=token).get_result()
            seen += [entry["id"] for entry in page["serviceids"]]
            if "next" not in page:
                break
            token = page["next"].split("pagetoken=")[1].split("&")[0]
        alive = [s for s in network.cloud_state.data.service_ids.values() if s.account == "shop" and not s.deleted]
        assert len(seen) == len(set(seen)) == len(alive)
        named = service.list_service_ids(account_id=account, name="cluster-shop-prod").get_result()
        assert [entry["iam_id"] for entry in named["serviceids"]] == [iam_id(network, "cluster")]

    def test_one_service_id_by_its_id(self, network: Network) -> None:
        wanted = network.cloud_state.directory.identities["locked"].id
        assert identity(network).get_service_id(wanted).get_result()["locked"] is True
        gone = network.cloud_state.directory.identities["gone"].id
        with pytest.raises(ApiException) as refused:
            identity(network).get_service_id(gone)
        assert refused.value.status_code == 404

    def test_the_keys_of_a_service_id_are_listed_without_the_deleted(self, network: Network, account: str) -> None:
        found = identity(network).list_api_keys(account_id=account, iam_id=iam_id(network, "cluster"), pagesize=100)
        names = {key["name"] for key in found.get_result()["apikeys"]}
        assert "cluster-shop-prod" in names
        assert "cluster-shop-prod-old" not in names

    def test_the_accounts_address_list_is_readable(self, network: Network, account: str) -> None:
        settings = identity(network).get_account_settings(account_id=account).get_result()
        assert settings["allowed_ip_addresses"] == ""

    def test_a_trusted_profile_is_assumed_by_those_it_names(self, network: Network) -> None:
        profile = network.cloud_state.directory.profile_id("pipeline")
        good = IAMAssumeAuthenticator(apikey=network.key_value("cluster"), iam_profile_id=profile)
        assert good.token_manager.get_token()
        stranger = IAMAssumeAuthenticator(apikey=network.key_value("no-policy"), iam_profile_id=profile)
        with pytest.raises(ApiException):
            stranger.token_manager.get_token()
