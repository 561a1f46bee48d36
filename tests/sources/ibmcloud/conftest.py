"""The tests' IBM Cloud, a login to it, and a vault of each test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runbook_lib.lab.wire import Reply, Wire
from runbook_lib.sources.ibmcloud import IbmCloudSource, Login
from runbook_lib.vault import Secret, Vault, use

from .ibm_cloud_server import OPERATOR_KEY, Cloud


@pytest.fixture(scope="session")
def ibm_wire() -> Iterator[Wire]:
    with Wire(lambda request: Reply(503), ["*.icr.io", "icr.io", "*.cloud.ibm.com"]) as wire:
        yield wire


@pytest.fixture
def cloud(ibm_wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    cloud = Cloud(ibm_wire)
    ibm_wire.app = cloud.app
    for name, value in ibm_wire.env.items():
        monkeypatch.setenv(name, value)
    yield cloud
    ibm_wire.host_faults.clear()


@pytest.fixture(autouse=True)
def own_vault() -> Iterator[Vault]:
    with use(Vault()) as fresh:
        yield fresh


@pytest.fixture
def login(own_vault: Vault) -> Login:
    return Login("the variable IBMCLOUD_API_KEY", key=own_vault.register(OPERATOR_KEY, "key"))


@pytest.fixture
def source(cloud: Cloud, login: Login) -> IbmCloudSource:
    return IbmCloudSource(login, timeout=5.0)


@pytest.fixture
def key(own_vault: Vault) -> Secret:
    """The key of a pull secret."""
    return own_vault.register("pull-secret-key-ABCDEFGHIJKLMNOPQRSTUVWXYZ01", "key")
