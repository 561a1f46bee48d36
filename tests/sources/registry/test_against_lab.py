"""The source reaches the lab's registries by the standard variables alone, and tells the network's faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from runbook_lib.lab.registry import Access, Login, Refusal, RegistryApp, RegistryState, UserAccess
from runbook_lib.lab.wire import (
    ConnectionRefused,
    ConnectTimeout,
    Drip,
    Endless,
    Fault,
    FaultyApp,
    HandshakeReset,
    HandshakeTimeout,
    Hang,
    HostFault,
    NameNotFound,
    Reply,
    Reset,
    Truncate,
    Wire,
    WrongCertificate,
    gzip_bomb,
)
from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.vault import vault

GOOD, OTHER = "a-good-key-of-the-lab", "a-key-without-the-right"
IMAGES = {
    "1.0": {"platforms": ["linux/amd64", "linux/s390x"]},
    "arm": {"platforms": ["linux/arm64"], "index": True},
    "arm-single": {"platforms": ["linux/arm64/v8"]},
    "old": {"format": "schema1"},
}
USERS = {
    "iamapikey": {"password": GOOD},
    "other": {"password": OTHER, "may_pull": ["elsewhere/*"]},
}
REPOSITORIES = {"demo/app": {"tags": IMAGES}, "library/open": {"tags": {"latest": {}}, "public": True}}


def state(registries: dict[str, dict[str, object]]) -> RegistryState:
    """The registries of one test, all with the same users and images."""
    common = {"users": USERS, "repositories": REPOSITORIES}
    return RegistryState.load({host: {**common, **how} for host, how in registries.items()})


@dataclass
class Lab:
    """A running wire and a question to it."""

    wire: Wire
    timeout: float = 5.0

    def ask(
        self,
        image: str,
        username: str = "",
        password: str = "",
        *,
        platform: tuple[str, str] | None = None,
        blob: bool = False,
    ) -> RegistryAnswer:
        """Asks with a credential where a username is given."""
        ref = parse_image(image).ref
        assert ref is not None
        credential = Credential(username, vault().register(password)) if username else None
        return RegistrySource(timeout=self.timeout).ask(ref, credential, platform=platform, blob=blob)

    def hosts_with_credentials(self) -> set[str]:
        """Where any Authorization or form with a password arrived."""
        return {record.host for record in self.wire.requests if record.credential != "none"}


@dataclass
class Settings:
    """What differs from test to test."""

    registries: dict[str, dict[str, object]]
    host_faults: dict[str, HostFault] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    timeout: float = 5.0


@contextmanager
def lab(monkeypatch: pytest.MonkeyPatch, settings: Settings, access: Access | None = None) -> Iterator[Lab]:
    """A wire with these registries, and this process's environment leading to it."""
    app = RegistryApp(state(settings.registries), lambda name: access)
    hosts = [
        *settings.registries,
        *(f"dd0.{host}" for host in settings.registries),
        "auth.docker.io",
        "trap.example.net",
    ]
    with Wire(FaultyApp(app, settings.faults), hosts, host_faults=settings.host_faults) as wire:
        for name, value in wire.env.items():
            monkeypatch.setenv(name, value)
        yield Lab(wire, settings.timeout)


REGISTRIES: dict[str, tuple[str, dict[str, object]]] = {
    "icr": ("us.icr.io", {"dialect": "icr"}),
    "icr, unquoted": ("us.icr.io", {"dialect": "icr", "challenge": "unquoted"}),
    "icr, mixed": ("us.icr.io", {"dialect": "icr", "challenge": "mixed"}),
    "icr, 400 to a wrong password": ("us.icr.io", {"dialect": "icr", "rejection": 400}),
    "icr, blobs elsewhere": ("us.icr.io", {"dialect": "icr", "redirect": True}),
    "icr, token at the global name": (
        "us.icr.io",
        {"dialect": "icr", "realm": "https://us.icr.io/oauth/token"},
    ),
    "Docker Hub": ("registry-1.docker.io", {"dialect": "hub"}),
    "Quay": ("quay.io", {"dialect": "quay"}),
    "Harbor": ("harbor.example.com", {"dialect": "harbor"}),
    "distribution": ("registry.example.com", {"dialect": "distribution"}),
    "Basic": ("registry.example.com", {"dialect": "basic"}),
}
QUESTIONS: dict[str, tuple[str, str, str, Answer]] = {
    "right": ("demo/app:1.0", "iamapikey", GOOD, Answer.ACCEPTED),
    "wrong password": ("demo/app:1.0", "iamapikey", "another-password", Answer.CREDENTIALS_REJECTED),
    "no credential": ("demo/app:1.0", "", "", Answer.NO_TOKEN_SENT),
    "without the right": ("demo/app:1.0", "other", OTHER, Answer.DENIED),
    "public": ("library/open", "", "", Answer.ACCEPTED),
    "unknown tag": ("demo/app:1.00", "iamapikey", GOOD, Answer.TAG_UNKNOWN),
    "unknown repository": ("demo/none:1.0", "iamapikey", GOOD, Answer.REPOSITORY_UNKNOWN),
    "schema 1": ("demo/app:old", "iamapikey", GOOD, Answer.MANIFEST_UNSUPPORTED),
}


