"""A plain context is read without the official client, and means exactly what that makes of it."""

from __future__ import annotations

import base64
import copy
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import trustme
import yaml
from kubernetes import client
from urllib3.util.ssl_ import create_urllib3_context

from runbook_lib.sources.cluster.kubeconfig import Kubeconfig
from runbook_lib.sources.cluster.plain import PlainContext, plain_context
from runbook_lib.vault import Vault, use

TOKEN = "sha256~a-token-of-the-file-0123456789"
AUTHORITY = trustme.CA().cert_pem.bytes()
PEM = base64.b64encode(AUTHORITY).decode()


def document(server: dict[str, Any] | None = None, user: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "clusters": [{"name": "c", "cluster": {"server": "https://api.example.com:6443", **(server or {})}}],
        "users": [{"name": "u", "user": {"token": TOKEN} if user is None else user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
        "current-context": "x",
    }


def read(made: object, own: Vault | None = None, **variables: str) -> PlainContext | None:
    kept = {k: v for k, v in os.environ.items() if "PROXY" not in k.upper()}
    with patch.dict(os.environ, {**kept, **variables}, clear=True), use(own or Vault()):
        return plain_context(made, "x")


PLAIN = {
    "as oc login writes it": document(),
    "with an authority": document({"certificate-authority-data": PEM}),
    "an empty authority": document({"certificate-authority-data": ""}),
    "a slash at the end": document({"server": "https://api.example.com/"}),
    "a path": document({"server": "https://rancher.example.com/k8s/clusters/c-1"}),
    "not verified": document({"insecure-skip-tls-verify": True}),
    "verified in so many words": document({"insecure-skip-tls-verify": False, "certificate-authority-data": PEM}),
    "an extension": document({"extensions": [{"name": "minikube", "extension": {"version": "1"}}]}),
    "no login": document(user={}),
}


@pytest.mark.parametrize("made", PLAIN.values(), ids=PLAIN.keys())
def test_a_plain_context_means_what_the_official_client_makes_of_it(made, tmp_path):
    """The client is the measure: server, verification, authorities and the header that logs in."""
    plain = read(copy.deepcopy(made))
    assert plain is not None
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(made))
    configuration = client.Configuration()
    with use(Vault()):
        Kubeconfig(str(path)).apply("x", configuration)
    headers: dict[str, str] = {}
    client.ApiClient(configuration).update_params_for_auth(headers, [], ["BearerToken"])
    assert plain.server == configuration.host
    assert plain.authorization() == headers.get("authorization", "")
    assert plain.verify == configuration.verify_ssl
    assert plain.authority == (Path(configuration.ssl_ca_cert).read_bytes() if configuration.ssl_ca_cert else b"")


def test_the_authority_of_the_file_is_the_only_one():
    """A machine's own authorities do not vouch for a cluster that names another one."""
    plain = read(PLAIN["with an authority"])
    assert plain is not None
    context = plain.pool().connection_pool_kw["ssl_context"]
    expected = create_urllib3_context()
    expected.load_verify_locations(cadata=AUTHORITY.decode())
    assert context.get_ca_certs() == expected.get_ca_certs()


def without(made: dict[str, Any], section: str) -> dict[str, Any]:
    return {name: value for name, value in made.items() if name != section}


def twice(made: dict[str, Any], section: str) -> dict[str, Any]:
    return {**made, section: [*made[section], *made[section]]}


NOT_PLAIN = {
    "no document": None,
    "a list": [document()],
    "no clusters": without(document(), "clusters"),
    "no contexts": without(document(), "contexts"),
    "a user that is not there": without(document(), "users"),
    "two clusters of one name": twice(document(), "clusters"),
    "two users of one name": twice(document(), "users"),
    "no TLS": document({"server": "http://127.0.0.1:8001"}),
    "a server that is none": document({"server": 6443}),
    "an authority in a file": document({"certificate-authority": "ca.crt"}),
    "an authority that is no base64": document({"certificate-authority-data": "-----BEGIN"}),
    "an authority that is a number": document({"certificate-authority-data": 1}),
    "an authority that is no text": document({"certificate-authority-data": "/////w=="}),
    "another name in the certificate": document({"tls-server-name": "kubernetes"}),
    "a proxy of its own": document({"proxy-url": "socks5://127.0.0.1:1080"}),
    "verified by a word": document({"insecure-skip-tls-verify": "no"}),
    "a program": document(user={"exec": {"command": "oc"}}),
    "OpenID": document(user={"auth-provider": {"name": "oidc"}}),
    "a token in a file": document(user={"tokenFile": "token"}),
    "a token that is a number": document(user={"token": 1234567890}),
    "a client certificate": document(user={"client-certificate-data": PEM, "client-key-data": PEM}),
    "a password": document(user={"username": "admin", "password": "a-password-0123"}),
}


@pytest.mark.parametrize("made", NOT_PLAIN.values(), ids=NOT_PLAIN.keys())
def test_anything_else_is_the_official_clients(made):
    assert read(made) is None


PROXIES = {
    "one for all": ({"HTTPS_PROXY": "http://127.0.0.1:3128"}, False),
    "one in small letters": ({"https_proxy": "http://127.0.0.1:3128"}, False),
    "not for this server": ({"HTTPS_PROXY": "http://127.0.0.1:3128", "NO_PROXY": "localhost,.example.com"}, True),
    "not for another server": ({"HTTPS_PROXY": "http://127.0.0.1:3128", "NO_PROXY": "example.org"}, False),
    "for nobody": ({"HTTPS_PROXY": "http://127.0.0.1:3128", "no_proxy": "*"}, True),
    "NO_PROXY alone": ({"NO_PROXY": "example.org"}, True),
}


@pytest.mark.parametrize(("variables", "is_plain"), PROXIES.values(), ids=PROXIES.keys())
def test_a_proxy_is_the_official_clients_business(variables, is_plain):
    assert (read(document(), **variables) is not None) == is_plain


def test_the_token_is_known_to_the_vault_and_shown_by_nothing():
    own = Vault()
    plain = read(document(), own)
    assert TOKEN not in own.scrub(f"see {TOKEN}")
    assert TOKEN not in repr(plain)
