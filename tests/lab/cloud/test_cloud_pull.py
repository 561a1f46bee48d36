"""The pull itself at IBM's registries: which key and which user name ends where, and what is public."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest
import requests

from runbook_lib.lab.network import Network

REFUSED_LOGIN = "The login credentials are not valid, or your IBM Cloud account is not active."


DENIED = "You are not authorized to access the specified resource."


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
