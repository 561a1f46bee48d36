"""Credentials are matched to images as the kubelet matches them (Kubernetes' pkg/credentialprovider)."""

import pytest

from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.keyring import key_matches, lookup, normalise_key
from runbook_lib.model.pull_secret import Fault, PullSecret, RegistryEntry
from runbook_lib.vault import Secret

PASSWORD = Secret("correct horse", "test")


def secret(*keys: str, name: str = "s", fault: Fault | None = None) -> PullSecret:
    entries = tuple(RegistryEntry(k, "user", PASSWORD) for k in keys)
    return PullSecret("ns", name, "kubernetes.io/dockerconfigjson", entries=entries, fault=fault)


@pytest.mark.parametrize(
    ("key", "image", "covers"),
    [
        ("us.icr.io", "us.icr.io/a/b", True),
        ("us.icr.io", "uk.icr.io/a/b", False),
        ("*.icr.io", "us.icr.io/a/b", True),
        ("*.icr.io", "icr.io/a/b", False),
        ("*.icr.io", "private.us.icr.io/a/b", False),
        ("*.*.icr.io", "private.us.icr.io/a/b", True),
        ("*", "us.icr.io/a/b", False),
        ("us.*.io", "us.icr.io/a/b", True),
        ("u?.icr.io", "us.icr.io/a/b", False),
        ("u[rs].icr.io", "us.icr.io/a/b", False),
        ("https://us.icr.io", "us.icr.io/a/b", True),
        ("http://us.icr.io", "us.icr.io/a/b", True),
        ("https://us.icr.io/v2/", "us.icr.io/a/b", True),
        ("https://us.icr.io/v1/", "us.icr.io/a/b", True),
        ("us.icr.io/", "us.icr.io/a/b", True),
        ("us.icr.io/a", "us.icr.io/a/b", True),
        ("us.icr.io/a", "us.icr.io/another/b", True),
        ("us.icr.io/a/", "us.icr.io/another/b", False),
        ("us.icr.io/z", "us.icr.io/a/b", False),
        ("us.icr.io:443", "us.icr.io/a/b", False),
        ("us.icr.io", "us.icr.io:443/a/b", False),
        ("us.icr.io:4443", "us.icr.io:4443/a/b", True),
        ("*.icr.io:4443", "us.icr.io:4443/a/b", True),
        ("US.icr.io", "us.icr.io/a/b", False),
        ("auths", "us.icr.io/a/b", False),
        ("docker.io", "hello", True),
        ("", "us.icr.io/a/b", False),
        ("[", "us.icr.io/a/b", False),
    ],
)
def test_a_key_covers_an_image(key, image, covers):
    ref = parse_image(image).ref
    assert ref is not None
    assert key_matches(key, ref) is covers


@pytest.mark.parametrize(
    ("key", "indexed"),
    [
        ("https://us.icr.io/v2/", "us.icr.io/"),
        ("https://index.docker.io/v1/", "index.docker.io/"),
        ("us.icr.io", "us.icr.io"),
        ("us.icr.io/", "us.icr.io"),
        ("us.icr.io/v2x", "us.icr.io/v2x"),
    ],
)
def test_scheme_and_version_are_stripped_from_a_key(key, indexed):
    assert normalise_key(key).rstrip("/") == indexed.rstrip("/")


def test_every_match_is_tried_longest_key_first():
    ref = parse_image("us.icr.io/team/app").ref
    assert ref is not None
    found = lookup([secret("us.icr.io", name="broad"), secret("us.icr.io/team", name="narrow")], ref)
    assert [m.secret.name for m in found] == ["narrow", "broad"]


def test_the_docker_hub_key_is_a_fallback_only():
    ref = parse_image("hello").ref
    assert ref is not None
    assert [m.entry.key for m in lookup([secret("https://index.docker.io/v1/")], ref)] == [
        "https://index.docker.io/v1/"
    ]
    both = lookup([secret("index.docker.io", "docker.io")], ref)
    assert [m.entry.key for m in both] == ["docker.io"]


def test_a_secret_that_the_kubelet_passes_over_matches_nothing():
    ref = parse_image("us.icr.io/a").ref
    assert ref is not None
    assert lookup([secret("us.icr.io", fault=Fault.TYPE_WRONG)], ref) == ()