@pytest.mark.parametrize(("host", "how"), REGISTRIES.values(), ids=REGISTRIES.keys())
def test_every_manner_of_registry_gives_the_same_outcomes(
    monkeypatch: pytest.MonkeyPatch, host: str, how: dict[str, object]
) -> None:
    """Where the token comes from and in which words a registry refuses makes no difference."""
    name = "docker.io" if host == "registry-1.docker.io" else host
    with lab(monkeypatch, Settings({host: how})) as running:
        got = {key: running.ask(f"{name}/{q[0]}", q[1], q[2]).answer for key, q in QUESTIONS.items()}
        assert got == {key: question[3] for key, question in QUESTIONS.items()}
        assert running.hosts_with_credentials() <= {host, "auth.docker.io"}
        assert running.wire.errors == []


@pytest.mark.parametrize("redirect", [False, True])
def test_platforms_and_blobs(monkeypatch: pytest.MonkeyPatch, redirect: bool) -> None:
    """The blob store gets no credential, though it would take one."""
    with lab(monkeypatch, Settings({"us.icr.io": {"dialect": "icr", "redirect": redirect}})) as running:

        def ask(tag: str, *, blob: bool = False) -> tuple[Answer, Hop]:
            answer = running.ask(f"us.icr.io/demo/app:{tag}", "iamapikey", GOOD, platform=("linux", "amd64"), blob=blob)
            return answer.answer, answer.hop

        assert ask("1.0") == (Answer.ACCEPTED, Hop.PLATFORM)
        assert ask("1.0", blob=True) == (Answer.ACCEPTED, Hop.BLOB)
        assert ask("arm") == (Answer.PLATFORM_ABSENT, Hop.PLATFORM)
        assert ask("arm-single", blob=True) == (Answer.PLATFORM_ABSENT, Hop.PLATFORM)
        assert ("dd0.us.icr.io" in {record.host for record in running.wire.requests}) is redirect
        assert running.hosts_with_credentials() == {"us.icr.io"}


class Restricted(UserAccess):
    """An account that takes private connections only, or whose quota is spent."""

    private_only = False
    quota_spent = False

    def decide(self, login: Login | None, host: str, repository: str) -> Refusal | None:
        refusal = super().decide(login, host, repository)
        return Refusal.PRIVATE_ONLY if refusal is None and self.private_only else refusal

    def blob_refusal(self, host: str, repository: str) -> Refusal | None:
        return Refusal.PULL_QUOTA if self.quota_spent else None


@pytest.mark.parametrize(
    ("what", "blob", "expected", "hop"),
    [
        ("private_only", False, Answer.PRIVATE_ONLY, Hop.MANIFEST),
        ("quota_spent", True, Answer.QUOTA_EXCEEDED, Hop.BLOB),
        ("quota_spent", False, Answer.ACCEPTED, Hop.MANIFEST),
    ],
)
def test_ibms_restrictions_of_an_account_are_told(
    monkeypatch: pytest.MonkeyPatch, what: str, blob: bool, expected: Answer, hop: Hop
) -> None:
    """By IBM's own words; the spent quota only where a blob is asked for."""
    settings = Settings({"us.icr.io": {"dialect": "icr"}})
    access = Restricted(state(settings.registries).registries["us.icr.io"])
    setattr(access, what, True)
    with lab(monkeypatch, settings, access) as running:
        answer = running.ask("us.icr.io/demo/app:1.0", "iamapikey", GOOD, blob=blob)
        assert (answer.answer, answer.hop, answer.logged_in) == (expected, hop, True)


