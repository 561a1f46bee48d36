"""Whatever a registry does, the question ends in time with an outcome, and no trap sees the credential."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.vault import Secret, vault

from .hostile_registry import (
    OCI_INDEX,
    HostileRegistry,
    Reply,
    Route,
    drip,
    endless,
    error,
    html,
    json_reply,
    silence,
)

Start = Callable[[dict[str, Route]], HostileRegistry]
ImageOf = Callable[..., ImageRef]
SourceFor = Callable[..., RegistrySource]
LIMIT = 0.6
MANIFEST = "/v2/team/app/manifests/1.0"
TOKEN = json_reply({"token": "a-token-of-the-test"})
HOPS = {"ping": "/v2/", "token": "/oauth/token", "manifest": MANIFEST}


def challenge(realm: str) -> Reply:
    """A ping's answer that names a token service."""
    return error(401, "UNAUTHORIZED").with_headers(WWW_Authenticate=f'Bearer realm="{realm}",service="registry"')


@pytest.fixture
def registry(start: Start) -> HostileRegistry:
    """Takes any password; a test spoils one route."""
    started = start({"/oauth/token": TOKEN})
    started.routes["/v2/"] = challenge(f"{started.url}/oauth/token")
    return started


@pytest.fixture
def trap(start: Start) -> Iterator[HostileRegistry]:
    """Another host, which answers everything kindly and must never see a credential."""
    kind = json_reply({"token": "a-token-of-the-trap", "schemaVersion": 2})
    started = start(dict.fromkeys((MANIFEST, "/v2/", "/token", "/oauth/token", "/store"), kind))
    yield started
    assert started.credentials_seen == []


@pytest.fixture
def ask(
    registry: HostileRegistry, source_for: SourceFor, image_of: ImageOf, credential: Credential
) -> Callable[..., RegistryAnswer]:
    """Asks with the credential and holds the source to its time limit."""

    def asked(*others: HostileRegistry, **more: object) -> RegistryAnswer:
        started = time.monotonic()
        source = source_for(registry, *others, timeout=LIMIT)
        answer = source.ask(image_of(registry), credential, **more)  # type: ignore[arg-type]
        assert time.monotonic() - started < LIMIT + 0.5
        return answer

    return asked


Ask = Callable[..., RegistryAnswer]


BOMB = Reply(200, gzip.compress(b"\0" * 64_000_000), (("Content-Encoding", "gzip"),))
BODIES = {
    "endless body": (Reply(pieces=endless), Answer.MALFORMED),
    "a byte now and then": (Reply(pieces=drip), Answer.TIMEOUT),
    "headers and then nothing": (Reply(pieces=silence), Answer.TIMEOUT),
    "gzip bomb": (BOMB, Answer.MALFORMED),
    "an encoding nobody asked for": (Reply(200, b"x", (("Content-Encoding", "br"),)), Answer.MALFORMED),
    "gzip that is none": (Reply(200, b"x", (("Content-Encoding", "gzip"),)), Answer.MALFORMED),
    "a web page": (html(200), Answer.MALFORMED),
    "half a JSON": (Reply(200, b'{"token": "abc'), Answer.MALFORMED),
    "less than was promised": (Reply(200, b'{"tok', (("Content-Length", "500"),)), Answer.TIMEOUT),
    "a list": (json_reply([1, 2]), Answer.MALFORMED),
    "wrong types": (
        json_reply({"token": 7, "access_token": ["x"], "schemaVersion": "2", "manifests": {}}),
        Answer.MALFORMED,
    ),
    "nesting without end": (Reply(200, b"[" * 200_000), Answer.MALFORMED),
    "nothing": (Reply(200), Answer.MALFORMED),
    "no HTTP": (Reply(raw=b"220 mail ready\r\n\r\n"), Answer.MALFORMED),
    "hanging up": (Reply(raw=b""), Answer.REFUSED),
    "hanging up in the middle": (
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
        Answer.MALFORMED,
    ),
    "a chunk without a length": (
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Answer.MALFORMED,
    ),
    "headers without end": (
        Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000 + b"\r\n"),
        Answer.MALFORMED,
    ),
    "a header too long": (
        Reply(raw=b"HTTP/1.1 200 OK\r\nA: " + b"b" * 200_000 + b"\r\n\r\n"),
        Answer.MALFORMED,
    ),
    "a redirect with an endless body": (
        Reply(302, headers=(("Location", "ftp://x/"),), pieces=endless),
        Answer.MALFORMED,
    ),
    "a redirect without an address": (Reply(302), Answer.MALFORMED),
}


