"""The registry's listings: manifest lists and untagged images included, one region, the login's account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ibm_container_registry.container_registry_v1 import (
    ImageDigest,
    NamespaceDetails,
    QuotaDetails,
    RemoteAPIImage,
)

from runbook_lib.lab.wire import json_reply
from runbook_lib.model.account import AccountFlags, Namespace, Namespaces, Plan, Quota, RegistryImages
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource

from .ibm_cloud_server import ACCOUNT, Cloud

US = RegistryHost("us.icr.io")
APP, LIST, BARE = (f"sha256:{letter * 64}" for letter in "abc")
SINGLE = {
    "Id": "sha256:" + "1" * 64,
    "ParentId": "",
    "DigestTags": {APP: ["us.icr.io/ns/app:1.0", "us.icr.io/ns/app:latest"]},
    "RepoTags": ["us.icr.io/ns/app:1.0", "us.icr.io/ns/app:latest"],
    "RepoDigests": [f"us.icr.io/ns/app@{APP}"],
    "Created": 1700000000,
    "Size": 1234,
    "VirtualSize": 1234,
    "Labels": {"architecture": "amd64"},
    "ManifestType": "application/vnd.docker.distribution.manifest.v2+json",
    "Vulnerable": "true",
}
MULTI = {
    "Id": LIST,
    "DigestTags": {LIST: ["us.icr.io/ns/team/multi:2.0"]},
    "RepoTags": ["us.icr.io/ns/team/multi:2.0"],
    "RepoDigests": [f"us.icr.io/ns/team/multi@{LIST}"],
    "ManifestType": "application/vnd.docker.distribution.manifest.list.v2+json",
    "Created": 1700000001,
    "Size": 99,
}
DIGESTS = [
    {
        "id": BARE,
        "created": 1700000002,
        "size": 7,
        "manifestType": "application/vnd.oci.image.manifest.v1+json",
        "repoTags": {"us.icr.io/ns/app": {}},
    },
    {
        "id": APP,
        "created": 1700000000,
        "size": 1234,
        "manifestType": SINGLE["ManifestType"],
        "repoTags": {"us.icr.io/ns/app": {"1.0": {}, "latest": {}}},
    },
    {
        "id": APP,
        "created": 1,
        "size": 1,
        "manifestType": "x",
        "repoTags": {"us.icr.io/other/app": {"1.0": {}}},
    },
]
AMOUNTS = {"storage_bytes": 536870912, "traffic_bytes": 5368709120}


@pytest.fixture
def listed(cloud: Cloud) -> Cloud:
    cloud.on("GET us.icr.io/api/v1/images", json_reply(200, [SINGLE, MULTI]))
    cloud.on("POST us.icr.io/api/v1/images/digests", json_reply(200, DIGESTS))
    return cloud


@pytest.mark.parametrize(
    ("model", "payload"),
    [
        (RemoteAPIImage, SINGLE),
        (ImageDigest, DIGESTS[0]),
        (QuotaDetails, AMOUNTS),
        (NamespaceDetails, {"name": "ns", "resource_group": "g", "crn": "c", "account": ACCOUNT}),
    ],
    ids=["image", "digest", "quota", "namespace"],
)
def test_the_answers_of_these_tests_have_the_shape_of_the_sdks_models(model: Any, payload: dict[str, Any]) -> None:
    assert model.from_dict(payload).to_dict() == payload


def test_a_namespaces_images_are_listed_with_lists_of_manifests_and_without_tags(
    listed: Cloud, source: IbmCloudSource
) -> None:
    images = source.images(US, "ns")
    assert isinstance(images, RegistryImages)
    assert images.repositories == ("ns/app", "ns/team/multi")
    assert images.tags("ns/app") == ("1.0", "latest")
    assert images.tags("ns/team/multi") == ("2.0",)
    assert (images.host, images.account_id, images.untagged_unread) == ("us.icr.io", ACCOUNT, None)
    app, multi, bare = (
        images.find("ns/app", "1.0"),
        images.find("ns/team/multi", "2.0"),
        images.find("ns/app", BARE),
    )
    assert app
    assert app.digest == APP
    assert app.size == 1234
    assert not app.is_manifest_list
    assert multi
    assert multi.is_manifest_list
    assert bare
    assert bare.tags == ()
    assert len(images.images) == 3


def test_the_listing_asks_for_manifest_lists_and_no_vulnerabilities_in_the_logins_account(
    listed: Cloud, source: IbmCloudSource
) -> None:
    source.images(US, "ns", "ns/app")
    request = listed.asked("/api/v1/images")[0]
    assert request.header("account") == ACCOUNT
    assert request.parameters == {
        "namespace": "ns",
        "repository": "ns/app",
        "includeIBM": "false",
        "includePrivate": "true",
        "includeManifestLists": "true",
        "vulnerabilities": "false",
    }
    digests = listed.asked("/api/v1/images/digests")[0]
    assert digests.header("account") == ACCOUNT
    assert digests.document == {"exclude_tagged": False, "exclude_va": True, "include_ibm": False}


def test_other_namespaces_and_repositories_are_left_out(listed: Cloud, source: IbmCloudSource) -> None:
    images = source.images(US, "ns", "ns/team/multi")
    assert isinstance(images, RegistryImages)
    assert images.repositories == ("ns/team/multi",)
    assert images.repository == "ns/team/multi"


def test_without_the_listing_of_digests_the_tagged_images_remain(listed: Cloud, source: IbmCloudSource) -> None:
    listed.on("POST us.icr.io/api/v1/images/digests", json_reply(403, {"code": "CRG0009E", "message": "no"}))
    images = source.images(US, "ns")
    assert isinstance(images, RegistryImages)
    assert images.find("ns/app", "latest")
    assert images.untagged_unread
    assert images.untagged_unread.why is Why.FORBIDDEN
    assert "CRG0009E" in images.untagged_unread.detail


def test_a_tag_whose_digest_is_not_told_is_listed_all_the_same(cloud: Cloud, source: IbmCloudSource) -> None:
    item = {"Id": "x", "RepoTags": ["us.icr.io/ns/app:1"], "RepoDigests": None, "DigestTags": None}
    cloud.on("GET us.icr.io/api/v1/images", json_reply(200, [item]))
    cloud.on("POST us.icr.io/api/v1/images/digests", json_reply(200, None))
    images = source.images(US, "ns")
    assert isinstance(images, RegistryImages)
    found = images.find("ns/app", "1")
    assert found
    assert found.digest == ""
    assert len(images.images) == 1


@pytest.mark.parametrize("nothing", [[], None], ids=["list", "null"])
def test_an_account_without_images_there_has_an_empty_listing(
    nothing: object, cloud: Cloud, source: IbmCloudSource
) -> None:
    cloud.on("GET us.icr.io/api/v1/images", json_reply(200, nothing))
    cloud.on("POST us.icr.io/api/v1/images/digests", json_reply(200, nothing))
    images = source.images(US, "ns")
    assert isinstance(images, RegistryImages)
    assert images.images == ()


@pytest.mark.parametrize(
    ("limit", "used", "used_up"),
    [(5368709120, 5368709119, False), (5368709120, 5368709120, True), (-1, 10**15, False), (0, 0, True)],
    ids=["below", "reached", "unlimited", "nothing-allowed"],
)
def test_pull_traffic_is_used_up_at_its_limit_and_never_when_unlimited(
    limit: int, used: int, used_up: bool, cloud: Cloud, source: IbmCloudSource
) -> None:
    body = {
        "limit": {"storage_bytes": -1, "traffic_bytes": limit},
        "usage": {"storage_bytes": 7, "traffic_bytes": used},
    }
    cloud.on("GET us.icr.io/api/v1/quotas", json_reply(200, body))
    quota = source.quota(US)
    assert isinstance(quota, Quota)
    assert quota.traffic_used_up is used_up
    assert not quota.storage_used_up


def test_plan_flags_and_namespaces_are_read_in_the_images_region(cloud: Cloud, source: IbmCloudSource) -> None:
    namespaces = [
        {"name": "ns", "resource_group": "group-1", "crn": "crn:1", "created_date": "2024-01-01T00:00:00Z"},
        {"name": "old", "resource_group": None},
    ]
    cloud.on("GET es.icr.io/api/v1/plans", json_reply(200, {"plan": "Free"}))
    cloud.on("GET es.icr.io/api/v1/auth", json_reply(200, {"iam_authz": True, "private_only": True}))
    cloud.on("GET es.icr.io/api/v1/namespaces/details", json_reply(200, namespaces))
    madrid = RegistryHost("private.es.icr.io")
    assert source.plan(madrid) == Plan("es.icr.io", ACCOUNT, "Free")
    assert source.account_flags(madrid) == AccountFlags("es.icr.io", ACCOUNT, True, True)
    listed = source.namespaces(madrid)
    assert isinstance(listed, Namespaces)
    assert listed.find("ns") == Namespace("ns", "group-1", "crn:1", "2024-01-01T00:00:00Z")
    assert [listed.resource_group_of(n) for n in ("ns", "old", "foreign")] == ["group-1", "", None]


Reading = Callable[[IbmCloudSource, RegistryHost], object]


@pytest.mark.parametrize(
    "read",
    [
        lambda s, h: s.images(h, "ns"),
        lambda s, h: s.quota(h),
        lambda s, h: s.plan(h),
        lambda s, h: s.namespaces(h),
        lambda s, h: s.account_flags(h),
    ],
    ids=["images", "quota", "plan", "namespaces", "flags"],
)
@pytest.mark.parametrize("host", ["docker.io", "cp.icr.io", "quay.io"])
def test_other_registries_are_not_asked(read: Reading, host: str, cloud: Cloud, source: IbmCloudSource) -> None:
    reading = read(source, RegistryHost(host))
    assert isinstance(reading, Unavailable)
    assert reading.why is Why.NOT_APPLICABLE
    assert cloud.records == ()