HOST_FAULTS: dict[str, tuple[HostFault, Answer]] = {
    "refused": (ConnectionRefused(), Answer.REFUSED),
    "refused, the proxy hangs up": (ConnectionRefused("close"), Answer.REFUSED),
    "no such name": (NameNotFound(), Answer.DNS),
    "no answer": (ConnectTimeout(0.2), Answer.TIMEOUT),
    "no answer for longer than one waits": (ConnectTimeout(5), Answer.TIMEOUT),
    "no handshake": (HandshakeTimeout(5), Answer.TIMEOUT),
    "reset in the handshake": (HandshakeReset(), Answer.REFUSED),
    "expired": (WrongCertificate("expired"), Answer.TLS_UNTRUSTED),
    "another authority's": (WrongCertificate("foreign-authority"), Answer.TLS_UNTRUSTED),
    "another name": (WrongCertificate("wrong-name"), Answer.TLS_NAME),
}


@pytest.mark.parametrize(("fault", "expected"), HOST_FAULTS.values(), ids=HOST_FAULTS.keys())
def test_faults_of_the_network_are_told_through_the_proxy(
    monkeypatch: pytest.MonkeyPatch, fault: HostFault, expected: Answer
) -> None:
    """The proxy reports them in its own way; nothing is sent."""
    settings = Settings({"us.icr.io": {"dialect": "icr"}}, {"us.icr.io": fault}, timeout=0.6)
    with lab(monkeypatch, settings) as running:
        answer = running.ask("us.icr.io/demo/app:1.0", "iamapikey", GOOD)
        assert (answer.answer, answer.hop) == (expected, Hop.PING)
        assert answer.text
        assert running.hosts_with_credentials() == set()


def test_a_host_that_the_proxy_refuses_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a company's proxy does with hosts that are not on its list."""
    with lab(monkeypatch, Settings({"us.icr.io": {"dialect": "icr"}})) as running:
        answer = running.ask("registry.example.org/demo/app:1.0", "iamapikey", GOOD)
        assert (answer.answer, answer.hop) == (Answer.REFUSED, Hop.PING)
        assert "proxy" in answer.text


def test_a_proxy_that_is_not_there_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the registry that refuses."""
    with lab(monkeypatch, Settings({"us.icr.io": {"dialect": "icr"}})) as running:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, "http://user:a-proxy-password@127.0.0.1:1")
        answer = running.ask("us.icr.io/demo/app:1.0", "iamapikey", GOOD)
        assert answer.answer is Answer.REFUSED
        assert "proxy" in answer.text
        assert "a-proxy-password" not in repr(answer)


PATHS = {"ping": "/v2/", "token": "/oauth/token", "manifest": "/v2/demo/app/manifests/*"}
BOMB = Reply(200, (("Content-Encoding", "gzip"),), gzip_bomb())
DELIVERIES: dict[str, tuple[Fault, set[Answer]]] = {
    "hanging": (Fault(delivery=Hang(5)), {Answer.TIMEOUT}),
    "reset": (Fault(delivery=Reset()), {Answer.REFUSED}),
    "cut short": (Fault(delivery=Truncate(5)), {Answer.MALFORMED}),
    "dripping": (Fault(delivery=Drip(0.3)), {Answer.TIMEOUT}),
    "endless": (
        Fault(reply=Reply(200, body=b" " * 65536), delivery=Endless(5)),
        {Answer.MALFORMED, Answer.TIMEOUT},
    ),
    "gzip bomb": (Fault(reply=BOMB), {Answer.MALFORMED}),
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
@pytest.mark.parametrize(("fault", "expected"), DELIVERIES.values(), ids=DELIVERIES.keys())
def test_faults_of_delivery_end_in_time(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, expected: set[Answer], path: str
) -> None:
    """At each hop; the ping's body is no matter, so that a spoilt one may be passed over."""
    fault = Fault(path=path, reply=fault.reply, delivery=fault.delivery)
    settings = Settings({"us.icr.io": {"dialect": "icr"}}, faults=[fault], timeout=0.6)
    with lab(monkeypatch, settings) as running:
        answer = running.ask("us.icr.io/demo/app:1.0", "iamapikey", GOOD)
        assert answer.seconds < 1
        assert answer.answer in (expected | {Answer.ACCEPTED} if path == "/v2/" else expected)


def test_a_realm_at_a_trap_sees_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over good TLS, at a host of the same lab."""
    settings = Settings({"us.icr.io": {"dialect": "icr", "realm": "https://trap.example.net/oauth/token"}})
    with lab(monkeypatch, settings) as running:
        answer = running.ask("us.icr.io/demo/app:1.0", "iamapikey", GOOD)
        assert (answer.answer, answer.hop) == (Answer.NOT_SENT, Hop.TOKEN)
        assert "trap.example.net" in answer.text
        assert running.hosts_with_credentials() == set()
