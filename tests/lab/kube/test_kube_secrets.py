"""Which secrets the API server accepts: typed ones must hold their key, and in it JSON."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from runbook_lib.lab.kube import ApiRefusal, ObjectStore

from .kube_manifests import secret

JSON_TYPE, CFG_TYPE = "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"
CONFIG = '{"auths": {"us.icr.io": {"username": "iamapikey", "password": "very-secret"}}}'


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param(JSON_TYPE, {".dockerconfigjson": CONFIG}, id="dockerconfigjson"),
        pytest.param(CFG_TYPE, {".dockercfg": '{"us.icr.io": {}}'}, id="dockercfg"),
        pytest.param(CFG_TYPE, {".dockercfg": CONFIG}, id="dockercfg holding auths: JSON all the same"),
        pytest.param(JSON_TYPE, {".dockerconfigjson": "{}"}, id="an empty object"),
        pytest.param("Opaque", {".dockerconfigjson": "no json"}, id="opaque holds anything"),
    ],
)
def test_accepted(store: ObjectStore, kind: str, data: dict[str, str]) -> None:
    made = store.create(secret("s", kind, **data))
    ((key, text),) = data.items()
    assert base64.b64decode(made["data"][key]).decode() == text
    assert "stringData" not in made


@pytest.mark.parametrize(
    ("kind", "data", "field", "reason"),
    [
        pytest.param(JSON_TYPE, {}, "data[.dockerconfigjson]", "FieldValueRequired", id="key missing"),
        pytest.param(JSON_TYPE, {".dockercfg": "{}"}, "data[.dockerconfigjson]", "FieldValueRequired", id="wrong key"),
        pytest.param(CFG_TYPE, {".dockerconfigjson": "{}"}, "data[.dockercfg]", "FieldValueRequired", id="other wrong"),
        pytest.param(
            JSON_TYPE,
            {".dockerconfigjson": "very-secret"},
            "data[.dockerconfigjson]",
            "FieldValueInvalid",
            id="no JSON",
        ),
        pytest.param(JSON_TYPE, {".dockerconfigjson": ""}, "data[.dockerconfigjson]", "FieldValueInvalid", id="empty"),
        pytest.param(CFG_TYPE, {".dockercfg": "[1]"}, "data[.dockercfg]", "FieldValueInvalid", id="a list"),
        pytest.param("kubernetes.io/tls", {"tls.crt": "x"}, "data[tls.key]", "FieldValueRequired", id="tls"),
    ],
)
def test_refused_with_422_that_names_the_field_and_shows_no_value(
    store: ObjectStore, kind: str, data: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(ApiRefusal) as refused:
        store.create(secret("s", kind, **data))
    status = refused.value.to_status()
    assert (status["code"], status["reason"]) == (422, "Invalid")
    assert [(c["field"], c["reason"]) for c in status["details"]["causes"]] == [(field, reason)]
    assert "very-secret" not in str(status)


def test_data_that_is_no_base64_is_a_400(store: ObjectStore) -> None:
    with pytest.raises(ApiRefusal, match="illegal base64 data") as refused:
        store.create({**secret("s", "Opaque"), "data": {"a": "%%%"}})
    assert refused.value.status == 400


def test_the_type_of_a_secret_never_changes(store: ObjectStore) -> None:
    made = store.create(secret("s", "Opaque", **{".dockerconfigjson": CONFIG}))
    with pytest.raises(ApiRefusal, match="field is immutable") as refused:
        store.update({**made, "type": JSON_TYPE})
    assert refused.value.to_status()["details"]["causes"][0]["field"] == "type"


def test_a_secret_marked_immutable_keeps_its_data(store: ObjectStore) -> None:
    made = store.create({**secret("s", "Opaque", a="1"), "immutable": True})
    with pytest.raises(ApiRefusal, match="field is immutable when `immutable` is set"):
        store.update({**made, "data": {"a": "Mg=="}})


def test_openshift_lists_a_generated_pull_secret_on_every_service_account(clock: Any) -> None:
    store = ObjectStore(clock, openshift=True, seed=1)
    store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    accounts = store.list("serviceaccounts", "shop")
    assert [a["metadata"]["name"] for a in accounts] == ["builder", "default", "deployer"]
    for account in accounts:
        (listed,) = account["imagePullSecrets"]
        assert listed["name"].startswith(f"{account['metadata']['name']}-dockercfg-")
        assert account["secrets"] == [listed]
        generated = store.get("secrets", "shop", listed["name"])
        assert generated is not None
        assert generated["type"] == CFG_TYPE
