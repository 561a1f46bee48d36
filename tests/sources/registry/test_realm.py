"""A credential goes to its registry and to that registry's own token service, over TLS, and nowhere else."""

from __future__ import annotations

import pytest

from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.sources.registry.realm import api_authority, insecure, may_receive, same_operator

ALLOWED = {
    "same host": ("https://us.icr.io/oauth/token", "us.icr.io"),
    "same host in capitals": ("https://US.icr.io/oauth/token", "us.icr.io"),
    "same host, other port": ("https://registry.example.com:5001/auth", "registry.example.com"),
    "IBM, another name": ("https://cp.icr.io/oauth/token", "us.icr.io"),
    "IBM, the global name": ("https://icr.io/oauth/token", "private.de.icr.io"),
    "IBM, the former name": ("https://us.icr.io/oauth/token", "registry.ng.bluemix.net"),
    "Docker Hub": ("https://auth.docker.io/token", "registry-1.docker.io"),
    "GitLab": ("https://gitlab.com/jwt/auth", "registry.gitlab.com"),
}
REFUSED = {
    "another host": ("https://attacker.example.net/token", "us.icr.io"),
    "a name that ends alike": ("https://evilicr.io/token", "us.icr.io"),
    "a name that starts alike": ("https://us.icr.io.example.net/token", "us.icr.io"),
    "IBM's, for another registry": ("https://us.icr.io/oauth/token", "registry.example.com"),
    "Docker Hub's, for another registry": ("https://auth.docker.io/token", "registry.example.com"),
    "another of Docker Hub's": ("https://hub.docker.io/token", "registry-1.docker.io"),
    "a sibling": ("https://auth.example.com/token", "registry.example.com"),
    "the host as a user": ("https://us.icr.io@attacker.example.net/", "us.icr.io"),
    "the host behind a fragment": ("https://attacker.example.net/#us.icr.io", "us.icr.io"),
}


@pytest.mark.parametrize(("realm", "registry"), ALLOWED.values(), ids=ALLOWED.keys())
def test_the_registrys_own_token_service_may_see_the_credential(realm: str, registry: str) -> None:
    """The host is the registry's, or the one that it is known to use."""
    assert may_receive(realm, registry)


@pytest.mark.parametrize(("realm", "registry"), REFUSED.values(), ids=REFUSED.keys())
def test_no_other_host_sees_the_credential(realm: str, registry: str) -> None:
    """However alike the names look."""
    assert not may_receive(realm, registry)


@pytest.mark.parametrize(
    "url",
    [
        "http://us.icr.io/oauth/token",
        "http://127.0.0.1:5001/token",
        "ftp://us.icr.io/",
        "file:///etc/passwd",
        "//us.icr.io/oauth/token",
        "/oauth/token",
        "https://user@us.icr.io/oauth/token",
        "https://us.icr.io:port/",
        "https://[us.icr.io/",
        "https://",
        "https://us.icr.io/\r\nX: y",
        "https://us.icr.io /",
        "https://attacker.example\\.icr.io/token",
        "https://attacker.example%2f.icr.io/token",
        "https://attacker.example;.icr.io/token",
        "https://attacker.example\u3002icr.io/token",
        "https://attacker.example\u2044.icr.io/token",
        "",
    ],
)
def test_addresses_without_tls_or_sense_are_refused(url: str) -> None:
    """`insecure` says why; only authorities named as plain may go without TLS."""
    assert insecure(url, frozenset({"127.0.0.1:5000"}))


def test_an_authority_that_is_named_as_plain_may_be_asked_without_tls() -> None:
    """The port belongs to the name."""
    assert insecure("http://127.0.0.1:5000/v2/", frozenset({"127.0.0.1:5000"})) == ""
    assert insecure("https://us.icr.io/v2/", frozenset()) == ""


def test_docker_hub_is_asked_at_its_api_host() -> None:
    """Images of Docker Hub name docker.io, where no registry answers."""
    assert api_authority(RegistryHost("docker.io")) == "registry-1.docker.io"
    assert api_authority(RegistryHost("registry.example.com:5000")) == "registry.example.com:5000"


def test_two_hosts_have_one_operator_where_both_are_ibms() -> None:
    """A blob store under icr.io speaks for the registry; any other store does not."""
    assert same_operator("dd0.icr.io", "us.icr.io")
    assert not same_operator("s3.example.net", "us.icr.io")
