"""A key is exchanged once; the token says whose it is, and IAM's refusal says what is wrong with it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from runbook_lib.lab.wire import Reply, json_reply, text_reply
from runbook_lib.model.account import KeyOwner, KeyState, LoginInfo, OwnerKind
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource, Login
from runbook_lib.sources.ibmcloud.connection import Connection
from runbook_lib.vault import Secret, Vault

from .ibm_cloud_server import ACCOUNT, IAM, OPERATOR_KEY, Cloud, grant, refusal, token_for

US = RegistryHost("us.icr.io")


@pytest.mark.parametrize(
    ("iam_id", "kind"),
    [
        ("iam-ServiceId-1bee35e7-41fe-4550-a3da-8610a0c8bac4", OwnerKind.SERVICE_ID),
        ("IBMid-270001ABCD", OwnerKind.USER),
        ("iam-Profile-94497d0d-2ac3-41bf-a993-a49d1b14627c", OwnerKind.PROFILE),
        ("something-else", OwnerKind.UNKNOWN),
    ],
)
def test_the_token_of_a_key_names_its_owner_and_account_without_any_login(
    iam_id: str, kind: OwnerKind, cloud: Cloud, key: Secret
) -> None:
    cloud.keys[key.reveal()] = grant(token_for(iam_id, "other-account", name="writable"))
    owner = IbmCloudSource(None).key_owner(key)
    assert owner == KeyOwner(KeyState.ACCEPTED, iam_id, kind, "writable", "other-account", True)
    assert len(cloud.bodies) == 1


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (refusal("BXNIM0415E", "Provided API key could not be found."), KeyState.NOT_FOUND),
        (refusal("BXNIM0462E", "Provided API key is disabled."), KeyState.DISABLED),
        (refusal("BXNIM0462E", "Provided API key is disabled.", 401), KeyState.DISABLED),
        (refusal("BXNIM0999E", "Provided API key is expired."), KeyState.EXPIRED),
        (refusal("BXNIM0109E", "Property missing or empty"), KeyState.REFUSED),
    ],
    ids=["not-found", "disabled", "disabled-401", "expired", "other-code"],
)
def test_what_iam_says_of_a_refused_key_is_a_value_with_its_code(
    reply: Reply, state: KeyState, cloud: Cloud, key: Secret
) -> None:
    cloud.keys[key.reveal()] = reply
    owner = IbmCloudSource(None).key_owner(key)
    assert isinstance(owner, KeyOwner)
    assert owner.state is state
    assert not owner.is_accepted
    assert owner.iam_id == ""
    assert owner.code.startswith("BXNIM")
    assert owner.text


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (text_reply(400, "<html>a proxy's page</html>", "text/html"), Why.MALFORMED),
        (json_reply(400, {"error": "of somebody else"}), Why.MALFORMED),
        (
            json_reply(403, {"errorCode": "BXNIM0513E", "errorMessage": "not from this address"}),
            Why.FORBIDDEN,
        ),
        (json_reply(429, {}), Why.SERVER_ERROR),
        (json_reply(503, {"errorCode": "BXNIM0000E", "errorMessage": "later"}), Why.SERVER_ERROR),
        (text_reply(200, "<html>welcome</html>", "text/html"), Why.MALFORMED),
        (json_reply(200, {"access_token": "not-a-token-at-all"}), Why.MALFORMED),
        (Reply(302, (("Location", "https://iam.cloud.ibm.com/elsewhere"),)), Why.MALFORMED),
    ],
    ids=["html-400", "foreign-400", "address", "too-many", "down", "html-200", "no-claims", "redirect"],
)
def test_what_says_nothing_of_the_key_is_never_a_verdict_on_it(
    reply: Reply, why: Why, cloud: Cloud, key: Secret
) -> None:
    cloud.keys[key.reveal()] = reply
    owner = IbmCloudSource(None).key_owner(key)
    assert isinstance(owner, Unavailable)
    assert owner.why is why
    assert len(cloud.bodies) == 1


def test_the_second_question_after_a_refused_key_does_not_wait(cloud: Cloud, key: Secret) -> None:
    """The SDK's token manager pauses for 60 seconds there."""
    source, start = IbmCloudSource(None), time.monotonic()
    for _ in range(2):
        owner = source.key_owner(key)
        assert isinstance(owner, KeyOwner)
        assert owner.state is KeyState.NOT_FOUND
    assert time.monotonic() - start < 5
    assert len(cloud.asked("/identity/token")) == 2


