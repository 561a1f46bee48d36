"""The base state, running: what unmodified SDKs and clients meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from runbook_lib.lab.cloud import BASE_FILE, CloudState
from runbook_lib.lab.network import Network


@pytest.fixture(scope="package")
def state() -> CloudState:
    """The base state of the lab's account."""
    return CloudState.load(BASE_FILE)


@pytest.fixture(scope="package")
def network() -> Iterator[Network]:
    """The base network, and this process as one of its clients."""
    with Network() as network, pytest.MonkeyPatch.context() as patch:
        for name, value in network.env.items():
            patch.setenv(name, value)
        yield network
        assert not network.errors


@pytest.fixture(scope="package")
def client(network: Network) -> Iterator[requests.Session]:
    """A plain client of the base network."""
    with requests.Session() as session:
        yield session


@pytest.fixture(scope="module")
def account(network: Network) -> str:
    return network.cloud_state.directory.account_id("shop")
