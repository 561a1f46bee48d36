"""Service IDs, the key behind a secret, and the addresses that an account takes requests from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ibm_platform_services.iam_identity_v1 import ApiKey as ApiKeyModel
from ibm_platform_services.iam_identity_v1 import ServiceId as ServiceIdModel

from runbook_lib.lab.wire import Reply, Request, json_reply
from runbook_lib.model.account import AllowedAddresses, ApiKeyDetails, ServiceId, ServiceIds
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource
from runbook_lib.vault import Secret, Vault

from .ibm_cloud_server import ACCOUNT, IAM, OPERATOR_KEY, Cloud


def service_id(number: int) -> dict[str, Any]:
    return {
        "id": f"ServiceId-{number}",
        "iam_id": f"iam-ServiceId-{number}",
        "entity_tag": "1-a",
        "crn": "crn:v1",
        "locked": number == 1,
        "account_id": ACCOUNT,
        "name": "cluster-bq1234" if number == 1 else "twin",
        "description": "ID for my-cluster",
        "unique_instance_crns": [],
    }


API_KEY = {
    "id": "ApiKey-1",
    "crn": "crn:v1",
    "locked": True,
    "disabled": False,
    "created_by": "IBMid-1",
    "name": "cluster-bq1234",
    "action_when_leaked": "disable",
    "expires_at": "2026-03-01T12:00+0000",
    "description": "API key created for cluster access to IBM Cloud Container Registry",
    "iam_id": "iam-ServiceId-1",
    "account_id": ACCOUNT,
    "apikey": "a-retrievable-key-abcdefghijklmnopqrstuvwxyz",
}


@pytest.mark.parametrize(("model", "payload"), [(ServiceIdModel, service_id(1)), (ApiKeyModel, API_KEY)])
def test_the_answers_of_these_tests_have_the_shape_of_the_sdks_models(model: Any, payload: dict[str, Any]) -> None:
    dates = {"created_at": "2026-01-01T00:00:00Z", "modified_at": "2026-01-01T00:00:00Z"}
    assert model.from_dict({**payload, **dates}).to_dict() == {**payload, **dates}


def test_a_key_is_found_by_its_value_and_the_value_is_not_in_the_reading(
    cloud: Cloud, source: IbmCloudSource, key: Secret, own_vault: Vault
) -> None:
    cloud.on(f"GET {IAM}/v1/apikeys/details", json_reply(200, API_KEY))
    details = source.api_key_details(key)
    assert isinstance(details, ApiKeyDetails)
    assert (details.name, details.iam_id, details.locked, details.disabled) == (
        "cluster-bq1234",
        "iam-ServiceId-1",
        True,
        False,
    )
    assert details.action_when_leaked == "disable"
    assert cloud.asked("/v1/apikeys/details")[0].header("iam-apikey") == key.reveal()
    assert API_KEY["apikey"] not in repr(details)
    assert str(API_KEY["apikey"]) not in own_vault.scrub(f"a server said {API_KEY['apikey']}")


def test_a_key_that_the_operator_may_not_look_at_is_forbidden_and_no_fault_of_the_key(
    cloud: Cloud, source: IbmCloudSource, key: Secret
) -> None:
    refused = json_reply(403, {"errors": [{"code": "forbidden", "message": "not authorized"}], "trace": "t"})
    cloud.on(f"GET {IAM}/v1/apikeys/details", refused)
    details = source.api_key_details(key)
    assert isinstance(details, Unavailable)
    assert details.why is Why.FORBIDDEN
    assert "forbidden: not authorized" in details.detail
    assert "iam-identity" in details.remedy


@pytest.mark.parametrize(
    ("text", "expired"),
    [
        ("", False),
        ("2026-03-01T12:00+0000", True),
        ("2026-03-01T12:01+0000", False),
        ("2026-03-01T14:00+0200", True),
        ("2026-03-01T12:00:00.000Z", True),
        ("soon", None),
        ("2026-03-01T12:00", None),
    ],
)
def test_expiry_is_told_by_the_clock_and_not_guessed(text: str, expired: bool | None) -> None:
    details = ApiKeyDetails("id", "n", "iam", "a", disabled=False, locked=False, expires_at=text)
    assert details.expired(datetime(2026, 3, 1, 12, 0, tzinfo=UTC)) is expired


@pytest.mark.parametrize("given", ["iam-ServiceId-1", "ServiceId-1"])
def test_one_service_id_is_read_by_either_of_its_ids(given: str, cloud: Cloud, source: IbmCloudSource) -> None:
    cloud.on(f"GET {IAM}/v1/serviceids/ServiceId-1", json_reply(200, service_id(1)))
    found = source.service_id(given)
    assert isinstance(found, ServiceId)
    assert found.exists
    assert found.locked
    assert found.cluster_id == "bq1234"


def test_a_service_id_that_iam_does_not_have_is_a_value(cloud: Cloud, source: IbmCloudSource) -> None:
    cloud.on(
        f"GET {IAM}/v1/serviceids/ServiceId-9",
        json_reply(404, {"errors": [{"code": "not_found", "message": "gone"}]}),
    )
    assert source.service_id("iam-ServiceId-9") == ServiceId("iam-ServiceId-9", ACCOUNT, exists=False)


@pytest.mark.parametrize(("status", "why"), [(403, Why.FORBIDDEN), (500, Why.SERVER_ERROR), (401, Why.UNAUTHENTICATED)])
def test_a_service_id_that_cannot_be_looked_at_is_not_missing(
    status: int, why: Why, cloud: Cloud, source: IbmCloudSource
) -> None:
    cloud.on(f"GET {IAM}/v1/serviceids/ServiceId-1", json_reply(status, {}))
    found = source.service_id("iam-ServiceId-1")
    assert isinstance(found, Unavailable)
    assert found.why is why
    assert not found.says_absent


@pytest.mark.parametrize("iam_id", ["IBMid-270001", "iam-Profile-1", ""])
def test_users_and_profiles_are_not_asked_for_as_service_ids(iam_id: str, cloud: Cloud, source: IbmCloudSource) -> None:
    found = source.service_id(iam_id)
    assert isinstance(found, Unavailable)
    assert found.why is Why.NOT_APPLICABLE
    assert cloud.records == ()


def test_an_id_that_is_a_path_is_not_sent(cloud: Cloud, source: IbmCloudSource) -> None:
    found = source.service_id("ServiceId-1/../../apikeys")
    assert isinstance(found, Unavailable)
    assert [r.path for r in cloud.bodies] == ["/identity/token"]


def test_service_ids_are_read_page_after_page(cloud: Cloud, source: IbmCloudSource) -> None:
    def page(request: Request) -> Reply:
        at = int(request.parameters.get("pagetoken", "0"))
        body: dict[str, Any] = {"serviceids": [service_id(at * 2 + 1), service_id(at * 2 + 2)], "offset": at}
        if at < 2:
            body["next"] = f"https://{IAM}/v1/serviceids?account_id={ACCOUNT}&pagetoken={at + 1}"
        return json_reply(200, body)

    cloud.on(f"GET {IAM}/v1/serviceids/", page)
    listed = source.service_ids()
    assert isinstance(listed, ServiceIds)
    assert [s.iam_id for s in listed.service_ids] == [f"iam-ServiceId-{n}" for n in range(1, 7)]
    assert len(listed.named("twin")) == 5
    assert len(listed.named("cluster-bq1234")) == 1
    assert {r.parameters["account_id"] for r in cloud.asked("/v1/serviceids/")} == {ACCOUNT}


def test_a_listing_that_never_ends_is_given_up(
    cloud: Cloud, source: IbmCloudSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbook_lib.sources.ibmcloud.paging.PAGE_LIMIT", 3)
    endless = {"serviceids": [service_id(2)], "next": f"https://{IAM}/v1/serviceids?pagetoken=again"}
    cloud.on(f"GET {IAM}/v1/serviceids/", json_reply(200, endless))
    listed = source.service_ids()
    assert isinstance(listed, Unavailable)
    assert listed.why is Why.MALFORMED
    assert len(cloud.asked("/v1/serviceids/")) == 3


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ({"allowed_ip_addresses": "10.0.0.0/8, 192.0.2.7"}, ("10.0.0.0/8", "192.0.2.7")),
        ({"allowed_ip_addresses": ""}, ()),
        ({}, ()),
    ],
)
def test_the_addresses_that_the_account_takes_are_read(
    body: dict[str, str], addresses: tuple[str, ...], cloud: Cloud, source: IbmCloudSource
) -> None:
    cloud.on(f"GET {IAM}/v1/accounts/{ACCOUNT}/settings/identity", json_reply(200, body))
    assert source.allowed_addresses() == AllowedAddresses(ACCOUNT, addresses)


def test_no_reading_shows_the_operators_key(source: IbmCloudSource) -> None:
    assert OPERATOR_KEY not in repr(source.service_ids()) + repr(vars(source))
