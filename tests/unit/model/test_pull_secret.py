"""Pull secrets are decoded as the kubelet decodes them; what is wrong is said, the credential never."""

import base64
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_lib.model.pull_secret import Fault
from runbook_lib.model.pull_secret_decode import decode_pull_secret
from runbook_lib.vault import Vault, use, vault

KEY = "kM3nQ-a-key-that-nobody-should-see-9fT2"
JSON_TYPE, CFG_TYPE = "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def raw(payload: object, *, key: str = ".dockerconfigjson", type_: str = JSON_TYPE, **metadata):
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return {
        "kind": "Secret",
        "type": type_,
        "metadata": {"name": "s", "namespace": "n", **metadata},
        "data": {key: b64(text)},
    }


def entry(username: str = "iamapikey", password: str = KEY, **more):
    return {"username": username, "password": password, **more}


def test_both_shapes_give_the_same_entries():
    new = decode_pull_secret(raw({"auths": {"us.icr.io": entry()}}))
    old = decode_pull_secret(raw({"us.icr.io": entry()}, key=".dockercfg", type_=CFG_TYPE))
    assert new.fault is old.fault is None
    assert new.entries == old.entries
    assert new.entries[0].password is not None
    assert new.entries[0].password.reveal() == KEY


@pytest.mark.parametrize("padding", ["=", ""], ids=["padded", "raw"])
def test_auth_overrides_username_and_password(padding):
    auth = b64(f"iamapikey:{KEY}:with:colons").rstrip("=")
    auth += "=" * (-len(auth) % 4) if padding else ""
    decoded = decode_pull_secret(raw({"auths": {"us.icr.io": entry("other", "wrong-one", auth=auth)}}))
    (only,) = decoded.entries
    assert only.username == "iamapikey"
    assert only.password is not None
    assert only.password.reveal() == f"{KEY}:with:colons"
    assert only.differs


@pytest.mark.parametrize(
    ("secret", "fault", "says"),
    [
        (raw("not json"), Fault.NOT_JSON, "not JSON"),
        (raw("[]"), Fault.NOT_JSON, "not an object"),
        (raw({"auths": {"h": "x"}}), Fault.NOT_JSON, "not an object"),
        (raw({"auths": {"h": {"username": 1}}}), Fault.NOT_JSON, "must be strings"),
        (raw({"auths": {"h": {"auth": "%%%"}}}), Fault.BAD_AUTH, "base64(username:password)"),
        (raw({"auths": {"h": {"auth": b64("nocolon")}}}), Fault.BAD_AUTH, "base64(username:password)"),
        (
            raw({"auths": {"us.icr.io": entry()}}, key=".dockercfg", type_=CFG_TYPE),
            Fault.WRONG_SHAPE,
            "host called auths",
        ),
        (raw({"us.icr.io": entry()}), Fault.WRONG_SHAPE, "without `auths`"),
        (raw({"auths": {}}), Fault.EMPTY, "no registry"),
        (raw({"auths": {"us.icr.io": entry()}}, type_="Opaque"), Fault.TYPE_WRONG, "does not go with"),
        (raw({"auths": {"us.icr.io": entry()}}, type_=CFG_TYPE), Fault.TYPE_WRONG, "does not go with"),
        (
            {"type": "Opaque", "metadata": {}, "data": {"password": b64("x")}},
            Fault.TYPE_WRONG,
            "no .dockerconfigjson",
        ),
        ({"type": JSON_TYPE, "metadata": {}, "data": {}}, Fault.EMPTY, "nothing"),
        ({"type": JSON_TYPE, "metadata": None, "data": None}, Fault.EMPTY, "nothing"),
    ],
)
def test_what_is_wrong_is_said_precisely(secret, fault, says):
    decoded = decode_pull_secret(secret)
    assert decoded.fault is fault
    assert says in decoded.fault_text
    assert KEY not in repr(decoded)


def test_entries_of_a_secret_of_the_wrong_type_are_shown_all_the_same():
    assert decode_pull_secret(raw({"auths": {"us.icr.io": entry()}}, type_="Opaque")).hosts == ("us.icr.io",)


@pytest.mark.parametrize(
    "payload",
    [
        {"auths": {"us.icr.io": None}},
        {"AUTHS": {"us.icr.io": {"Username": "iamapikey", "PASSWORD": KEY}}},
        {"auths": {"us.icr.io": {"auth": b64(f"iamapikey:{KEY}")[:20] + "\n" + b64(f"iamapikey:{KEY}")[20:]}}},
        {"auths": {"us.icr.io": {"auth": base64.b64encode(b"iamapikey:\xff\xfe-not-utf8").decode()}}},
    ],
    ids=["null entry", "letter case", "line break in auth", "not UTF-8"],
)
def test_what_go_decodes_is_decoded(payload):
    decoded = decode_pull_secret(raw(payload))
    assert decoded.fault is None
    assert decoded.hosts == ("us.icr.io",)


def test_an_empty_password_is_no_credential():
    (only,) = decode_pull_secret(raw({"auths": {"us.icr.io": entry(password="")}})).entries
    assert not only.has_credential


def test_values_that_must_gather_took_out_are_elided_and_not_malformed():
    for value in (b64("42 bytes long"), "42 bytes long"):
        secret = {"type": JSON_TYPE, "metadata": {"name": "s"}, "data": {".dockerconfigjson": value}}
        decoded = decode_pull_secret(secret)
        assert decoded.elided
        assert decoded.fault is None
        assert decoded.entries == ()


def test_a_generated_secret_names_its_service_account():
    annotations = {"kubernetes.io/service-account.name": "default"}
    assert decode_pull_secret(raw({"auths": {"h": entry()}}, annotations=annotations)).generated_for == "default"


def test_a_credential_never_prints():
    with use(Vault()):
        decoded = decode_pull_secret(raw({"auths": {"us.icr.io": entry(auth=b64(f"iamapikey:{KEY}"))}}))
        shown = f"{decoded!r} {decoded} {dataclasses.asdict(decoded)}"
        assert KEY not in shown
        assert b64(f"iamapikey:{KEY}") not in shown
        assert KEY not in vault().scrub(f"someone printed {KEY}")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_json_is_decoded_without_an_exception(payload):
    decode_pull_secret(raw(payload))
    decode_pull_secret(raw({"auths": payload}))
    decode_pull_secret(raw({"auths": {"h": payload}}))