@pytest.mark.parametrize("path", ["/oauth/token", MANIFEST], ids=["token", "manifest"])
@pytest.mark.parametrize(("reply", "expected"), BODIES.values(), ids=BODIES.keys())
def test_each_hostile_answer_has_its_outcome_in_time(
    ask: Ask, registry: HostileRegistry, path: str, reply: Reply, expected: Answer
) -> None:
    """None of them says anything about the image or the credential."""
    registry.routes[path] = reply
    answer = ask()
    assert answer.answer is expected
    assert answer.hop is (Hop.TOKEN if path == "/oauth/token" else Hop.MANIFEST)
    assert not answer.answer.reached


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("path", HOPS.values(), ids=HOPS.keys())
def test_an_endless_error_ends_too(ask: Ask, registry: HostileRegistry, path: str, status: int) -> None:
    """An error's body is only a comment: its first part suffices."""
    registry.routes[path] = Reply(status, pieces=endless)
    ask()


def test_a_head_that_never_ends_is_cut_off(ask: Ask, registry: HostileRegistry) -> None:
    """A header line now and then keeps every single read short of a time limit of its own."""

    def lines(stop: threading.Event) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while not stop.wait(0.05):
            yield b"A: b\r\n"

    registry.routes[MANIFEST] = Reply(pieces=lines, headless=True)
    assert ask().answer is Answer.TIMEOUT


def test_a_redirect_loop_ends(ask: Ask, registry: HostileRegistry) -> None:
    """After five."""
    registry.routes[MANIFEST] = Reply(307, headers=(("Location", MANIFEST),))
    assert ask().answer is Answer.MALFORMED
    assert len([request for request in registry.seen if request.path == MANIFEST]) == 6


def test_a_redirect_to_another_host_goes_without_the_credential(
    ask: Ask, registry: HostileRegistry, trap: HostileRegistry
) -> None:
    """Nor does it get it back on the way home."""
    registry.routes[MANIFEST] = Reply(307, headers=(("Location", f"{trap.url}/store"),))
    trap.routes["/store"] = Reply(307, headers=(("Location", f"{registry.url}/back"),))
    ask(trap)
    assert [request.authorization for request in registry.seen if request.path == "/back"] == [""]
    assert [request.path for request in trap.seen] == ["/store"]


def test_a_redirect_on_the_same_host_keeps_the_token(ask: Ask, registry: HostileRegistry) -> None:
    """It is the same registry."""
    registry.routes[MANIFEST] = Reply(307, headers=(("Location", "/elsewhere"),))
    registry.routes["/elsewhere"] = json_reply({"mediaType": OCI_INDEX, "manifests": []})
    assert ask().answer is Answer.ACCEPTED
    assert registry.seen[-1].authorization == "Bearer a-token-of-the-test"


def test_a_redirect_out_of_tls_is_not_followed(ask: Ask, registry: HostileRegistry, trap: HostileRegistry) -> None:
    """The trap is not named as plain here."""
    registry.routes[MANIFEST] = Reply(307, headers=(("Location", f"{trap.url}/store"),))
    assert ask().answer is Answer.MALFORMED
    assert trap.seen == []


@pytest.mark.parametrize("path", ["/v2/", MANIFEST], ids=["ping", "manifest"])
def test_a_realm_on_another_host_gets_nothing(
    ask: Ask, registry: HostileRegistry, trap: HostileRegistry, path: str
) -> None:
    """`localhost` is another name, even where it is the same machine."""
    realm = f"http://localhost:{trap.port}/token"
    registry.routes["/v2/"] = json_reply({})
    registry.routes[path] = challenge(realm)
    source = RegistrySource(
        timeout=LIMIT,
        trust_env=False,
        plain_http=frozenset({registry.authority, f"localhost:{trap.port}"}),
    )
    image = ImageRef(RegistryHost(registry.authority), "team/app", "1.0", "")
    answer = source.ask(image, Credential("iamapikey", _secret()))
    assert (answer.answer, answer.hop) == (Answer.NOT_SENT, Hop.TOKEN)
    assert "localhost" in answer.text
    assert trap.seen == registry.credentials_seen == []


