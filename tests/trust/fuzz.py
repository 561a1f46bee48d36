"""Fuzzing: whatever comes in, what comes out is a value or one sentence of bad input. `python -m tests.trust.fuzz N`.

Each target takes a seed's random generator and must raise nothing but `BadInput`.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from runbook_lib.model.problem import BadInput

from . import hostile
from .runs import in_environment

SLOWEST = 10.0  # seconds of own work for one input


def kubeconfig(rng: random.Random) -> None:
    """`open_cluster` on a kubeconfig."""
    from runbook_lib.sources.cluster import open_cluster

    certificate = base64.b64encode(b"-----BEGIN CERTIFICATE-----\n").decode()
    status = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "t" * 20}}
    said = json.dumps(hostile.mutated(status, rng, most=2)).replace("\\", "\\\\")
    config = {"idp-issuer-url": "https://127.0.0.1:1", "client-id": "c", "id-token": "e30.eyJleHAiOjF9.e30"}
    user: dict[str, Any] = {
        "token": "t" * 20,
        "client-certificate-data": certificate,
        "client-key-data": certificate,
        "exec": {"apiVersion": status["apiVersion"], "command": "/usr/bin/printf", "args": ["%b", said]},
        "auth-provider": {"name": rng.choice(["oidc", "gcp", "azure"]), "config": config},
    }
    user = {k: user[k] for k in rng.sample(sorted(user), rng.choice([1, 1, 1, 2, 3]))}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1", "insecure-skip-tls-verify": False}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
    }
    document = hostile.mutated(document, rng, most=rng.choice([1, 4]))
    data = hostile.as_yaml(document, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "kubeconfig")
        path.write_bytes(hostile.garbled(data, rng) if rng.random() < 0.2 else data)
        open_cluster(kubeconfig=str(path), context=rng.choice(["", "", "", "c", "\x1b[2J"]))


@cache
def _evidence() -> list[Any]:
    return hostile.evidence()


def bundle(rng: random.Random) -> None:
    """A whole offline diagnosis of a mutated recording."""
    document = hostile.mutated(rng.choice(_evidence()), rng, most=6)
    data = hostile.as_json(document) if rng.random() < 0.8 else hostile.as_yaml(document, rng)
    _diagnose(hostile.garbled(data, rng) if rng.random() < 0.2 else data, ".json")


def tar(rng: random.Random) -> None:
    """Archives with members that point elsewhere."""
    documents = [hostile.as_json(hostile.mutated(rng.choice(_evidence()), rng)) for _ in range(rng.randint(0, 4))]
    _diagnose(hostile.tar_of(documents, rng), ".tar")


def _diagnose(data: bytes, ending: str) -> None:
    from runbook_lib.judge import Selectors, gather, open_cases, open_session, run_steps
    from runbook_lib.report import to_json
    from runbook_lib.report.summary import three_lines
    from runbook_lib.steps import ALL_STEPS, SECTIONS

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"bundle{ending}")
        path.write_bytes(data)
        selectors = Selectors(bundle=str(path), probe=False)
        session = open_session(selectors)
        cases, chosen = open_cases(session, selectors)
        run_steps(cases[:3], ALL_STEPS)
        result = gather(session, cases[:3], selectors, chosen, list(SECTIONS))
        assert not result.has_defect, [(f.step, f.defect) for c in result.cases for f in c.findings if f.defect] + [
            d for c in result.cases for d in c.diagnosis.defects
        ]
        to_json(result)
        assert _harmless(three_lines(result))
        assert [p.name for p in Path(folder).iterdir()] == [path.name]


def _harmless(text: str) -> bool:
    return all(c == "\n" or c.isprintable() or c == "\ufffd" for c in text)


@cache
def _declared() -> Any:
    from runbook_lib.headless.parameters import declared_parameters
    from runbook_lib.headless.shipped import load

    return declared_parameters(load("image-pull"))


def parameters(rng: random.Random) -> None:
    """Parameters files and command-line pairs."""
    from runbook_lib.headless.parameters import checked, from_files

    document = hostile.mutated({"namespace": "shop", "pod": "web", "probe": True, "cluster": "1e5"}, rng)
    data = hostile.as_yaml(document, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "p.yaml")
        path.write_bytes(hostile.garbled(data, rng) if rng.random() < 0.3 else data)
        from_files(_declared(), [str(path)])
    if isinstance(document, dict):
        checked(_declared(), document)


def inventory(rng: random.Random) -> None:
    """Lists of clusters."""
    from runbook_lib.fleet.inventory import read_inventory

    places = [{"name": "shop-prod", "context": "c", "namespace": "shop"}, {"kubeconfig": "k", "name": "b"}, "c"]
    data = hostile.as_yaml(hostile.mutated(places, rng), rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clusters.yaml")
        path.write_bytes(hostile.garbled(data, rng) if rng.random() < 0.3 else data)
        read_inventory(str(path))


def secret(rng: random.Random) -> None:
    """A secret's payload, through the vault and the keyring, as the API would hand it over."""
    from runbook_lib.model.image_ref import parse_image
    from runbook_lib.model.keyring import lookup
    from runbook_lib.model.pull_secret_decode import decode_pull_secret
    from runbook_lib.sources.kube_shape import misshapen
    from runbook_lib.vault import vault

    auth = base64.b64encode(b"iamapikey:" + b"k" * rng.randint(0, 50)).decode()
    entry = {"auth": auth, "username": "iamapikey", "password": "p" * 12, "email": "a@b"}
    key = rng.choice([".dockerconfigjson", ".dockercfg"])
    body = {"auths": {"us.icr.io": entry, "https://*.icr.io/v1/": dict(entry)}}
    payload = hostile.as_json(hostile.mutated(body if key == ".dockerconfigjson" else body["auths"], rng))
    payload = hostile.garbled(payload, rng) if rng.random() < 0.4 else payload
    encoded = base64.b64encode(payload).decode()
    manifest = {
        "kind": "Secret",
        "type": f"kubernetes.io/{key.strip('.')}",
        "data": {key: encoded},
        "metadata": {
            "name": "s",
            "namespace": "shop",
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": json.dumps(
                    {"kind": "Secret", "data": {key: encoded}}
                )
            },
        },
    }
    manifest = hostile.mutated(manifest, rng) if rng.random() < 0.5 else manifest
    if not isinstance(manifest, dict):
        return
    vault().register_secret(manifest)
    if misshapen("secrets", manifest):
        return
    decoded = decode_pull_secret(manifest)
    ref = parse_image("us.icr.io/shop/web:1.0").ref
    assert ref is not None
    lookup([decoded], ref)
    assert "p" * 12 not in repr(decoded)


