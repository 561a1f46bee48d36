"""The distribution API: manifests by tag and digest, blobs whole and in part, tags in pages, redirects."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from runbook_lib.lab.registry import Image, build
from runbook_lib.lab.registry.media_types import DOCKER_LIST, DOCKER_MANIFEST, OCI_MANIFEST
from runbook_lib.lab.wire import Reply, Request

from .registry_client import MakeClient, error

OPEN: dict[str, Any] = {"dialect": "open"}


def layer(manifest: Reply) -> str:
    return str(json.loads(manifest.body)["layers"][0]["digest"])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_manifest_is_found_by_tag_and_by_its_digest(client: MakeClient, method: str) -> None:
    registry = client(**OPEN)
    by_tag = registry.ask("/v2/team/app/manifests/1.0", method)
    digest = by_tag.header("docker-content-digest")
    by_digest = registry.ask(f"/v2/team/app/manifests/{digest}", method)
    assert (by_tag.status, by_digest.body, by_tag.header("content-type")) == (
        200,
        by_tag.body,
        DOCKER_MANIFEST,
    )


def test_an_index_leads_to_the_manifest_of_each_platform(client: MakeClient) -> None:
    registry = client(**OPEN)
    index = json.loads(registry.ask("/v2/team/app/manifests/many").body)
    platforms = {
        (entry["platform"]["architecture"], entry["platform"].get("variant", "")): entry["digest"]
        for entry in index["manifests"]
    }
    assert set(platforms) == {("amd64", ""), ("arm64", "v8"), ("s390x", "")}
    assert registry.ask(f"/v2/team/app/manifests/{platforms['s390x', '']}").status == 200


@pytest.mark.parametrize(
    ("tag", "accept", "status", "media_type"),
    [
        ("many", DOCKER_LIST, 200, DOCKER_LIST),
        ("many", DOCKER_MANIFEST, 200, DOCKER_MANIFEST),
        ("oci", DOCKER_MANIFEST, 404, "application/json"),
        ("1.0", OCI_MANIFEST, 200, DOCKER_MANIFEST),
    ],
)
def test_a_client_gets_an_index_only_when_it_reads_one(
    client: MakeClient, tag: str, accept: str, status: int, media_type: str
) -> None:
    reply = client(**OPEN).ask(f"/v2/team/app/manifests/{tag}", accept=accept)
    assert (reply.status, reply.header("content-type")) == (status, media_type)


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/v2/team/app/manifests/9", (404, "MANIFEST_UNKNOWN", "manifest unknown")),
        ("/v2/team/app/manifests/sha256:" + "0" * 64, (404, "MANIFEST_UNKNOWN", "manifest unknown")),
        ("/v2/team/none/manifests/1", (404, "NAME_UNKNOWN", "repository name not known to registry")),
        ("/v2/team/none/tags/list", (404, "NAME_UNKNOWN", "repository name not known to registry")),
        ("/v2/team/app/blobs/sha256:" + "0" * 64, (404, "BLOB_UNKNOWN", "blob unknown to registry")),
        ("/v2/other", (404, "NOT_FOUND", "page not found")),
    ],
)
def test_what_is_not_there_is_said_in_the_apis_words(
    client: MakeClient, path: str, refusal: tuple[int, str, str]
) -> None:
    assert error(client(**OPEN).ask(path)) == refusal


def test_nothing_can_be_pushed(client: MakeClient) -> None:
    assert error(client(**OPEN).ask("/v2/team/app/manifests/1.0", "PUT"))[:2] == (405, "UNSUPPORTED")


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("", 200, slice(None)),
        ("bytes=0-0", 206, slice(0, 1)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-3", 206, slice(-3, None)),
        ("bytes=0-99999", 206, slice(None)),
        ("bytes=99999-", 416, slice(0, 0)),
        ("pages=1-2", 200, slice(None)),
    ],
)
def test_a_blob_is_given_whole_or_in_the_part_asked_for(
    client: MakeClient, wanted: str, status: int, part: slice
) -> None:
    registry = client(**OPEN)
    digest = layer(registry.ask("/v2/team/app/manifests/1.0"))
    whole = registry.ask(f"/v2/team/app/blobs/{digest}").body
    reply = registry.ask(f"/v2/team/app/blobs/{digest}", range=wanted)
    assert (reply.status, reply.body) == (status, whole[part])


def test_tags_come_in_order_and_in_pages(client: MakeClient) -> None:
    registry = client(**OPEN)
    first = registry.ask("/v2/team/app/tags/list?n=3")
    assert json.loads(first.body) == {"name": "team/app", "tags": ["1.0", "many", "oci"]}
    following = first.header("link").split(">")[0].lstrip("<")
    assert json.loads(registry.ask(following).body)["tags"] == ["old", "same"]
    assert registry.ask(following).header("link") == ""


def test_a_redirected_blob_comes_from_the_store_whatever_authorization_is_sent_along(
    client: MakeClient,
) -> None:
    registry = client(**OPEN, redirect=True)
    digest = layer(registry.ask("/v2/team/app/manifests/1.0"))
    redirect = registry.ask(f"/v2/team/app/blobs/{digest}")
    place = urlsplit(redirect.header("location"))
    assert (redirect.status, place.hostname) == (307, "dd0.registry.example.com")
    stored = Request(str(place.hostname), "GET", place.path, place.query, {"authorization": "Bearer stray"})
    assert registry.app(stored).status == 200
    unsigned = Request(str(place.hostname), "GET", place.path, "sig=0")
    assert error(registry.app(unsigned))[0] == 403


def test_an_untagged_image_is_found_by_digest_only(client: MakeClient) -> None:
    registry = client(**OPEN)
    tags = json.loads(registry.ask("/v2/team/app/tags/list").body)["tags"]
    digest = build(Image(seed="forgotten"), "").top.digest
    assert registry.ask(f"/v2/team/app/manifests/{digest}").status == 200
    assert "forgotten" not in tags


def test_a_misspelt_key_of_the_state_is_refused_with_its_place(client: MakeClient) -> None:
    with pytest.raises(msgspec.ValidationError, match="dialekt"):
        client(dialekt="hub")
