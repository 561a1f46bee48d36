"""A lab of its own for the wire's tests: an app that says what it was asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from runbook_lib.lab.wire import (
    ConnectionRefused,
    ConnectTimeout,
    HandshakeReset,
    HandshakeTimeout,
    HostFault,
    NameNotFound,
    Reply,
    Request,
    Wire,
    WrongCertificate,
    json_reply,
)

HOSTS = ("icr.io", "*.icr.io", "registry.*.bluemix.net")
HOST_FAULTS: dict[str, HostFault] = {
    "refused.icr.io": ConnectionRefused(),
    "closed.icr.io": ConnectionRefused("close"),
    "nowhere.icr.io": NameNotFound(),
    "slow.icr.io": ConnectTimeout(0.2),
    "mute.icr.io": HandshakeTimeout(20),
    "cut.icr.io": HandshakeReset(),
    "expired.icr.io": WrongCertificate("expired"),
    "misnamed.icr.io": WrongCertificate("wrong-name"),
    "foreign.icr.io": WrongCertificate("foreign-authority"),
}


def echo(request: Request) -> Reply:
    """Says what the app was given, never a credential."""
    if request.path == "/fail":
        raise RuntimeError("a defect of the app")
    return json_reply(
        200,
        {
            "host": request.host,
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "accept": request.header("accept"),
            "body": request.body.decode(),
        },
    )


@pytest.fixture(scope="package")
def wire() -> Iterator[Wire]:
    with Wire(echo, HOSTS, host_faults=HOST_FAULTS) as wire:
        yield wire


@pytest.fixture
def client(wire: Wire) -> Iterator[requests.Session]:
    """A client that goes through the lab's proxy and trusts its authority."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": wire.proxy_url}
        session.verify = wire.ca_file
        yield session