class _Transport:
    """Answers each request of a registry question with something else."""

    plain_http: frozenset[str] = frozenset()

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._sent = rng, 0

    def get(self, url: str, headers: Mapping[str, str], limit: int) -> Any:
        return _reply(self._rng, url, limit)

    get_once = get

    def post_form(self, url: str, form: Mapping[str, str], limit: int) -> Any:
        return _reply(self._rng, url, limit)


_MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.index.v1+json",
    "manifests": [
        {
            "digest": "sha256:" + "0" * 64,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "platform": {"os": "linux", "architecture": "amd64", "variant": ""},
        }
    ],
    "config": {"digest": "sha256:" + "1" * 64},
    "layers": [],
    "token": "t" * 30,
    "errors": [{"code": "DENIED", "message": "no", "detail": {}}],
    "tags": ["1.0", "1.1"],
}
_HEADERS = (
    'Bearer realm="https://us.icr.io/oauth/token",service="registry",scope="repository:shop/web:pull"',
    "Bearer realm=https://us.icr.io/oauth/token,scope=repository:a/b:pull,push,,,=,",
    "Basic",
    "Basic realm=",
    'Bearer realm="',
    "Bearer realm=https://[::1/token",
    "Negotiate, Bearer",
    "," * 9000,
    'Bearer realm="\x00"',
    'Bearer error="invalid_token"',
)