def test_readings_with_a_refused_login_fail_at_once_and_name_the_refusal(cloud: Cloud, login: Login) -> None:
    cloud.keys[OPERATOR_KEY] = refusal("BXNIM0462E", "Provided API key is disabled.")
    source, start = IbmCloudSource(login), time.monotonic()
    for reading in (source.quota(US), source.plan(US), source.service_ids(), source.cluster("c1")):
        assert isinstance(reading, Unavailable)
        assert reading.why is Why.UNAUTHENTICATED
        assert "BXNIM0462E" in reading.detail
        assert reading.what != "the IBM Cloud login"
    assert time.monotonic() - start < 5
    assert len(cloud.bodies) == 1


def test_a_login_that_failed_is_tried_again_after_a_while(cloud: Cloud, login: Login) -> None:
    now = time.time()
    connection = Connection(login, 5.0, clock=lambda: now)
    cloud.on(f"POST {IAM}/identity/token", json_reply(503, {}))
    assert isinstance(connection.access(), Unavailable)
    cloud.on(f"POST {IAM}/identity/token", grant(token_for()))
    assert isinstance(connection.access(), Unavailable)
    now += 6
    assert not isinstance(connection.access(), Unavailable)


def test_a_token_is_kept_while_it_lasts_and_then_renewed(cloud: Cloud, login: Login) -> None:
    now = time.time()
    connection = Connection(login, 5.0, clock=lambda: now)
    connection.access()
    connection.access()
    assert len(cloud.asked("/identity/token")) == 1
    now += 3590
    connection.access()
    assert len(cloud.asked("/identity/token")) == 2


def test_tokens_are_masked_from_the_moment_they_are_read(
    cloud: Cloud, source: IbmCloudSource, own_vault: Vault
) -> None:
    access, refresh = token_for(), "refresh-" + "r" * 40
    cloud.keys[OPERATOR_KEY] = json_reply(200, {"access_token": access, "refresh_token": refresh})
    source.login_info()
    names = [own_vault.register(value, "met later").name for value in (access, refresh)]
    assert names == ["token #1", "token #2"]


def test_who_is_logged_in_is_read_off_the_token(source: IbmCloudSource) -> None:
    info: Any = source.login_info()
    assert isinstance(info, LoginInfo)
    assert (info.account_id, info.iam_id, info.kind, info.name) == (
        ACCOUNT,
        "IBMid-270001",
        OwnerKind.USER,
        "operator",
    )
    assert info.source == "the variable IBMCLOUD_API_KEY"
    assert info.expires_at


def test_a_token_without_an_account_is_no_login(cloud: Cloud, source: IbmCloudSource) -> None:
    cloud.keys[OPERATOR_KEY] = grant(token_for(account=""))
    reading = source.quota(US)
    assert isinstance(reading, Unavailable)
    assert reading.why is Why.MALFORMED


def test_without_a_login_every_reading_says_so_and_nothing_is_sent(cloud: Cloud, key: Secret) -> None:
    source = IbmCloudSource(None)
    readings = [
        source.login_info(),
        source.images(US, "ns"),
        source.quota(US),
        source.plan(US),
        source.namespaces(US),
        source.account_flags(US),
        source.service_id("iam-ServiceId-1"),
        source.service_ids(),
        source.api_key_details(key),
        source.policies("iam-ServiceId-1"),
        source.cbr_rules(),
        source.allowed_addresses(),
        source.cluster("c1"),
    ]
    assert all(isinstance(r, Unavailable) and r.why is Why.NO_LOGIN and r.remedy for r in readings)
    assert len({r.what for r in readings if isinstance(r, Unavailable)}) == len(readings)
    assert cloud.records == ()
