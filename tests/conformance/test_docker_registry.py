"""The registry source gets from the distribution project's own registry what it gets from the lab's.

Needs the binary `docker-registry` (Debian: `apt-get install docker-registry`); without it they are skipped.
"""

from __future__ import annotations

import base64
import datetime
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from runbook_lib.lab.registry import Image, RegistryApp, RegistryState, build
from runbook_lib.lab.wire import Wire
from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.vault import vault

BINARY = shutil.which("docker-registry")
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not BINARY, reason="docker-registry is not installed (apt-get install docker-registry)"),
]

USER, PASSWORD = "reader", "a-password-of-the-test"
HTPASSWD = "$2y$05$aSv7ZCZhxbq/lxP10xy/9OdmPt1m/9CQliPWGLP7HwGh5lI5QCXRq"  # bcrypt of PASSWORD
SERVICE = "conformance"
IMAGES = {
    "1.0": Image(platforms=("linux/amd64", "linux/s390x"), seed="1.0"),
    "arm": Image(platforms=("linux/arm64",), index=True, seed="arm"),
    "single": Image(seed="single"),
}
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


@contextmanager
def docker_registry(directory: Path, auth: dict[str, object] | None = None) -> Iterator[str]:
    """Runs the binary on a loopback port over the storage in `directory`; gives its host:port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        authority = f"127.0.0.1:{free.getsockname()[1]}"
    config = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(directory / "storage")}},
        "http": {"addr": authority, "secret": "of-no-importance"},
        **({"auth": auth} if auth else {}),
    }
    path = directory / f"config-{authority.rpartition(':')[2]}.yml"
    path.write_text(yaml.safe_dump(config))
    assert BINARY
    process = subprocess.Popen([BINARY, "serve", str(path)], stderr=subprocess.PIPE)
    try:
        _wait_for(authority, process)
        yield authority
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _wait_for(authority: str, process: subprocess.Popen[bytes]) -> None:
    host, _, port = authority.partition(":")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"docker-registry ended: {process.communicate()[1].decode()[-500:]}")
        try:
            socket.create_connection((host, int(port)), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("docker-registry did not start within 10 seconds")


def push(authority: str, repository: str) -> None:
    """Uploads the images of `IMAGES`, bit for bit those that the lab serves."""
    session = requests.Session()
    session.trust_env = False
    root = f"http://{authority}/v2/{repository}"
    for tag, image in IMAGES.items():
        content = build(image, f"{repository}:{tag}")
        for digest, data in content.blobs.items():
            place = session.post(f"{root}/blobs/uploads/", timeout=5).headers["Location"]
            session.put(f"{place}&digest={digest}", data=data, timeout=5).raise_for_status()
        children = [m for m in content.manifests.values() if m is not content.top]
        for reference, manifest in [*((m.digest, m) for m in children), (tag, content.top)]:
            headers = {"Content-Type": manifest.media_type}
            session.put(
                f"{root}/manifests/{reference}", data=manifest.body, headers=headers, timeout=5
            ).raise_for_status()


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


def self_signed(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """The certificate by which the registry knows the token service's signature."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "conformance")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )


@contextmanager
def token_service(key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> Iterator[str]:
    """Signs tokens: for the user whatever is asked for but `secret/…`, for nobody an empty one."""
    chain = [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()]

    def token(scopes: list[str], user: str) -> str:
        parts = [scope.split(":") for scope in scopes]
        access = [
            {"type": kind, "name": name, "actions": actions.split(",")}
            for kind, name, actions in parts
            if user and not name.startswith("secret/")
        ]
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": "conformance",
            "sub": user,
            "aud": SERVICE,
            "jti": f"{now}",
            "access": access,
        }
        claims |= {"iat": now - 5, "nbf": now - 5, "exp": now + 60}
        return jwt.encode(claims, key, "RS256", headers={"x5c": chain})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
            pair = base64.b64decode(encoded).decode() if scheme == "Basic" else ""
            if pair and pair != f"{USER}:{PASSWORD}":
                self._send(401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong"}]})
            else:
                self._send(200, {"token": token(query.get("scope", []), pair.partition(":")[0])})

        def _send(self, status: int, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


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