def _reply(rng: random.Random, url: str, limit: int) -> Any:
    from requests.structures import CaseInsensitiveDict

    from runbook_lib.model.registry_answer import Answer
    from runbook_lib.sources.registry.failure import Failure
    from runbook_lib.sources.registry.transport import Reply

    if rng.random() < 0.05:
        return Failure(rng.choice(list(Answer)), "failed")
    body = hostile.as_json(hostile.mutated(_MANIFEST, rng))
    body = hostile.garbled(body, rng) if rng.random() < 0.3 else body
    media = rng.choice(["application/json", _MANIFEST["mediaType"], "text/html", "\x00", ""])
    headers = CaseInsensitiveDict({"Content-Type": str(media), "WWW-Authenticate": rng.choice(_HEADERS)})
    status = rng.choice([200, 200, 200, 206, 401, 401, 403, 404, 429, 500, 301, 418, 0])
    return Reply(status, rng.choice(["us.icr.io", "other.example", ""]), headers, body[:limit])


def registry(rng: random.Random) -> None:
    """A whole question to a registry that answers anything."""
    from runbook_lib.model.credential import Credential
    from runbook_lib.model.image_ref import parse_image
    from runbook_lib.sources.registry.platform import normalise
    from runbook_lib.sources.registry.question import Asked, Question
    from runbook_lib.vault import vault

    image = rng.choice(["us.icr.io/shop/web:1.0", "nginx", "quay.io/a/b@sha256:" + "2" * 64])
    ref = parse_image(image).ref
    assert ref is not None
    password = "registry-password-0"
    credential = Credential("iamapikey", vault().register(password)) if rng.random() < 0.7 else None
    node = normalise("linux", "amd64") if rng.random() < 0.7 else None
    asked = Asked(ref, credential, node, rng.random() < 0.5)
    answer = Question(_Transport(rng), asked).answer()  # type: ignore[arg-type]
    assert password not in repr(answer)
    assert _harmless(answer.text)


