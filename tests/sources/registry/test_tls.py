"""TLS is verified: whose certificate, for which name, by which authorities."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.model.registry_answer import Answer, Hop
from runbook_lib.sources.registry import RegistrySource

from .hostile_registry import HostileRegistry, json_reply

ImageOf = Callable[..., ImageRef]
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """The authority that the tests trust."""
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    """Its certificate in a file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def serving(certificate: trustme.LeafCert) -> HostileRegistry:
    """An open registry that shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    routes = {"/v2/": json_reply({}), "/v2/team/app/manifests/1.0": json_reply({"manifests": []})}
    return HostileRegistry(dict(routes), tls=context)


def ask(registry: HostileRegistry, image: ImageRef, bundle: str | None, credential: Credential) -> tuple[Answer, str]:
    answer = RegistrySource(timeout=2, trust_env=False, ca_bundle=bundle).ask(image, credential)
    assert answer.hop is Hop.PING or answer.answer is Answer.ACCEPTED
    return answer.answer, answer.text


def test_a_certificate_of_a_trusted_authority_is_taken(
    authority: trustme.CA, bundle: str, image_of: ImageOf, credential: Credential
) -> None:
    """With the bundle given."""
    with serving(authority.issue_cert("127.0.0.1")) as registry:
        assert ask(registry, image_of(registry), bundle, credential) == (Answer.ACCEPTED, "")


def test_certificates_that_do_not_hold_are_refused(
    authority: trustme.CA, bundle: str, image_of: ImageOf, credential: Credential
) -> None:
    """Another authority's, an expired one, and one for another name; the last is an outcome of its own."""
    past = datetime.now(UTC) - timedelta(days=2)
    expired = authority.issue_cert("127.0.0.1", not_before=past - timedelta(days=9), not_after=past)
    cases = [
        (trustme.CA().issue_cert("127.0.0.1"), Answer.TLS_UNTRUSTED, "certificate"),
        (expired, Answer.TLS_UNTRUSTED, "expired"),
        (authority.issue_cert("us.icr.io"), Answer.TLS_NAME, "mismatch"),
    ]
    for certificate, expected, word in cases:
        with serving(certificate) as registry:
            answer, text = ask(registry, image_of(registry), bundle, credential)
            assert answer is expected
            assert word in text
            assert registry.seen == []


@pytest.mark.parametrize("variable", BUNDLES)
def test_the_environment_names_the_bundle(
    authority: trustme.CA,
    bundle: str,
    image_of: ImageOf,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """By any of the usual variables; with `trust_env=False` by none."""
    for name in (*PROXIES, *BUNDLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, bundle)
    with serving(authority.issue_cert("127.0.0.1")) as registry:
        assert RegistrySource(timeout=2).ask(image_of(registry), None).answer is Answer.ACCEPTED
        unaware = RegistrySource(timeout=2, trust_env=False)
        assert unaware.ask(image_of(registry), None).answer is Answer.TLS_UNTRUSTED


@pytest.mark.parametrize("content", [None, "no certificate in here"])
def test_a_bundle_that_cannot_be_read_is_told(
    authority: trustme.CA, tmp_path: Path, image_of: ImageOf, credential: Credential, content: str | None
) -> None:
    """Rather than raised."""
    path = tmp_path / "broken.pem"
    if content is not None:
        path.write_text(content)
    with serving(authority.issue_cert("127.0.0.1")) as registry:
        answer, text = ask(registry, image_of(registry), str(path), credential)
        assert answer is Answer.TLS_UNTRUSTED
        assert "bundle" in text


def test_a_host_that_does_not_speak_tls_gets_nothing(
    start: Callable[..., HostileRegistry], image_of: ImageOf, credential: Credential
) -> None:
    """https is never exchanged for http."""
    registry = start({"/v2/": json_reply({})})
    answer, text = ask(registry, image_of(registry), None, credential)
    assert (answer, registry.seen) == (Answer.MALFORMED, [])
    assert "TLS" in text


def test_a_handshake_that_is_not_answered_ends_in_time(credential: Credential) -> None:
    """The connection stands, and nobody speaks."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        image = ImageRef(RegistryHost(f"127.0.0.1:{silent.getsockname()[1]}"), "team/app", "1.0", "")
        answer = RegistrySource(timeout=0.5, trust_env=False).ask(image, credential)
    assert (answer.answer, answer.hop) == (Answer.TIMEOUT, Hop.PING)
    assert answer.seconds < 1
