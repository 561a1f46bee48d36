"""A bundle that is handed on: nothing of a secret's values, of a pod's environment, or of its arguments is in it."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from runbook_lib.cli import cli
from runbook_lib.collecting import collect
from runbook_lib.lab import Lab
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.kube import ClusterIdentity
from runbook_lib.vault import vault
from runbook_lib.vault.files import write_private

from .canary import Canary
from .runs import in_environment

PASSWORD = "a-plain-password-4711"
LATER = "a-password-of-another-project-12"
TOLD = "told-in-a-status-0815"
HIDDEN = ("env-value-0123456789", "argument-0123456789", "command-0123456789", "annotation-0123456789")


def secret(name: str, namespace: str, password: str, username: str = "iamapikey") -> dict[str, Any]:
    payload = json.dumps({"auths": {"us.icr.io": {"username": username, "password": password}}}).encode()
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/dockerconfigjson",
        "metadata": {"name": name, "namespace": namespace, "labels": {"copied-from": LATER}},
        "data": {".dockerconfigjson": base64.b64encode(payload).decode()},
    }


def pod(message: str) -> dict[str, Any]:
    container = {
        "name": "app",
        "image": "us.icr.io/shop/web:1.0",
        "env": [{"name": "KEY", "value": HIDDEN[0]}],
        "args": [HIDDEN[1]],
        "command": [HIDDEN[2]],
    }
    waiting = {"name": "app", "state": {"waiting": {"reason": "ErrImagePull", "message": message}}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop", "annotations": {"last": HIDDEN[3]}},
        "spec": {"containers": [container], "initContainers": [container]},
        "status": {"phase": "Pending", "containerStatuses": [waiting]},
    }


class Saved:
    """A cluster of these objects, which registers secrets when they are read, as the live one does."""

    def __init__(self, objects: Sequence[Mapping[str, Any]]) -> None:
        self.objects = objects

    def get(self, resource: str, namespace: str, name: str) -> Unavailable:
        return Unavailable(f"{resource} {namespace} {name}", Why.FORBIDDEN, "no")

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Any:
        if resource == "nodes":
            return Unavailable("nodes", Why.SERVER_ERROR, f"the API server said {fields}{TOLD}, {PASSWORD}")
        kinds = {"pods": "Pod", "secrets": "Secret"}
        space = {"namespace": namespace}
        found = [o for o in self.objects if o["kind"] == kinds.get(resource) and space.items() <= o["metadata"].items()]
        for item in found:
            if resource == "secrets":
                vault().register_secret(item)
        return found

    def identity(self) -> ClusterIdentity:
        return ClusterIdentity(kind="live", name="shop", server="https://api.shop.example")


def test_nothing_that_a_secret_holds_is_in_a_bundle():
    """Whichever is read first: a pod's message, a label or a user's name may repeat what a later secret holds."""
    objects = [
        pod(f"denied for iamapikey:{PASSWORD} and {LATER}"),
        secret("one", "shop", PASSWORD),
        secret("two", "default", LATER, username=PASSWORD),
    ]
    canary = Canary()
    canary.know(PASSWORD, LATER)
    with in_environment({}):
        text = json.dumps(collect(Saved(objects), ["shop"]))  # type: ignore[arg-type]
    assert "denied for iamapikey:" in text
    assert canary.look("bundle", text) == []
    assert not [value for value in HIDDEN if value in text]


def test_a_bundle_that_was_collected_is_whole_and_its_owners_only(tmp_path):
    """As every file that is written here; a file of that name is replaced."""
    path = tmp_path / "shop.json"
    path.write_text("older")
    with Lab("no-pull-secret") as lab, in_environment(lab.env):
        assert CliRunner().invoke(cli, ["collect", "-n", "shop", "-o", str(path)]).exit_code == 0
    assert json.loads(path.read_text())["kind"] == "List"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["shop.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_a_device_is_written_to_and_not_replaced(tmp_path):
    """`-o /dev/stdout`: what is there is no file that a new one could take the place of."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_private(Path(path), b"whole")
        assert os.read(reading, 100) == b"whole"
    finally:
        os.close(reading)
    assert stat.S_ISFIFO(path.stat().st_mode)
