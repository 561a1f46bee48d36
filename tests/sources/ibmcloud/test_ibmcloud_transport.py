"""What networks, servers and the SDKs' own habits can do: each gives a named value in time, and shows no
credential.
"""

from __future__ import annotations

import http.client
import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.lab.wire import (
    ConnectionRefused,
    ConnectTimeout,
    Delivery,
    Drip,
    Endless,
    HandshakeReset,
    HandshakeTimeout,
    Hang,
    HostFault,
    NameNotFound,
    Reply,
    Reset,
    Truncate,
    WrongCertificate,
    gzip_bomb,
    json_reply,
    text_reply,
)
from runbook_lib.model.account import Quota
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource, Login, transport
from runbook_lib.vault import Secret, Vault

from .ibm_cloud_server import IAM, OPERATOR_KEY, Cloud, refusal

US = RegistryHost("us.icr.io")
QUOTAS = "GET us.icr.io/api/v1/quotas"
AMOUNTS = {"storage_bytes": 536870912, "traffic_bytes": 5368709120}
QUOTA = json_reply(200, {"limit": AMOUNTS, "usage": {"storage_bytes": 0, "traffic_bytes": 5}})


@pytest.fixture
def hasty(cloud: Cloud, login: Login) -> IbmCloudSource:
    """A source whose requests may take 0.8 seconds, already logged in."""
    source = IbmCloudSource(login, timeout=0.8)
    source.login_info()
    return source