def cloud(rng: random.Random) -> None:
    """Every reading of IBM Cloud, with answers of any shape."""
    from ibm_cloud_sdk_core.http_adapter import SSLHTTPAdapter

    from runbook_lib.model.image_ref import RegistryHost
    from runbook_lib.sources.ibmcloud import IbmCloudSource, Login
    from runbook_lib.sources.ibmcloud.transport import GuardedAdapter
    from runbook_lib.vault import vault

    key = vault().register("operator-key-0123456789", "key")
    claims = {"iam_id": "iam-ServiceId-1", "exp": 4102444800, "account": {"bss": "a" * 32}, "name": "n", "sub": "s"}
    parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in ({"alg": "none"}, claims)]
    good = {"access_token": f"{parts[0]}.{parts[1]}.", "refresh_token": "r" * 20}
    shapes: Sequence[Any] = (
        {
            "policies": [
                {
                    "id": "p",
                    "type": "access",
                    "control": {"grant": {"roles": [{"role_id": "crn:r", "display_name": "Reader"}]}},
                    "resource": {"attributes": [{"key": "serviceName", "operator": "stringEquals", "value": "x"}]},
                }
            ],
            "next": {"start": "x"},
            "limit": 1,
        },
        {"groups": [{"id": "AccessGroupId-1", "name": "g"}], "limit": 1, "offset": 0, "total_count": 1},
        {"id": "x", "name": "n", "iam_id": "iam-ServiceId-1", "account_id": "a", "apikey": "k" * 30, "locked": False},
        {"rules": [{"id": "r", "contexts": [], "resources": []}], "custom_roles": [], "service_roles": []},
        {"limit": {"storage_bytes": 1, "traffic_bytes": 1}, "usage": {}, "plan": "Standard", "private_only": True},
        {"errors": [{"code": "BXNIM0415E", "message": "no"}], "errorCode": "BXNIM0415E", "errorMessage": "no"},
        [{"Id": "sha256:1", "RepoTags": ["us.icr.io/shop/web:1"], "Created": 1, "Size": 1, "name": "shop"}],
    )

    def send(_self: object, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        response = requests.Response()
        is_token = str(request.url).endswith("/identity/token")
        response.status_code = (
            200 if is_token and rng.random() < 0.8 else rng.choice([200] * 6 + [400, 401, 403, 404, 429, 500])
        )
        shape = good if is_token else rng.choice(shapes)
        body = hostile.as_json(hostile.mutated(shape, rng) if not is_token or rng.random() < 0.3 else shape)
        body = hostile.garbled(body, rng) if rng.random() < 0.1 else body
        response._content, response._content_consumed = body, True  # type: ignore[attr-defined]
        response.headers["Content-Type"] = rng.choice(["application/json"] * 4 + ["text/html", ""])
        response.request, response.url = request, str(request.url)
        return response

    with patch.object(GuardedAdapter, "send", send), patch.object(SSLHTTPAdapter, "init_poolmanager", _no_pool):
        source, host = IbmCloudSource(Login("test", key=key)), RegistryHost("us.icr.io")
        answers = [
            source.login_info(),
            source.images(host, "shop", "shop/web"),
            source.quota(host),
            source.plan(host),
            source.namespaces(host),
            source.account_flags(host),
            source.key_owner(key),
            source.api_key_details(key),
            source.service_id("iam-ServiceId-1"),
            source.policies("iam-ServiceId-1", ""),
            source.cbr_rules(),
            source.allowed_addresses(),
            source.cluster("shop-prod"),
        ]
    for answer in answers:
        assert getattr(answer, "why", "") != "defect", answer
    assert "operator-key-0123456789" not in repr(answers)


def _no_pool(_self: object, *_: object, **__: object) -> None:
    """In place of the SDK's pool of connections, which reads all certificate authorities and is never used here."""


def kube(rng: random.Random) -> None:
    """A live run on an API server that answers anything."""
    from urllib3 import PoolManager

    from runbook_lib.judge import Selectors, gather, open_cases, run_steps
    from runbook_lib.session import Session
    from runbook_lib.sources.cluster.connection import Connection
    from runbook_lib.sources.cluster.live import LiveCluster
    from runbook_lib.steps import ALL_STEPS, SECTIONS

    whole = rng.choice(_evidence())
    items = [i for i in whole["items"] if isinstance(i, dict)]

    def fetch(_self: object, path: str, _query: object, _seconds: float, _limit: int) -> tuple[int, bytes]:
        parts = path.strip("/").split("/")
        kinds = {
            "pods": "Pod",
            "events": "Event",
            "secrets": "Secret",
            "serviceaccounts": "ServiceAccount",
            "nodes": "Node",
        }
        kind = next((kinds[p] for p in parts if p in kinds), "")
        of_kind = [i for i in items if i.get("kind") == kind]
        single = parts[-1] not in kinds
        found = next((i for i in of_kind if (i.get("metadata") or {}).get("name") == parts[-1]), None)
        if single and kind and found is None:
            return 404, b'{"kind": "Status", "message": "not found"}'
        answer: Any = (
            (found or {"gitVersion": "v1"}) if single else {"kind": f"{kind}List", "metadata": {}, "items": of_kind}
        )
        answer = hostile.mutated(answer, rng) if rng.random() < 0.3 else answer
        body = hostile.as_json(answer)
        return rng.choice([200] * 9 + [403, 500]), hostile.garbled(body, rng) if rng.random() < 0.1 else body

    with patch.object(LiveCluster, "_fetch", fetch):
        connection = Connection("https://127.0.0.1:1", PoolManager(), str)
        cluster = LiveCluster(connection, name="c", default_namespace=_namespace(items))
        session = Session(cluster, default_namespace=cluster.default_namespace)
        selectors = Selectors()
        cases, chosen = open_cases(session, selectors)
        run_steps(cases[:2], ALL_STEPS)
        result = gather(session, cases[:2], selectors, chosen, list(SECTIONS))
    assert not result.has_defect, [(f.step, f.defect) for c in result.cases for f in c.findings if f.defect] + [
        d for c in result.cases for d in c.diagnosis.defects
    ]


def _namespace(items: Sequence[Mapping[str, Any]]) -> str:
    pods = [i for i in items if i.get("kind") == "Pod"]
    return str((pods[0].get("metadata") or {}).get("namespace") or "default") if pods else "default"


_ERRORS = (
    'Failed to pull image "us.icr.io/shop/web:1.0": rpc error: code = Unknown desc = failed to pull and unpack image '
    '"us.icr.io/shop/web:1.0": failed to resolve reference: pulling from host us.icr.io failed with status code '
    "[manifests 1.0]: 401 Unauthorized",
    'Back-off pulling image "nginx": ErrImagePull: initializing source docker://nginx:latest: reading manifest latest in '
    "docker.io/library/nginx: toomanyrequests: You have reached your pull rate limit.",
    'Get "https://us.icr.io/v2/": dial tcp: lookup us.icr.io on 10.0.0.10:53: no such host',
)


def error_text(rng: random.Random) -> None:
    """Error texts, parsed and explained."""
    from runbook_lib.model.pull_error import parse
    from runbook_lib.model.pull_error.explain import explain, to_json
    from runbook_lib.model.pull_error.find import find_messages

    text = rng.choice(_ERRORS)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text) + 1)
        text = (
            text[:at]
            + rng.choice([*hostile.NASTY_TEXTS, '": "', ": " * 50, "%", '\\"', "\n"])
            + text[at + rng.randint(0, 9) :]
        )
    errors = [parse(message) for message in find_messages(text) or [text]]
    for error in errors:
        explain(error)
        json.dumps(to_json(error))


