"""A manifest is an index, an image, or something that says why it cannot be used."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.sources.registry.content import choose_entry, judge_config
from runbook_lib.sources.registry.manifest import ImageIndex, ImageManifest, Unreadable, parse_manifest
from runbook_lib.sources.registry.platform import normalise
from runbook_lib.sources.registry.transport import Reply

from .hostile_registry import DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, digest_of

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")


def reply(document: object, content_type: str = "") -> Reply:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Reply(200, "h", {"Content-Type": content_type}, body)


def entry(digest: str, os: str = "linux", architecture: str = "amd64", variant: str = "") -> dict[str, object]:
    platform = {"os": os, "architecture": architecture, **({"variant": variant} if variant else {})}
    return {"digest": digest, "platform": platform}


def image(**changes: object) -> dict[str, object]:
    return {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": {"digest": A}, "layers": [], **changes}


def index(*entries: object, media_type: str = OCI_INDEX) -> dict[str, object]:
    return {"schemaVersion": 2, "mediaType": media_type, "manifests": list(entries)}


def parsed_index(*entries: object) -> ImageIndex:
    found = parse_manifest(reply(index(*entries)))
    assert isinstance(found, ImageIndex)
    return found


def test_an_image_names_its_configuration() -> None:
    """Whether its type stands in the document or only in the header."""
    found = parse_manifest(reply(image()))
    assert isinstance(found, ImageManifest)
    assert found.config == A
    bare = {"schemaVersion": 2, "config": {"digest": A}, "layers": []}
    for content_type in (OCI_MANIFEST, f"{DOCKER_MANIFEST}; charset=utf-8", "application/json", ""):
        assert isinstance(parse_manifest(reply(bare, content_type)), ImageManifest)


def test_an_index_lists_platforms_once_and_without_attestations() -> None:
    """In the index's order."""
    found = parsed_index(
        entry(A, architecture="arm64", variant="v8"),
        entry(B, "unknown", "unknown"),
        entry(C),
        entry(C),
        {"digest": B},
    )
    assert found.platforms == ("linux/arm64", "linux/amd64")
    assert found.digest.startswith("sha256:")


UNSUPPORTED = {
    "schema 1": {"schemaVersion": 1, "name": "x", "tag": "1", "fsLayers": []},
    "schema 1 by its type": {"mediaType": "application/vnd.docker.distribution.manifest.v1+prettyjws"},
    "a type nobody knows": {"schemaVersion": 2, "mediaType": "application/vnd.example.thing+json"},
}
BROKEN = {
    "half a JSON": b'{"schemaVersion": 2, "manif',
    "a list": [],
    "text": b"OK",
    "a number too long": b"[" + b"1" * 5000 + b"]",
    "nested without end": b"[" * 100_000,
    "not UTF-8": b'{"a": "\xff"}',
    "no configuration": {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": []},
    "a configuration that is a list": image(config=[]),
    "a digest that is a number": image(config={"digest": 7}),
    "a digest that is a path": image(config={"digest": "../../../etc/passwd"}),
    "layers that are text": image(layers="none"),
    "manifests that are text": {"mediaType": OCI_INDEX, "manifests": "all"},
    "manifests that are numbers": {"mediaType": OCI_INDEX, "manifests": [1, 2]},
    "more manifests than anyone has": index(*[entry(A)] * 501),
    "a type that is a list": image(mediaType=[OCI_MANIFEST]),
    "empty": b"",
}


@pytest.mark.parametrize("document", UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_kinds_that_runtimes_do_not_read_are_unsupported(document: dict[str, object]) -> None:
    """The registry answered rightly; the image is what cannot be used."""
    found = parse_manifest(reply(document))
    assert isinstance(found, Unreadable)
    assert found.unsupported


@pytest.mark.parametrize("document", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_manifest_is_not_taken_for_an_unsupported_one(document: object) -> None:
    """A broken answer says nothing about the image."""
    found = parse_manifest(reply(document))
    assert isinstance(found, Unreadable)
    assert not found.unsupported


def test_a_web_page_is_no_manifest() -> None:
    """Even with status 200."""
    assert isinstance(parse_manifest(Reply(200, "h", {"Content-Type": "text/html"}, b"<html>")), Unreadable)


def test_content_must_have_the_digest_that_was_asked_for() -> None:
    """A registry cannot pass one image off as another."""
    answer = reply(image())
    assert isinstance(parse_manifest(answer, digest_of(answer.body)), ImageManifest)
    assert isinstance(parse_manifest(answer, A), Unreadable)


@pytest.mark.parametrize(
    ("entries", "node", "expected"),
    [
        ([entry(A, architecture="arm64"), entry(B)], ("linux", "amd64"), B),
        ([entry(A, architecture="386"), entry(B)], ("linux", "amd64"), B),
        ([entry(A, architecture="386")], ("linux", "amd64"), A),
        ([entry(A, "unknown", "unknown")], ("linux", "amd64"), None),
        ([{"digest": A}, entry(B)], ("linux", "amd64"), B),
        ([{"digest": A}, entry(B)], ("linux", "s390x"), A),
        ([entry(A), entry(B, "windows")], ("linux", "s390x"), None),
        ([entry(A, "unknown", "unknown"), entry(B, "windows")], None, B),
        ([], ("linux", "amd64"), None),
    ],
)
def test_the_entry_for_a_node_is_chosen(
    entries: list[object], node: tuple[str, str] | None, expected: str | None
) -> None:
    """Its own architecture first; an entry that does not say may fit, so it comes last."""
    chosen = choose_entry(parsed_index(*entries), normalise(*node) if node else None)
    assert (chosen.digest if chosen else None) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (b'{"os": "linux", "architecture": "arm64"}', "linux/arm64"),
        (b'{"os": "linux", "architecture": "amd64"}', ""),
        (b'{"architecture": 5}', ""),
        (b"{}", ""),
        (b"[", ""),
    ],
)
def test_a_configuration_that_does_not_say_its_platform_fits(config: bytes, expected: str) -> None:
    """What is not known turns into no verdict."""
    assert judge_config(config, normalise("linux", "amd64")) == expected


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["schemaVersion", "mediaType", "manifests", "config", "layers", "platform", "digest"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=4) | st.sampled_from([A, OCI_INDEX, OCI_MANIFEST]),
            lambda x: (
                st.lists(x, max_size=3)
                | st.dictionaries(st.sampled_from(["digest", "platform", "os", "architecture", "variant"]), x)
            ),
            max_leaves=8,
        ),
    )
)
def test_any_json_is_read_without_an_exception(document: dict[str, object]) -> None:
    """Wrong types are values too."""
    assert isinstance(parse_manifest(reply(document)), ImageIndex | ImageManifest | Unreadable)
