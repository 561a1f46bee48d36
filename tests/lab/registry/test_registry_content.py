"""Images of the lab are real: digests are true, layers unpack, the same description gives the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.lab.registry import Image, build, digest_of
from runbook_lib.lab.registry.media_types import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    accepts,
)

PLATFORMS = st.lists(st.sampled_from(["linux/amd64", "linux/arm64", "linux/s390x"]), min_size=1, unique=True)


@settings(max_examples=30, deadline=None)
@given(PLATFORMS, st.sampled_from(["docker", "oci"]), st.integers(1, 3), st.text(max_size=8))
def test_every_digest_and_size_is_that_of_the_bytes(platforms: list[str], form: str, layers: int, name: str) -> None:
    image = Image(platforms=tuple(platforms), format=form, layers=layers)  # type: ignore[arg-type]
    content = build(image, name)
    assert all(digest == digest_of(blob) for digest, blob in content.blobs.items())
    for digest, manifest in content.manifests.items():
        assert digest == f"sha256:{hashlib.sha256(manifest.body).hexdigest()}"
        document = json.loads(manifest.body)
        for part in [*document.get("layers", []), *([document["config"]] if "config" in document else [])]:
            assert len(content.blobs[part["digest"]]) == part["size"]


def test_layers_unpack_to_what_the_config_says() -> None:
    content = build(Image(layers=2), "shop/web:1")
    document = json.loads(content.top.body)
    config = json.loads(content.blobs[document["config"]["digest"]])
    plain = [gzip.decompress(content.blobs[layer["digest"]]) for layer in document["layers"]]
    assert [digest_of(data) for data in plain] == config["rootfs"]["diff_ids"]
    with tarfile.open(fileobj=io.BytesIO(plain[0])) as archive:
        assert archive.getnames() == ["etc/practice-lab"]
    assert (config["os"], config["architecture"]) == ("linux", "amd64")


@pytest.mark.parametrize(
    ("image", "media_type"),
    [
        (Image(), DOCKER_MANIFEST),
        (Image(format="oci"), OCI_MANIFEST),
        (Image(index=True), DOCKER_LIST),
        (Image(format="oci", platforms=("linux/amd64", "linux/s390x")), OCI_INDEX),
        (Image(format="schema1"), "application/vnd.docker.distribution.manifest.v1+prettyjws"),
    ],
)
def test_the_description_decides_the_media_type(image: Image, media_type: str) -> None:
    assert build(image, "x").top.media_type == media_type


def test_a_seed_makes_two_tags_one_image_and_names_make_two() -> None:
    assert build(Image(seed="s"), "a").top.digest == build(Image(seed="s"), "b").top.digest
    assert build(Image(), "a").top.digest != build(Image(), "b").top.digest


@pytest.mark.parametrize(
    ("accept", "admitted"),
    [
        ("", True),
        ("*/*", True),
        (f"{DOCKER_LIST};q=0.9", True),
        (f"text/plain, {DOCKER_LIST}", True),
        (DOCKER_MANIFEST, False),
    ],
)
def test_accept_admits_what_it_names(accept: str, admitted: bool) -> None:
    assert accepts(accept, DOCKER_LIST) is admitted
