"""Of a list of secrets no more is kept than is needed, and what is kept is in the vault."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest

from runbook_lib.model.pull_secret_decode import decode_pull_secret
from runbook_lib.triage.whole_lists import taker
from runbook_lib.vault import vault

PASSWORD = "not-a-real-password-4711"
INTERNAL = "image-registry.openshift-image-registry.svc:5000"


def secret(name, kind, key, content, **annotations):
    data = {key: base64.b64encode(json.dumps(content).encode()).decode()}
    metadata = {"name": name, "namespace": "shop", "annotations": annotations, "managedFields": [{}]}
    return {"metadata": metadata, "type": kind, "data": data}


def taken(*items, resource="secrets", registries=()):
    found = {}
    token = taker(resource, found, frozenset(registries))(json.dumps({"metadata": {}, "items": list(items)}).encode())
    assert token == ""
    return found


def test_a_pull_secret_is_kept_whole_and_its_password_is_in_the_vault():
    content = {"auths": {"us.icr.io": {"username": "iamapikey", "password": PASSWORD}}}
    found = taken(secret("s", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", content))
    (entry,) = decode_pull_secret(found["s"]).entries
    assert (entry.key, entry.has_credential) == ("us.icr.io", True)
    assert PASSWORD not in vault().scrub(f"x {PASSWORD} x")


def test_the_values_of_other_secrets_are_not_kept():
    """Of an Opaque secret that a pod names as its pull secret, the type and the keys tell what is wrong."""
    found = taken(secret("db", "Opaque", "password", PASSWORD, note=PASSWORD))
    assert PASSWORD not in str(found)
    assert base64.b64encode(json.dumps(PASSWORD).encode()).decode() not in str(found)
    assert decode_pull_secret(found["db"]).fault is not None
    assert decode_pull_secret(found["db"]).data_keys == ("password",)


def test_an_opaque_secret_with_the_right_key_is_kept():
    """The kubelet ignores it, and what it holds tells that it would have fitted."""
    content = {"auths": {"us.icr.io": {"username": "iamapikey", "password": PASSWORD}}}
    found = taken(secret("s", "Opaque", ".dockerconfigjson", content))
    assert decode_pull_secret(found["s"]).hosts == ("us.icr.io",)


@pytest.mark.parametrize(("failing", "is_kept"), [(["us.icr.io"], False), ([INTERNAL], True)])
def test_generated_credentials_are_kept_only_where_their_registry_fails(failing, is_kept):
    generated = secret(
        "default-dockercfg-x7k2p",
        "kubernetes.io/dockercfg",
        ".dockercfg",
        {INTERNAL: {"username": "<token>", "password": PASSWORD}},
        **{"openshift.io/internal-registry-auth-token.service-account": "default"},
    )
    raw = taken(generated, registries=failing)["default-dockercfg-x7k2p"]
    decoded = decode_pull_secret(raw)
    assert decoded.hosts == (INTERNAL,)
    assert decoded.generated_for == "default"
    assert (PASSWORD in base64.b64decode(raw["data"][".dockercfg"]).decode()) is is_kept
    assert all(entry.elided is not is_kept for entry in decoded.entries)


def test_of_a_node_only_what_it_says_of_itself_is_kept():
    node = {
        "metadata": {"name": "n"},
        "status": {"nodeInfo": {"architecture": "s390x"}, "images": [{"names": ["x"] * 50}]},
    }
    assert taken(node, resource="nodes")["n"] == {
        "metadata": {"name": "n"},
        "status": {"nodeInfo": {"architecture": "s390x"}},
    }


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"items": 1}', b'{"items": [{"metadata": 1}]}', b"<html>"])
def test_what_is_no_list_is_refused(body):
    with pytest.raises((msgspec.DecodeError, ValueError)):
        taker("secrets", {}, frozenset())(body)
