"""Logins of a kubeconfig: programs that get one, OpenID, several files; and what none of them may do."""

from __future__ import annotations

import base64
import json
import logging
import os
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from runbook_lib.model.problem import BadInput
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.cluster import open_cluster

from .runs import in_environment

TOKEN = "a-token-from-a-program-0123456789"
LONG_AGO = 1_000_000_000
ESCAPE = "\x1b]0;owned\x07"
LOCAL = {"NO_PROXY": "*", "no_proxy": "*"}


def document(user: dict[str, Any], *, context: str = "c", current: str | None = "c") -> dict[str, Any]:
    whole = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": context, "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": context, "user": user}],
        "contexts": [{"name": context, "context": {"cluster": context, "user": context, "namespace": f"of-{context}"}}],
    }
    return whole if current is None else {**whole, "current-context": current}


def written(folder: Path, user: dict[str, Any], name: str = "kubeconfig", **options: Any) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(document(user, **options)))
    return path


def program(folder: Path, *, says: str = "", errs: str = "", code: int = 0) -> dict[str, Any]:
    """A login program that prints what it is given."""
    path = folder / "login-program"
    (folder / "says").write_text(says)
    (folder / "errs").write_text(errs)
    path.write_text(f"#!/bin/sh\ncat '{folder}/says'\ncat '{folder}/errs' >&2\nexit {code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(path)}}


def answer(**status: Any) -> str:
    head = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    return json.dumps({**head, "status": status})


def header(path: Path) -> str:
    return open_cluster(kubeconfig=str(path)).connection.headers()["authorization"]


def test_a_program_that_gives_a_token_is_run_and_its_token_is_known_at_once(tmp_path):
    """As `exec` of a kubeconfig says; the vault knows the token before anything is sent."""
    path = written(tmp_path, program(tmp_path, says=answer(token=TOKEN)))
    with in_environment(LOCAL) as vault:
        cluster = open_cluster(kubeconfig=str(path))
        assert TOKEN not in vault.scrub(f"see {TOKEN}")
        assert cluster.connection.headers()["authorization"] == f"Bearer {TOKEN}"


BROKEN = {
    "garbage": ({"says": f"{ESCAPE}not JSON {TOKEN}"}, "failed"),
    "an error that draws": ({"errs": f"{ESCAPE}\x1b[2J {TOKEN}", "code": 3}, "failed"),
    "a list": ({"says": "[1]"}, "failed"),
    "another version": ({"says": '{"apiVersion": "v9", "kind": "x", "status": {}}'}, "failed"),
    "no login": ({"says": answer()}, "gave no login"),
    "a token that is none": ({"says": answer(token={"x": 1})}, "gave no login"),
    "status that is none": ({"says": answer().replace("{}", "[]")}, "gave no login"),
    "certificate without key": ({"says": answer(clientCertificateData="x")}, "gave no login"),
    "certificate that is none": ({"says": answer(clientCertificateData="x", clientKeyData="y" * 20)}, "SSLError"),
    "an end that is none": ({"says": answer(token=TOKEN, expirationTimestamp=ESCAPE)}, "no time"),
}


@pytest.mark.parametrize(("made", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_a_program_that_gives_none_is_one_sentence(tmp_path, made, says, caplog, capfd):
    """It names the program; what it printed is neither repeated nor logged: it may hold anything."""
    path = written(tmp_path, program(tmp_path, **made))
    with caplog.at_level(logging.DEBUG), in_environment(LOCAL), pytest.raises(BadInput, match=says) as told:
        open_cluster(kubeconfig=str(path))
    shown = str(told.value) + caplog.text + "".join(capfd.readouterr())
    assert ESCAPE not in shown
    assert TOKEN not in shown


def test_a_program_that_is_not_there_is_named(tmp_path):
    """Kubeconfigs travel to machines without it."""
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login-program"}}
    with in_environment(LOCAL), pytest.raises(BadInput, match="no-such-login-program that gets the login is not there"):
        open_cluster(kubeconfig=str(written(tmp_path, user)))


def test_a_program_that_fails_later_makes_a_reading_unknown(tmp_path):
    """A token that has ended is asked for again with the next request; a failure then is no defect."""
    user = program(tmp_path, says=answer(token=TOKEN, expirationTimestamp="2001-01-01T00:00:00Z"))
    with in_environment(LOCAL):
        cluster = open_cluster(kubeconfig=str(written(tmp_path, user)))
        (tmp_path / "says").write_text("gone")
        refused = cluster.get("pods", "shop", "web")
    assert isinstance(refused, Unavailable)
    assert refused.why is Why.UNAUTHENTICATED
    assert "login-program" in refused.detail


def openid(expires: int) -> dict[str, Any]:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    token = f"{part({'alg': 'none'})}.{part({'exp': expires, 'x': 'yz'})}.c2lnbmF0dXJl"
    config = {
        "client-id": "kube",
        "client-secret": "client-secret-0123456789",
        "id-token": token,
        "refresh-token": "refresh-token-0123456789",
        "idp-issuer-url": "https://127.0.0.1:1/identity",
    }
    return {"auth-provider": {"name": "oidc", "config": config}}


def test_an_openid_login_is_used_while_it_lasts(tmp_path):
    user = openid(4_102_444_800)
    token = user["auth-provider"]["config"]["id-token"]
    with in_environment(LOCAL):
        assert header(written(tmp_path, user)) == f"Bearer {token}"


def test_an_openid_login_that_has_ended_is_not_renewed_here(tmp_path):
    """The client would renew it without verifying who it talks to, and write it into the file. kubectl does it."""
    path = written(tmp_path, openid(LONG_AGO))
    before = path.read_bytes()
    with in_environment(LOCAL), pytest.raises(BadInput, match="has expired; kubectl renews it"):
        open_cluster(kubeconfig=str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["id-token", "refresh-token", "client-secret"])
def test_every_credential_of_a_kubeconfig_is_known_once_it_is_read(tmp_path, name):
    """Those of contexts that are not used, too."""
    user = openid(LONG_AGO)
    document_ = document({"token": TOKEN})
    document_["users"].append({"name": "other", "user": {**user, "password": "other-password-1"}})
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(document_))
    with in_environment(LOCAL) as vault:
        open_cluster(kubeconfig=str(path))
        for value in (user["auth-provider"]["config"][name], "other-password-1", TOKEN):
            assert value not in vault.scrub(f"see {value}")


def test_of_several_files_the_first_one_says_which_context_is_current(tmp_path):
    """As kubectl reads KUBECONFIG; each file may hold what another lacks."""
    first = written(tmp_path, {"token": TOKEN}, "first", context="one", current="one")
    second = written(tmp_path, {"token": TOKEN}, "second", context="two", current="two")
    with in_environment({**LOCAL, "KUBECONFIG": f"{first}{os.pathsep}{second}"}):
        assert open_cluster().default_namespace == "of-one"
        assert open_cluster(context="two").default_namespace == "of-two"


def test_without_a_current_context_one_is_named(tmp_path):
    """The file is whole; a context on the command line is enough."""
    path = written(tmp_path, {"token": TOKEN}, current=None)
    with in_environment(LOCAL):
        assert open_cluster(kubeconfig=str(path), context="c").default_namespace == "of-c"
        with pytest.raises(BadInput, match=r"no current context\. Name one with --context\. It has: c"):
            open_cluster(kubeconfig=str(path))


def test_a_pod_without_a_service_account_is_one_sentence(tmp_path):
    """In a pod with automountServiceAccountToken: false there is a host and no token."""
    inside = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443", "HOME": str(tmp_path)}
    with in_environment({**inside, "KUBECONFIG": ""}), pytest.raises(BadInput, match="service account cannot be used"):
        open_cluster()