def test_a_realm_without_tls_gets_nothing(ask: Ask, registry: HostileRegistry, trap: HostileRegistry) -> None:
    """Also where it is on the registry's own host."""
    registry.routes["/v2/"] = challenge(f"{trap.url}/token")
    assert ask().answer is Answer.NOT_SENT
    assert trap.seen == []


@pytest.mark.parametrize("realm", ["", "/token", "https://", "not an address", "https://[::1"])
def test_a_realm_that_is_no_address_is_malformed(ask: Ask, registry: HostileRegistry, realm: str) -> None:
    """There is nowhere to ask for a token."""
    registry.routes["/v2/"] = challenge(realm)
    assert (ask().answer, registry.credentials_seen) == (Answer.MALFORMED, [])


def test_a_token_service_that_redirects_is_not_followed(
    ask: Ask, registry: HostileRegistry, trap: HostileRegistry
) -> None:
    """The request carries the password."""
    for location in (f"{trap.url}/token", "/oauth/token2"):
        registry.routes["/oauth/token"] = Reply(307, headers=(("Location", location),))
        answer = ask(trap)
        assert (answer.answer, answer.hop, answer.status) == (Answer.MALFORMED, Hop.TOKEN, 307)
    assert trap.seen == []


@pytest.mark.parametrize("token", ["a\r\nX-Injected: yes", "ä", "a b", "", "x" * 70_000])
def test_a_token_that_could_not_be_a_header_is_malformed(ask: Ask, registry: HostileRegistry, token: str) -> None:
    """It would end the header and begin another."""
    registry.routes["/oauth/token"] = json_reply({"token": token})
    assert (ask().answer, registry.seen[-1].path.partition("?")[0]) == (Answer.MALFORMED, "/oauth/token")


def test_a_challenge_of_the_redirects_target_is_not_answered(
    ask: Ask, registry: HostileRegistry, trap: HostileRegistry
) -> None:
    """Only the registry itself may ask for a login; what its store refuses is no verdict."""
    registry.routes["/v2/"] = json_reply({})
    registry.routes[MANIFEST] = Reply(307, headers=(("Location", f"http://localhost:{trap.port}/store"),))
    trap.routes["/store"] = challenge(f"{registry.url}/oauth/token")
    source = RegistrySource(
        timeout=LIMIT, trust_env=False, plain_http=frozenset({registry.authority, f"localhost:{trap.port}"})
    )
    image = ImageRef(RegistryHost(registry.authority), "team/app", "1.0", "")
    assert source.ask(image, Credential("iamapikey", _secret())).answer is Answer.MALFORMED
    assert registry.credentials_seen == []


def test_hostile_names_are_cleaned(ask: Ask, registry: HostileRegistry) -> None:
    """Platforms come from outside too."""
    platform = {"os": "lin\x1b[2Jux" + "x" * 900, "architecture": "amd\n64"}
    registry.routes[MANIFEST] = json_reply(
        {
            "mediaType": OCI_INDEX,
            "manifests": [{"digest": f"sha256:{n:064d}", "platform": platform} for n in range(9)],
        }
    )
    (name,) = ask(platform=("linux", "amd64")).platforms
    assert name.isprintable()
    assert len(name) <= 64


def test_many_questions_at_once_do_not_mix(source_for: SourceFor, start: Start, image_of: ImageOf) -> None:
    """One source serves all threads; each question gets its own registry's answer."""
    registries = [start({"/v2/": error(500 + n, f"E{n}")}) for n in range(8)]
    source = source_for(*registries)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda r: source.ask(image_of(r), None), registries * 4))
    assert [answer.code for answer in answers] == [f"E{n}" for n in range(8)] * 4


def test_questions_leave_no_thread_behind(ask: Ask, registry: HostileRegistry) -> None:
    """The end of the time shuts the connection, and with it ends the thread that reads from it."""
    registry.routes[MANIFEST] = Reply(pieces=drip)
    before = {thread for thread in threading.enumerate() if "_work" in thread.name}
    ask()
    end = time.monotonic() + 2
    while time.monotonic() < end and {t for t in threading.enumerate() if "_work" in t.name} - before:
        time.sleep(0.01)
    assert not {t for t in threading.enumerate() if "_work" in t.name} - before


def _secret() -> Secret:
    return vault().register("pa55-word-of-the-test")
