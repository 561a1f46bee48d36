"""What no SDK covers: the token's claims, the cluster service, and the pull itself at IBM's registries."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests

from runbook_lib.lab.network import Network

IAM = "https://iam.cloud.ibm.com/identity/token"
CLUSTERS = "https://containers.cloud.ibm.com/global/v2"
API_KEY = "urn:ibm:params:oauth:grant-type:apikey"
REFUSED_LOGIN = "The login credentials are not valid, or your IBM Cloud account is not active."
DENIED = "You are not authorized to access the specified resource."


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


def pull(
    client: requests.Session, host: str, repository: str, login: tuple[str, str] | None, tag: str = "1.2"
) -> tuple[str, int, str]:
    """Pulls as far as the first blob; returns where it ended, with status and message."""
    scope = {"service": "registry", "scope": f"repository:{repository}:pull"}
    answer = client.get(f"https://{host}/oauth/token", params=scope, auth=login, timeout=5)
    if answer.status_code != 200:
        return "token", answer.status_code, answer.json()["errors"][0]["message"]
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    answer = client.get(f"https://{host}/v2/{repository}/manifests/{tag}", headers=headers, timeout=5)
    if answer.status_code != 200:
        return "manifest", answer.status_code, answer.json()["errors"][0]["message"]
    digest = answer.json()["config"]["digest"]
    answer = client.get(f"https://{host}/v2/{repository}/blobs/{digest}", headers=headers, timeout=5)
    return "blob", answer.status_code, "" if answer.ok else answer.json()["errors"][0]["message"]


class TestPull:
    @pytest.mark.parametrize(
        ("key", "outcome"),
        [
            ("cluster", ("blob", 200, "")),
            ("good", ("blob", 200, "")),
            ("personal", ("blob", 200, "")),
            ("writer-only", ("blob", 200, "")),
            ("access-group", ("blob", 200, "")),
            ("service-id-locked", ("blob", 200, "")),
            ("rotated", ("token", 401, REFUSED_LOGIN)),
            ("disabled", ("token", 401, REFUSED_LOGIN)),
            ("expired", ("token", 401, REFUSED_LOGIN)),
            ("service-id-gone", ("token", 401, REFUSED_LOGIN)),
            ("inactive-account", ("token", 401, REFUSED_LOGIN)),
            ("entitled", ("token", 401, REFUSED_LOGIN)),
            ("no-policy", ("manifest", 403, DENIED)),
            ("other-region", ("manifest", 403, DENIED)),
            ("other-namespace", ("manifest", 403, DENIED)),
            ("administrator-only", ("manifest", 403, DENIED)),
            ("condition-over", ("manifest", 403, DENIED)),
            ("other-account", ("manifest", 403, DENIED)),
        ],
    )
    def test_each_key_ends_where_it_would(
        self, client: requests.Session, network: Network, key: str, outcome: tuple[str, int, str]
    ) -> None:
        assert pull(client, "us.icr.io", "shop/web", ("iamapikey", network.key_value(key))) == outcome

    @pytest.mark.parametrize(
        ("username", "password", "status"),
        [
            ("iamapikey", "key:good", 200),
            ("iambearer", "token:cluster", 200),
            ("iambearer", "key:good", 401),
            ("iamapikey", "token:cluster", 401),
            ("iamrefresh", "key:good", 401),
            ("iambearer", "expired:cluster", 401),
            ("token", "key:registry-token", 401),
            ("token", "key:good", 401),
            ("cp", "key:entitled", 401),
            ("somebody", "key:good", 401),
            ("profile:pipeline", "key:good", 200),
            ("profile:pipeline", "key:no-policy", 401),
        ],
    )
    def test_each_user_name_takes_its_own_kind_of_password(
        self, client: requests.Session, network: Network, username: str, password: str, status: int
    ) -> None:
        kind, _, name = password.partition(":")
        value = (
            network.key_value(name)
            if kind == "key"
            else network.access_token(name, seconds=-1 if kind == "expired" else 60)
        )
        if username.startswith("profile:"):
            username = network.cloud_state.directory.profile_id(username.partition(":")[2])
        assert pull(client, "us.icr.io", "shop/web", (username, value))[1] == status

    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("private.us.icr.io", 200),
            ("registry.ng.bluemix.net", 200),
            ("icr.io", 200),
            ("registry.bluemix.net", 200),
            ("private.icr.io", 200),
            ("uk.icr.io", 200),
            ("au.icr.io", 403),
        ],
    )
    def test_each_name_of_a_registry_is_served(
        self, client: requests.Session, network: Network, host: str, status: int
    ) -> None:
        assert pull(client, host, "shop/web", ("iamapikey", network.key_value("good")))[1] == status

    @pytest.mark.parametrize(
        ("key", "repository", "outcome"),
        [
            ("entitled", "cp/base/server", ("blob", 200)),
            ("entitled-elsewhere", "cp/base/server", ("manifest", 403)),
            ("entitled-elsewhere", "cp/other/server", ("blob", 200)),
            ("entitlement-ended", "cp/base/server", ("token", 401)),
        ],
    )
    def test_entitled_software_takes_an_entitlement_key(
        self, client: requests.Session, network: Network, key: str, repository: str, outcome: tuple[str, int]
    ) -> None:
        login = ("cp", network.key_value(key))
        assert pull(client, "cp.icr.io", repository, login, "1.0")[:2] == outcome

    def test_without_a_login_only_the_public_is_pulled(self, client: requests.Session) -> None:
        assert pull(client, "us.icr.io", "public/hello", None, "1.0")[:2] == ("blob", 200)
        assert pull(client, "us.icr.io", "shop/web", None)[:2] == ("token", 401)

    def test_an_absent_tag_and_an_absent_repository_are_told_apart(
        self, client: requests.Session, network: Network
    ) -> None:
        login = ("iamapikey", network.key_value("good"))
        assert pull(client, "us.icr.io", "shop/web", login, "9")[1:] == (404, "manifest unknown")
        assert pull(client, "us.icr.io", "shop/wbe", login)[1:] == (
            404,
            "repository name not known to registry",
        )
        assert pull(client, "us.icr.io", "nobody/web", login)[1:] == (403, DENIED)


STAGED: list[tuple[str, dict[str, Any], str, tuple[str, int, str]]] = [
    (
        "pull quota",
        {"cloud": {"accounts": {"shop": {"quotas": {"us.icr.io": {"traffic_limit": 1, "traffic_used": 1}}}}}},
        "us.icr.io",
        ("blob", 403, "Your account has exceeded its pull traffic quota for the current month."),
    ),
    (
        "pull quota, private name",
        {"cloud": {"accounts": {"shop": {"quotas": {"us.icr.io": {"traffic_limit": 1, "traffic_used": 1}}}}}},
        "private.us.icr.io",
        ("blob", 200, ""),
    ),
    (
        "storage quota",
        {"cloud": {"accounts": {"shop": {"quotas": {"us.icr.io": {"storage_limit": 1, "storage_used": 1}}}}}},
        "us.icr.io",
        ("blob", 200, ""),
    ),
    (
        "private only",
        {"cloud": {"accounts": {"shop": {"private_only": True}}}},
        "us.icr.io",
        (
            "manifest",
            403,
            "Private-only access is enabled on this account, but this request was over the public network. "
            "You must access this account over the private network",
        ),
    ),
    (
        "restriction",
        {"cloud": {"restrictions": {"fence": {"account": "shop"}}}},
        "us.icr.io",
        ("manifest", 403, DENIED),
    ),
    (
        "rate limit",
        {"faults": {"replies": [{"kind": "rate-limited", "path": "/v2/*"}]}},
        "us.icr.io",
        ("manifest", 429, "You have reached your pull rate limit."),
    ),
    (
        "server error",
        {"faults": {"replies": [{"kind": "server-error", "path": "/oauth/token"}]}},
        "us.icr.io",
        ("token", 503, "service unavailable"),
    ),
]


@pytest.mark.parametrize(("name", "changes", "host", "outcome"), STAGED, ids=[row[0] for row in STAGED])
def test_a_scenario_changes_the_base_state(
    name: str, changes: dict[str, Any], host: str, outcome: tuple[str, int, str]
) -> None:
    with Network(changes) as own, requests.Session() as client:
        client.trust_env = False
        client.proxies, client.verify = {"https": own.proxy_url}, own.ca_file
        assert pull(client, host, "shop/web", ("iamapikey", own.key_value("good"))) == outcome


@pytest.mark.skipif(shutil.which("docker") is None, reason="the docker command line is not installed")
def test_the_docker_command_line_reads_the_labs_registry(network: Network, tmp_path: Any) -> None:
    command = ["docker", "manifest", "inspect"]
    env = network.environ(DOCKER_CONFIG=str(tmp_path), DOCKER_CLI_EXPERIMENTAL="enabled")
    done = subprocess.run(
        [*command, "icr.io/ibm/base:9"], env=env, capture_output=True, text=True, timeout=30, check=False
    )
    assert '"architecture": "s390x"' in done.stdout, done.stderr
