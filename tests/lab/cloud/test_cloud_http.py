"""What no SDK covers: the token's claims, and the cluster service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests

from runbook_lib.lab.network import Network

IAM = "https://iam.cloud.ibm.com/identity/token"


CLUSTERS = "https://containers.cloud.ibm.com/global/v2"


API_KEY = "urn:ibm:params:oauth:grant-type:apikey"


def exchange(client: requests.Session, network: Network, key: str, **extra: Any) -> dict[str, Any]:
    form = {"grant_type": API_KEY, "apikey": network.key_value(key), "response_type": "cloud_iam"}
    answer = client.post(IAM, data=form, timeout=5, **extra)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class TestToken:
    @pytest.mark.parametrize(
        ("key", "kind", "account"),
        [
            ("cluster", "ServiceId", "shop"),
            ("personal", None, "shop"),
            ("other-account", "ServiceId", "partner"),
        ],
    )
    def test_the_claims_say_whose_key_it_is(
        self, client: requests.Session, network: Network, key: str, kind: str | None, account: str
    ) -> None:
        body = exchange(client, network, key)
        claims = jwt.decode(body["access_token"], options={"verify_signature": False})
        assert claims.get("sub_type") == kind
        assert claims["account"]["bss"] == network.cloud_state.directory.account_id(account)
        assert claims["exp"] - claims["iat"] == body["expires_in"] == 3600

    def test_an_inactive_account_is_marked_in_the_claims(self, client: requests.Session, network: Network) -> None:
        claims = jwt.decode(
            exchange(client, network, "inactive-account")["access_token"], options={"verify_signature": False}
        )
        assert claims["account"]["valid"] is False

    def test_a_refresh_token_is_for_clients_that_name_themselves(
        self, client: requests.Session, network: Network
    ) -> None:
        assert exchange(client, network, "operator")["refresh_token"] == "not_supported"
        session = exchange(client, network, "operator", auth=("bx", "bx"))
        renewed = client.post(
            IAM, data={"grant_type": "refresh_token", "refresh_token": session["refresh_token"]}, timeout=5
        )
        assert renewed.json()["token_type"] == "Bearer"

    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({"grant_type": API_KEY, "apikey": "never-issued"}, 400),
            ({"grant_type": "refresh_token", "refresh_token": "forged"}, 400),
            ({"grant_type": "password"}, 400),
        ],
    )
    def test_what_is_not_granted_is_a_400(self, client: requests.Session, form: dict[str, str], status: int) -> None:
        answer = client.post(IAM, data=form, timeout=5)
        assert answer.status_code == status
        assert answer.json()["errorCode"].startswith("BXNIM")

    @pytest.mark.parametrize(
        "path",
        ["v1/apikeys/details", "v1/serviceids/", "v2/policies", "v2/groups", "v1/policies", "v2/roles"],
    )
    def test_a_request_without_a_token_is_a_401(self, client: requests.Session, path: str) -> None:
        answer = client.get(f"https://iam.cloud.ibm.com/{path}", timeout=5)
        assert (answer.status_code, answer.json()["errorCode"]) == (401, "BXNIM0308E")


class TestCluster:
    @pytest.fixture
    def ask(self, client: requests.Session, network: Network) -> Callable[..., requests.Response]:
        def ask(who: str, path: str, method: str = "GET", **extra: Any) -> requests.Response:
            headers = {"Authorization": f"Bearer {network.access_token(who)}"} if who else {}
            return client.request(method, f"{CLUSTERS}/{path}", headers=headers, timeout=5, **extra)

        return ask

    def test_a_cluster_is_found_by_name_and_by_id(self, ask: Callable[..., requests.Response]) -> None:
        by_name = ask("operator", "getCluster?cluster=shop-prod&v1-compatible").json()
        assert ask("operator", f"getCluster?cluster={by_name['id']}").json() == by_name
        assert by_name["features"]["pullSecretApplied"] is True
        assert len(by_name["id"]) == 20
        assert f":{by_name['id']}:" in by_name["crn"]

    @pytest.mark.parametrize(
        ("who", "cluster", "status", "code"),
        [
            ("", "shop-prod", 401, "E0401"),
            ("operator", "nowhere", 404, "E0404"),
            ("operator", "partner-prod", 404, "E0404"),
            ("cluster", "shop-prod", 404, "E0404"),
            ("auditor", "shop-prod", 200, None),
        ],
    )
    def test_a_cluster_is_shown_to_those_who_may_see_it(
        self, ask: Callable[..., requests.Response], who: str, cluster: str, status: int, code: str | None
    ) -> None:
        answer = ask(who, f"getCluster?cluster={cluster}")
        assert (answer.status_code, answer.json().get("code")) == (status, code)

    def test_the_first_form_has_the_flag_at_the_top(self, client: requests.Session, network: Network) -> None:
        answer = client.get(
            "https://containers.cloud.ibm.com/global/v1/clusters/shop-prod",
            headers={"Authorization": f"Bearer {network.access_token('operator')}"},
            timeout=5,
        )
        assert answer.json()["pullSecretApplied"] is True

    def test_applying_the_pull_secret_is_answered_and_remembered_as_a_write(
        self, ask: Callable[..., requests.Response], network: Network
    ) -> None:
        before = len(network.writes)
        assert ask("auditor", "enablePullSecret", "POST", json={"cluster": "shop-prod"}).status_code == 403
        assert ask("operator", "enablePullSecret", "POST", json={"cluster": "shop-prod"}).status_code == 204
        assert [(write.action, write.by) for write in network.writes[before:]] == [("enablePullSecret", "operator")]
