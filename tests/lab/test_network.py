"""The assembled network: sections laid over the base, further hosts and registries, faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from runbook_lib.lab.network import Network
from runbook_lib.lab.wire import ConnectionRefused


def session(network: Network) -> requests.Session:
    client = requests.Session()
    client.trust_env = False
    client.proxies, client.verify = {"https": network.proxy_url}, network.ca_file
    return client


def test_a_registry_of_the_state_is_served_with_its_token_host_and_its_store() -> None:
    state: dict[str, Any] = {
        "registries": {"registry.example.net": {"redirect": True, "repositories": {"a/b": {"public": True}}}}
    }
    with Network(state) as network, session(network) as client:
        assert client.get("https://registry.example.net/v2/", timeout=5).status_code == 401
        assert client.get("https://dd0.registry.example.net/x", timeout=5).status_code == 404
        assert client.get("https://auth.docker.io/token", timeout=5).json()["token"]


def test_a_further_host_is_answered_by_a_fault_of_replies() -> None:
    faults = {"replies": [{"kind": "reply", "host": "trap.example.org", "status": 200, "body": "caught"}]}
    with Network({"hosts": ["trap.example.org"]}, faults) as network, session(network) as client:
        assert client.get("https://trap.example.org/token", timeout=5).text == "caught"
        assert [record.has_authorization for record in network.requests if record.method == "GET"] == [False]


def test_faults_of_the_state_and_of_the_call_are_joined() -> None:
    state = {
        "faults": {
            "hosts": {"uk.icr.io": "refused"},
            "replies": [{"kind": "server-error", "host": "de.icr.io"}],
        }
    }
    faults = {"hosts": {"us.icr.io": "dns"}, "replies": [{"kind": "rate-limited", "host": "jp.icr.io"}]}
    with Network(state, faults) as network, session(network) as client:
        assert network.host_fault("uk.icr.io") == ConnectionRefused()
        with pytest.raises(requests.exceptions.ProxyError, match="no such host"):
            client.get("https://us.icr.io/v2/", timeout=5)
        assert client.get("https://de.icr.io/v2/", timeout=5).status_code == 503
        assert client.get("https://jp.icr.io/v2/", timeout=5).status_code == 429


def test_a_state_may_come_from_a_file_and_begin_from_nothing(tmp_path: Path) -> None:
    file = tmp_path / "network.yaml"
    file.write_text("extends: none\nregistries: {r.example.net: {dialect: open}}\n", "utf-8")
    with Network(file) as network, session(network) as client:
        assert client.get("https://r.example.net/v2/", timeout=5).status_code == 200
        assert network.cloud_state.key_names() == ()


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"clouds": {}}, ValueError),
        ({"cloud": {"acounts": {}}}, msgspec.ValidationError),
        ({"registries": {"us.icr.io": {"dialekt": "icr"}}}, msgspec.ValidationError),
        ({"faults": {"hosts": {"us.icr.io": "odd"}}}, msgspec.ValidationError),
    ],
)
def test_data_that_does_not_fit_is_refused(state: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Network(state)


def test_digests_and_secrets_are_found_by_name() -> None:
    network = Network()
    assert network.digest("us.icr.io/shop/web:1.2") == network.digest("registry.ng.bluemix.net/shop/web:latest")
    assert network.key_value("registry.example.com/robot") == "lab-harbor-password"
    with pytest.raises(KeyError):
        network.digest("us.icr.io/shop/web:none")