TARGETS: Mapping[str, Callable[[random.Random], None]] = {
    "kubeconfig": kubeconfig,
    "bundle": bundle,
    "tar": tar,
    "parameters": parameters,
    "inventory": inventory,
    "secret": secret,
    "registry": registry,
    "cloud": cloud,
    "kube": kube,
    "error text": error_text,
}


def attempt(target: str, number: int) -> str:
    """Tries one input; returns how it ended. Raises AssertionError for anything but a value or bad input."""
    started = time.process_time()
    sentence = ""
    with in_environment({"NO_PROXY": "127.0.0.1"}):
        try:
            TARGETS[target](random.Random(number))
        except BadInput as told:
            sentence = str(told)
    assert len(sentence) < 20_000, f"{target}, seed {number}: a sentence of {len(sentence)} characters"
    took = time.process_time() - started
    assert took < SLOWEST, f"{target}, seed {number}: {took:.1f} s"
    return "bad input" if sentence else "value"


def tried(target: str, count: int) -> tuple[dict[str, int], dict[str, int]]:
    """Tries `count` inputs; returns how often each end was met, and the first seed that met it."""
    ends: dict[str, int] = {}
    firsts: dict[str, int] = {}

    @seed(20_260_101)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**63))
    def try_it(number: int) -> None:
        try:
            ended = attempt(target, number)
        except Exception as failure:
            last = failure.__traceback__
            while last and last.tb_next:
                last = last.tb_next
            place = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else ""
            ended = f"{type(failure).__name__} at {place}: {str(failure)[:100]!r}"[:150]
        firsts.setdefault(ended, number)
        ends[ended] = ends.get(ended, 0) + 1

    try_it()
    return ends, firsts


def main(arguments: Sequence[str]) -> int:
    """Tries N inputs a target (or of those that are named) and prints what came of them."""
    count, only = int(arguments[0]) if arguments else 100, arguments[1:]
    broken = 0
    for target in only or TARGETS:
        started = time.monotonic()
        ends, firsts = tried(target, count)
        values, told = ends.pop("value", 0), ends.pop("bad input", 0)
        bad = sum(ends.values())
        broken += bad
        took = time.monotonic() - started
        counts = f"{values} values, {told} told as bad input, {bad} exceptions"
        print(f"{target:12} {values + told + bad:7} inputs: {counts}, {took:.0f} s", flush=True)
        for name, times in sorted(ends.items(), key=lambda e: -e[1])[:12]:
            print(f"    {times:5} {name} (seed {firsts[name]})")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
