"""No credential leaves by another way than the one request that it is for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.sources.deadline import Deadline, current_deadline
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.sources.registry import source as source_module
from runbook_lib.sources.registry.login import Login
from runbook_lib.sources.registry.refusal import Sent
from runbook_lib.sources.registry.transport import Transport
from runbook_lib.vault import Vault

from .hostile_registry import HostileRegistry, Reply, Route, Seen, error, html, json_reply

Start = Callable[[dict[str, Route]], HostileRegistry]
ImageOf = Callable[..., ImageRef]
PASSWORD = "pa55-word-of-the-test"
TOKEN = "a-token-of-the-test"
BASIC = "aWFtYXBpa2V5OnBhNTUtd29yZC1vZi10aGUtdGVzdA=="  # iamapikey and the password
MANIFEST = "/v2/team/app/manifests/1.0"


def echo(seen: Seen) -> Reply:
    """Sends back what it got, as a careless or a hostile registry does."""
    return error(400, seen.authorization[:60], f"cannot read {seen.authorization} {PASSWORD}")


@pytest.fixture
def registry(start: Start) -> HostileRegistry:
    """Wants a token."""
    started = start({"/oauth/token": json_reply({"token": TOKEN})})
    started.routes["/v2/"] = error(401, "X").with_headers(
        WWW_Authenticate=f"Bearer realm={started.url}/oauth/token",
        Set_Cookie="session=of-the-registry; Path=/",
    )
    return started


@pytest.mark.parametrize("where", ["/oauth/token", MANIFEST])
def test_an_echoed_credential_is_not_in_the_answer(
    registry: HostileRegistry,
    source_for: Callable[..., RegistrySource],
    image_of: ImageOf,
    credential: Credential,
    where: str,
) -> None:
    """Neither in its text nor in its code: not the password, not its Basic form, not the token."""
    registry.routes[where] = echo
    said = repr(source_for(registry).ask(image_of(registry), credential))
    assert "cannot read" in said
    assert not [secret for secret in (PASSWORD, BASIC, TOKEN) if secret in said]


def test_every_token_is_registered_at_once(
    registry: HostileRegistry,
    source_for: Callable[..., RegistrySource],
    image_of: ImageOf,
    credential: Credential,
    own_vault: Vault,
) -> None:
    """Whatever becomes of the question."""
    source_for(registry).ask(image_of(registry), credential)
    assert TOKEN not in own_vault.scrub(f"Authorization: Bearer {TOKEN}")


def test_nothing_that_carries_a_credential_shows_it(credential: Credential) -> None:
    """repr and str are what ends in logs and tracebacks."""
    login = Login(Sent.TOKEN, f"Bearer {TOKEN}")
    assert TOKEN not in repr(login)
    assert PASSWORD not in repr(credential) + str(credential) + f"{credential}"
    assert "iamapikey" in repr(credential)


def test_logs_hold_no_credential(
    registry: HostileRegistry,
    source_for: Callable[..., RegistrySource],
    image_of: ImageOf,
    credential: Credential,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even where everything is logged."""
    with caplog.at_level(logging.DEBUG):
        source_for(registry).ask(image_of(registry), credential)
    assert "GET /v2/" in caplog.text
    assert not [secret for secret in (PASSWORD, BASIC, TOKEN) if secret in caplog.text]


def test_logins_of_netrc_are_not_sent(
    registry: HostileRegistry, image_of: ImageOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`requests` would put them in place of none, and in place of ours."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password a-password-of-netrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    source = RegistrySource(timeout=1, plain_http=frozenset({registry.authority}))
    source.ask(image_of(registry), None)
    assert [request.authorization for request in registry.seen[:2]] == ["", ""]


def test_cookies_are_not_kept(
    registry: HostileRegistry,
    source_for: Callable[..., RegistrySource],
    image_of: ImageOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One credential's session must not lend itself to the next question, nor a cookie change an answer."""
    sessions = []
    build = Transport

    def remembered(*args: object, **kwargs: object) -> Transport:
        transport = build(*args, **kwargs)  # type: ignore[arg-type]
        sessions.append(transport._session)
        return transport

    monkeypatch.setattr(source_module, "Transport", remembered)
    source_for(registry).ask(image_of(registry), None)
    assert [len(session.cookies) for session in sessions] == [0]


def test_a_failure_holds_no_exception(registry: HostileRegistry) -> None:
    """The exceptions of `requests` carry the request; what the transport returns carries words."""
    current_deadline.set(Deadline(1))
    with Transport(
        Deadline(1), connect_timeout=1, trust_env=False, ca_bundle=None, plain_http=frozenset({"127.0.0.1:1"})
    ) as transport:
        failure = transport.get("http://127.0.0.1:1/v2/", {"Authorization": f"Basic {BASIC}"}, 10)
    assert repr(failure) == "Failure(answer=<Answer.REFUSED: 'refused'>, text='the connection is refused')"


def test_a_defect_of_ours_shows_no_credential(
    registry: HostileRegistry,
    source_for: Callable[..., RegistrySource],
    image_of: ImageOf,
    credential: Credential,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is raised where the question was asked, rather than lost in a thread."""

    def broken(self: object) -> None:
        raise LookupError("a defect")

    monkeypatch.setattr("runbook_lib.sources.registry.question.Question.answer", broken)
    with pytest.raises(LookupError, match="a defect") as caught:
        source_for(registry).ask(image_of(registry), credential)
    assert PASSWORD not in str(caught.getrepr())


def test_a_web_page_is_not_quoted(
    registry: HostileRegistry,
    source_for: Callable[..., RegistrySource],
    image_of: ImageOf,
    credential: Credential,
) -> None:
    """A portal's page is no registry's word."""
    registry.routes[MANIFEST] = html(403, "please log in")
    assert "please" not in source_for(registry).ask(image_of(registry), credential).text
