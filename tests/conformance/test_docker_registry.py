"""The registry source gets from the distribution project's own registry what it gets from the lab's.

Needs the binary `docker-registry` (Debian: `apt-get install docker-registry`); without it they are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from runbook_lib.lab.registry import RegistryApp, RegistryState
from runbook_lib.lab.wire import Wire
from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.vault import vault

from .docker_registry import BINARY, IMAGES, docker_registry, push
from .token_service import PASSWORD, SERVICE, USER, self_signed, token_service

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not BINARY, reason="docker-registry is not installed (apt-get install docker-registry)"),
]


HTPASSWD = "$2y$05$aSv7ZCZhxbq/lxP10xy/9OdmPt1m/9CQliPWGLP7HwGh5lI5QCXRq"  # bcrypt of PASSWORD


LAB_HOST = "registry.example.com"


@dataclass(frozen=True)
class Question:
    """One question and the answer that both registries must give to it."""

    repository: str
    tag: str
    username: str
    password: str
    answer: Answer
    hop: Hop
    blob: bool = False


def question(
    answer: Answer,
    hop: Hop,
    repository: str = "demo/app",
    tag: str = "1.0",
    username: str = USER,
    password: str = PASSWORD,
    *,
    blob: bool = False,
) -> Question:
    return Question(repository, tag, username, password, answer, hop, blob)


COMMON = {
    "right": question(Answer.ACCEPTED, Hop.PLATFORM),
    "right, with a blob": question(Answer.ACCEPTED, Hop.BLOB, blob=True),
    "single image": question(Answer.ACCEPTED, Hop.MANIFEST, tag="single"),
    "unknown repository": question(Answer.REPOSITORY_UNKNOWN, Hop.MANIFEST, "demo/none"),
    "unknown tag": question(Answer.TAG_UNKNOWN, Hop.MANIFEST, tag="1.1"),
    "platform absent": question(Answer.PLATFORM_ABSENT, Hop.PLATFORM, tag="arm"),
}


BASIC = COMMON | {
    "no credential": question(Answer.NO_TOKEN_SENT, Hop.MANIFEST, username=""),
    "wrong password": question(Answer.CREDENTIALS_REJECTED, Hop.MANIFEST, password="another-password"),
    "unknown user": question(Answer.CREDENTIALS_REJECTED, Hop.MANIFEST, username="nobody"),
}


TOKEN = COMMON | {
    "no credential": question(Answer.NO_TOKEN_SENT, Hop.MANIFEST, username=""),
    "wrong password": question(Answer.CREDENTIALS_REJECTED, Hop.TOKEN, password="another-password"),
    "token without the scope": question(Answer.DENIED, Hop.MANIFEST, "secret/app"),
}


def ask(source: RegistrySource, registry: str, asked: Question) -> RegistryAnswer:
    credential = Credential(asked.username, vault().register(asked.password)) if asked.username else None
    image = ImageRef(RegistryHost(registry), asked.repository, asked.tag, "")
    return source.ask(image, credential, platform=("linux", "amd64"), blob=asked.blob)


def told(answer: RegistryAnswer) -> tuple[object, ...]:
    """What of an answer must be the same; codes and texts are each registry's own."""
    return (
        answer.answer,
        answer.hop,
        answer.status,
        answer.logged_in,
        answer.platforms,
        answer.digest,
        answer.close_names,
    )


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory whose storage holds the images, pushed through a registry without authorization."""
    directory = tmp_path_factory.mktemp("docker-registry")
    with docker_registry(directory) as authority:
        for repository in ("demo/app", "secret/app"):
            push(authority, repository)
    return directory


@pytest.fixture(scope="module")
def basic_registry(storage: Path) -> Iterator[str]:
    """With a password file."""
    (storage / "htpasswd").write_text(f"{USER}:{HTPASSWD}\n")
    with docker_registry(storage, {"htpasswd": {"realm": "r", "path": str(storage / "htpasswd")}}) as authority:
        yield authority


@pytest.fixture(scope="module")
def token_registry(storage: Path) -> Iterator[tuple[str, str]]:
    """With a token service, whose host:port comes second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = self_signed(key)
    (storage / "token.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    with token_service(key, certificate) as service:
        auth = {
            "realm": f"http://{service}/token",
            "service": SERVICE,
            "issuer": "conformance",
            "rootcertbundle": str(storage / "token.pem"),
        }
        with docker_registry(storage, {"token": auth}) as authority:
            yield authority, service


@pytest.fixture
def ask_lab(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Question], RegistryAnswer]:
    """Asks the lab's registry of a dialect, which holds the same images for the same user."""

    def asked(dialect: str, what: Question) -> RegistryAnswer:
        tags = {tag: {"platforms": i.platforms, "index": i.index, "seed": i.seed} for tag, i in IMAGES.items()}
        may = ["demo/*"] if dialect == "distribution" else ["*"]
        registry = {
            "dialect": dialect,
            "users": {USER: {"password": PASSWORD, "may_pull": may}},
            "repositories": {"demo/app": {"tags": tags}, "secret/app": {"tags": tags}},
        }
        with Wire(RegistryApp(RegistryState.load({LAB_HOST: registry})), [LAB_HOST]) as wire:
            for name, value in wire.env.items():
                monkeypatch.setenv(name, value)
            return ask(RegistrySource(), LAB_HOST, what)

    return asked


AskLab = Callable[[str, Question], RegistryAnswer]


@pytest.mark.parametrize("asked", BASIC.values(), ids=BASIC.keys())
def test_basic_authorization_gives_the_labs_outcomes(basic_registry: str, ask_lab: AskLab, asked: Question) -> None:
    """With a password file there are no rights, only users."""
    source = RegistrySource(trust_env=False, plain_http=frozenset({basic_registry}))
    answer = ask(source, basic_registry, asked)
    assert (answer.answer, answer.hop) == (asked.answer, asked.hop)
    assert told(answer) == told(ask_lab("basic", asked))


@pytest.mark.parametrize("asked", TOKEN.values(), ids=TOKEN.keys())
def test_token_authorization_gives_the_labs_outcomes(
    token_registry: tuple[str, str], ask_lab: AskLab, asked: Question
) -> None:
    """The token is signed for what the user may pull, and the registry believes only that."""
    source = RegistrySource(trust_env=False, plain_http=frozenset(token_registry))
    answer = ask(source, token_registry[0], asked)
    assert (answer.answer, answer.hop) == (asked.answer, asked.hop)
    assert told(answer) == told(ask_lab("distribution", asked))