@pytest.mark.parametrize(
    ("fault", "why", "word"),
    [
        (ConnectionRefused(), Why.UNREACHABLE, ""),
        (NameNotFound(), Why.UNREACHABLE, ""),
        (HandshakeReset(), Why.UNREACHABLE, ""),
        (ConnectTimeout(), Why.TIMEOUT, ""),
        (HandshakeTimeout(), Why.TIMEOUT, ""),
        (WrongCertificate("expired"), Why.UNREACHABLE, "certificate"),
        (WrongCertificate("wrong-name"), Why.UNREACHABLE, "certificate"),
        (WrongCertificate("foreign-authority"), Why.UNREACHABLE, "certificate"),
    ],
    ids=[
        "refused",
        "no-name",
        "handshake-reset",
        "no-answer",
        "no-handshake",
        "expired",
        "wrong-name",
        "foreign-authority",
    ],
)
def test_a_host_that_cannot_be_reached_is_a_value(
    fault: HostFault, why: Why, word: str, cloud: Cloud, hasty: IbmCloudSource
) -> None:
    cloud.fault("us.icr.io", fault)
    reading = hasty.quota(US)
    assert isinstance(reading, Unavailable)
    assert reading.why is why
    assert word in reading.detail
    assert "proxy" in reading.remedy


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"REQUESTS_CA_BUNDLE": "/no/such/file.pem"}, "certificates to trust"),
        ({"HTTPS_PROXY": "http://", "https_proxy": "http://"}, "proxy setting"),
        ({"HTTPS_PROXY": "nosuch://127.0.0.1:9", "https_proxy": "nosuch://127.0.0.1:9"}, "proxy setting"),
        ({"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}, "proxy"),
    ],
    ids=["no-bundle", "no-proxy-host", "proxy-of-no-kind", "proxy-down"],
)
def test_settings_of_this_machine_that_cannot_work_are_named(
    variables: dict[str, str],
    word: str,
    cloud: Cloud,
    source: IbmCloudSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    reading = source.quota(US)
    assert isinstance(reading, Unavailable)
    assert reading.why is Why.UNREACHABLE
    assert word in reading.detail


@pytest.mark.parametrize(
    ("delivery", "why"),
    [
        (Hang(3.0), Why.TIMEOUT),
        (Drip(0.3), Why.TIMEOUT),
        (Endless(3.0, 0.05), Why.TIMEOUT),
        (Reset(), Why.UNREACHABLE),
        (Truncate(10), Why.UNREACHABLE),
    ],
    ids=["hangs", "a-byte-now-and-then", "endless", "reset", "cut-off"],
)
def test_an_answer_that_does_not_come_whole_is_a_value_within_the_time_limit(
    delivery: Delivery, why: Why, cloud: Cloud, hasty: IbmCloudSource
) -> None:
    cloud.on(QUOTAS, replace(QUOTA, delivery=delivery))
    start = time.monotonic()
    reading = hasty.quota(US)
    assert time.monotonic() - start < 2.0
    assert isinstance(reading, Unavailable)
    assert reading.why is why


def test_the_limit_counts_for_each_request_of_a_kept_connection(cloud: Cloud, hasty: IbmCloudSource) -> None:
    cloud.on(QUOTAS, QUOTA)
    assert isinstance(hasty.quota(US), Quota)
    time.sleep(1.0)
    assert isinstance(hasty.quota(US), Quota)
    cloud.on(QUOTAS, replace(QUOTA, delivery=Hang(3.0)))
    start = time.monotonic()
    assert isinstance(hasty.quota(US), Unavailable)
    assert time.monotonic() - start < 2.0


@pytest.mark.parametrize(
    "reply",
    [
        text_reply(200, "<html>sign in</html>", "text/html"),
        text_reply(200, '{"limit": {"storage', "application/json"),
        json_reply(200, {"limit": AMOUNTS}),
        json_reply(200, {"limit": AMOUNTS, "usage": {"storage_bytes": "many", "traffic_bytes": 5}}),
        json_reply(200, []),
        Reply(204),
        Reply(302, (("Location", "https://us.icr.io/api/v1/plans"),)),
        Reply(307, (("Location", "https://example.com/"),)),
        json_reply(404, {"code": "CRG0099E", "message": "no such page"}),
    ],
    ids=["html", "half", "lacks", "other-type", "list", "empty", "redirect", "redirect-away", "not-found"],
)
def test_an_answer_of_another_shape_is_malformed_and_never_a_fact(
    reply: Reply, cloud: Cloud, source: IbmCloudSource
) -> None:
    cloud.on(QUOTAS, reply)
    reading = source.quota(US)
    assert isinstance(reading, Unavailable)
    assert reading.why is Why.MALFORMED
    assert [r.path for r in cloud.bodies] == ["/identity/token", "/api/v1/quotas"]


def test_no_more_is_read_than_the_limit(cloud: Cloud, source: IbmCloudSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "BODY_LIMIT", 1024 * 1024)
    cloud.on(QUOTAS, Reply(200, (("Content-Encoding", "gzip"),), gzip_bomb()))
    reading = source.quota(US)
    assert isinstance(reading, Unavailable)
    assert reading.why is Why.MALFORMED


@pytest.mark.parametrize(
    ("reply", "why", "code"),
    [
        (
            json_reply(401, {"code": "CRG0009E", "message": "You are not authorized"}),
            Why.FORBIDDEN,
            "CRG0009E",
        ),
        (json_reply(403, {"code": "CRG0005E", "message": "no"}), Why.FORBIDDEN, "CRG0005E"),
        (json_reply(401, {"code": "CRG0014E", "message": "log in"}), Why.UNAUTHENTICATED, "CRG0014E"),
        (json_reply(429, {"code": "CRG0077E", "message": "slow"}), Why.SERVER_ERROR, "CRG0077E"),
        (
            json_reply(500, {"errors": [{"code": "boom", "message": "m"}], "trace": "t"}),
            Why.SERVER_ERROR,
            "boom",
        ),
        (text_reply(503, "<html>"), Why.SERVER_ERROR, "503"),
    ],
    ids=["no-account-401", "forbidden", "not-logged-in", "too-many", "errors-list", "no-json"],
)
def test_ibm_clouds_own_code_is_kept(reply: Reply, why: Why, code: str, cloud: Cloud, source: IbmCloudSource) -> None:
    """The SDK's exception drops it."""
    cloud.on(QUOTAS, reply)
    reading = source.quota(US)
    assert isinstance(reading, Unavailable)
    assert reading.why is why
    assert code in reading.detail
    assert ("Ask for Reader" in reading.remedy) == (why is Why.FORBIDDEN)


def test_a_login_in_netrc_does_not_replace_the_token(
    cloud: Cloud, source: IbmCloudSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    cloud.on(QUOTAS, QUOTA)
    assert isinstance(source.quota(US), Quota)
    assert [bool(r.basic) for r in cloud.bodies] == [False, False]
    assert cloud.bodies[1].bearer


def test_cookies_are_not_kept(cloud: Cloud, source: IbmCloudSource) -> None:
    cloud.on(QUOTAS, QUOTA.with_headers(("Set-Cookie", "session=1; Path=/")))
    source.quota(US)
    source.quota(US)
    assert not any(r.header("cookie") for r in cloud.bodies)


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """Everything that prints or logs traffic, turned on."""
    sdk = logging.getLogger("ibm-cloud-sdk-core")
    monkeypatch.setattr(sdk, "level", logging.NOTSET)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3")
    return caplog


@pytest.mark.parametrize("sdk_level", [logging.NOTSET, logging.DEBUG], ids=["root-at-debug", "sdk-at-debug"])
def test_a_key_is_not_printed_when_logging_is_at_debug(
    sdk_level: int,
    cloud: Cloud,
    source: IbmCloudSource,
    key: Secret,
    loud: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At DEBUG the SDK makes http.client print every header, and masks all but the one that holds a key."""
    logging.getLogger("ibm-cloud-sdk-core").setLevel(sdk_level)
    cloud.on(f"GET {IAM}/v1/apikeys/details", json_reply(403, {"errorCode": "BXNIM0513E", "errorMessage": "no"}))
    source.api_key_details(key)
    source.key_owner(key)
    sent = cloud.asked("/v1/apikeys/details")[0]
    shown = loud.text + "".join(capsys.readouterr())
    assert sent.header("iam-apikey") == key.reveal()
    assert "/v1/apikeys/details" in shown, "the log is on"
    assert not any(word in shown for word in (key.reveal(), OPERATOR_KEY, sent.bearer))
    assert "print" not in vars(http.client)


def test_a_server_that_repeats_the_key_does_not_bring_it_into_a_reading(
    cloud: Cloud, source: IbmCloudSource, key: Secret
) -> None:
    text = f"The key {key.reveal()} is of no use"
    cloud.on(f"GET {IAM}/v1/apikeys/details", json_reply(400, {"errorCode": key.reveal(), "errorMessage": text}))
    cloud.keys[key.reveal()] = refusal("BXNIM0415E", text)
    for reading in (source.api_key_details(key), source.key_owner(key)):
        assert key.reveal() not in repr(reading)
        assert "is of no use" in repr(reading)


def test_no_exception_leaves_and_a_defect_shows_its_type_alone(
    cloud: Cloud, source: IbmCloudSource, key: Secret, own_vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK's exceptions hold the request, and the request the key."""

    def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"with {key.reveal()} inside")

    source.login_info()
    monkeypatch.setattr(transport.GuardedAdapter, "send", breaks)
    for reading in (source.api_key_details(key), source.key_owner(key), source.cluster("c1")):
        assert isinstance(reading, Unavailable)
        assert reading.why is Why.DEFECT
        assert "RuntimeError" in reading.detail
        assert key.reveal() not in repr(reading)
