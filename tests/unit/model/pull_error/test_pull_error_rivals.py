"""Words that mean one thing here and another there: what stands around them settles it."""

from __future__ import annotations

import pytest

from runbook_lib.model.pull_error import CredentialSent, Detail, Kind, parse

ASKED = 'failed to do request: Head "https://r.example/v2/team/web/manifests/1": '


@pytest.mark.parametrize(
    ("message", "kind", "detail"),
    [
        (f"{ASKED}Forbidden", Kind.OTHER, Detail.PROXY),
        ('Failed to pull image "r.example/team/web:1": Forbidden', Kind.ACCESS_DENIED, None),
        ("unexpected status from HEAD request to https://r.example/v2/team/web/manifests/1: 403 Forbidden",
         Kind.ACCESS_DENIED, None),
        ('Error response from daemon: Head "https://r.example/v2/team/web/manifests/1": denied',
         Kind.ACCESS_DENIED, None),
    ],
    ids=["behind an address", "behind an image", "with a status", "a code of the registry"],
)  # fmt: skip
def test_a_bare_refusal_behind_an_address_is_a_proxys(message: str, kind: Kind, detail: Detail | None) -> None:
    """A registry's refusal has a status or a code; only a proxy that forbids the way leaves the bare words."""
    error = parse(message)
    assert (error.kind, error.detail) == (kind, detail)


def test_a_proxys_refusal_is_handed_on_without_the_address() -> None:
    """What the proxy said stands alone, and a lack of rights stays possible."""
    error = parse(f"{ASKED}Forbidden")
    assert (error.says, error.host) == ("Forbidden", "r.example")
    assert Kind.ACCESS_DENIED in error.also


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ('Error: secret "db-password" not found', Kind.OTHER),
        ('exec: "start.sh": executable file not found in $PATH', Kind.OTHER),
        ("<p>the host name of the page does not exist</p>", Kind.OTHER),
        ('secrets "regcred" not found', Kind.MISSING_SECRET),
        ('Failed to pull image "r.example/team/web:1": not found', Kind.NOT_FOUND_REPO_OR_TAG),
        ("failed to get reader from content store: content digest sha256:aa: not found", Kind.OTHER),
    ],
    ids=["another secret", "a command", "a page", "a pull secret", "an image", "the node's own store"],
)
def test_not_found_is_of_an_image_only_beside_one(message: str, kind: Kind) -> None:
    """The two words alone may be of anything."""
    assert parse(message).kind is kind


def test_another_event_of_the_pod_does_not_hide_the_pull() -> None:
    """Where several events stand in one text, the one about the pull speaks."""
    mount = 'MountVolume.SetUp failed for volume "cert" : secret "cert" not found'
    pull = 'Failed to apply default image tag ":v1": couldn\'t parse image reference ":v1": invalid reference format'
    assert parse(f"{mount}\n{pull}").kind is Kind.INVALID_IMAGE_NAME
    assert parse(mount).detail is Detail.NOT_A_PULL


@pytest.mark.parametrize(
    ("asking", "sent"),
    [("Get ", CredentialSent.NO), ("GET ", CredentialSent.UNKNOWN)],
    ids=["the runtimes", "a library that names no user"],
)
def test_a_token_address_without_a_user_tells_only_what_its_writer_would_write(
    asking: str, sent: CredentialSent
) -> None:
    """dockerd and containers/image name the user in the address; Google's and ORAS' libraries never do."""
    address = "https://auth.r.example/token?scope=repository%3Ateam%2Fweb%3Apull&service=r.example"
    assert parse(f'{asking}"{address}": unexpected status code 401 Unauthorized').credential_sent is sent


def test_a_token_without_the_needed_scopes_was_sent() -> None:
    """Docker Hub knows the caller, whose access token may do less than was asked."""
    error = parse(
        "failed to fetch oauth token: unexpected status from GET request to https://auth.r.example/token: "
        "401 Unauthorized: access token has insufficient scopes"
    )
    assert (error.kind, error.credential_sent) == (Kind.ACCESS_DENIED, CredentialSent.YES)


def test_whatever_rejects_the_source_is_about_its_signature() -> None:
    """The words behind the wrapper name a key, a mail address or a certificate, which are not the connection's."""
    for reason in (
        'Required email "a" not found',
        "x509: certificate signed by unknown authority",
        "Invalid GPG signature",
    ):
        assert parse(f"Error: copying system image: Source image rejected: {reason}").kind is Kind.SIGNATURE
    policy = "Source image rejected: Running image docker://r.example/team/web:1 is rejected by policy."
    assert parse(policy).kind is Kind.IMAGE_POLICY_DENIED
