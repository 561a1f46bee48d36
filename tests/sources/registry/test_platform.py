"""Platforms are normalised and matched as containerd does."""

from __future__ import annotations

import pytest

from runbook_lib.sources.registry.platform import normalise, takes

SAME = {
    "arm64 v8": (("linux", "arm64", "v8"), "linux/arm64"),
    "arm64 8": (("linux", "arm64", "8"), "linux/arm64"),
    "aarch64": (("linux", "aarch64", ""), "linux/arm64"),
    "x86_64": (("Linux", "x86_64", ""), "linux/amd64"),
    "amd64 v1": (("linux", "amd64", "v1"), "linux/amd64"),
    "amd64 v3": (("linux", "amd64", "v3"), "linux/amd64/v3"),
    "arm": (("linux", "arm", ""), "linux/arm/v7"),
    "arm 6": (("linux", "arm", "6"), "linux/arm/v6"),
    "armhf": (("linux", "armhf", ""), "linux/arm/v7"),
    "armel": (("linux", "armel", ""), "linux/arm/v6"),
    "i386": (("linux", "i386", ""), "linux/386"),
    "s390x": (("linux", "s390x", ""), "linux/s390x"),
    "macos": (("macos", "arm64", ""), "darwin/arm64"),
}


@pytest.mark.parametrize(("parts", "expected"), SAME.values(), ids=SAME.keys())
def test_one_platform_has_one_name(parts: tuple[str, str, str], expected: str) -> None:
    """Spellings and default variants fall together."""
    assert str(normalise(*parts)) == expected


@pytest.mark.parametrize(
    ("node", "image", "expected"),
    [
        (("linux", "amd64"), ("linux", "amd64", ""), True),
        (("linux", "amd64"), ("linux", "386", ""), True),
        (("linux", "amd64"), ("linux", "arm64", ""), False),
        (("linux", "amd64"), ("windows", "amd64", ""), False),
        (("linux", "amd64"), ("linux", "amd64", "v3"), False),
        (("linux", "arm64"), ("linux", "arm64", "v8"), True),
        (("linux", "arm64"), ("linux", "arm", "v7"), True),
        (("linux", "arm"), ("linux", "arm", "v6"), True),
        (("linux", "arm"), ("linux", "arm64", ""), False),
        (("linux", "s390x"), ("linux", "s390x", ""), True),
        (("linux", "ppc64le"), ("linux", "s390x", ""), False),
        (("linux", "386"), ("linux", "amd64", ""), False),
    ],
)
def test_a_node_takes_what_containerd_would_take(
    node: tuple[str, str], image: tuple[str, str, str], expected: bool
) -> None:
    """Its own architecture, and the older one that it also runs."""
    assert takes(normalise(*node), normalise(*image)) is expected


def test_attestations_are_no_platform() -> None:
    """Build tools add entries of unknown/unknown, which no node could want."""
    assert not normalise("unknown", "unknown").known
    assert not normalise("", "").known
