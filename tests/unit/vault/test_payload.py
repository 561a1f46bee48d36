"""The payload of a secret registers the credentials inside it, and not what the reader needs to see."""

from __future__ import annotations

import base64
import json

import pytest

from runbook_lib.vault import Vault

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"
AUTH = base64.b64encode(f"iamapikey:{KEY}".encode()).decode()
ENTRY = {"username": "iamapikey", "password": KEY, "auth": AUTH, "email": "team@example.com"}
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"

PAYLOADS = {
    "dockerconfigjson": json.dumps({"auths": {"us.icr.io": ENTRY}}),
    "dockercfg": json.dumps({"us.icr.io": ENTRY}),
    "auths inside dockercfg": json.dumps({"auths": {"us.icr.io": ENTRY}}, indent=2),
    "auth only": json.dumps({"auths": {"us.icr.io": {"auth": AUTH}}}),
    "auth only, unpadded": json.dumps({"auths": {"us.icr.io": {"auth": AUTH.rstrip("=")}}}),
    "password only": json.dumps({"auths": {"us.icr.io": {"username": "iamapikey", "password": KEY}}}),
    "nested in a list": json.dumps([{"x": [{"apikey": KEY}]}]),
    "lines": f"url=https://us.icr.io\nAPI_KEY={KEY}\n",
    "YAML lines": f"registry: us.icr.io\npassword: '{KEY}'\n",
    "plain": KEY,
    "plain with a newline": KEY + "\n",
    "a JSON string": json.dumps(KEY),
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_each_credential_inside_is_found_by_itself(own_vault: Vault, payload: str) -> None:
    """The key is replaced wherever it turns up alone, and the payload as a whole and in base64."""
    own_vault.register_payload(payload.encode())
    encoded = base64.b64encode(payload.encode()).decode()
    for text in (f"x {KEY} y", f"data: {encoded}", payload):
        scrubbed = own_vault.scrub(text)
        assert KEY not in scrubbed
        assert AUTH.rstrip("=") not in scrubbed
        assert own_vault.findings(scrubbed) == []
    assert encoded not in own_vault.scrub(encoded)


def test_hosts_and_usernames_stay_readable(own_vault: Vault) -> None:
    """What tells the reader which registry and what kind of login is meant is no secret."""
    own_vault.register_payload(PAYLOADS["dockerconfigjson"])
    text = "us.icr.io as iamapikey, team@example.com"
    assert own_vault.scrub(text) == text


@pytest.mark.parametrize("payload", ['{"auths":{}}', '{"auths": {"us.icr.io": {}}}', "[]", "{}"])
def test_a_document_without_a_credential_is_not_looked_for(own_vault: Vault, payload: str) -> None:
    """An empty Docker configuration is evidence, and has to be shown."""
    own_vault.register_payload(payload)
    assert own_vault.scrub(f"found {payload}") == f"found {payload}"


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"[" * 5000, b'{"a": 1e999}', b'{"auth": null}'])
def test_garbage_is_taken_in(own_vault: Vault, payload: bytes) -> None:
    """What a secret holds may be anything; registering it never fails."""
    assert own_vault.register_payload(payload).reveal_bytes() == payload


def test_a_key_file_is_found_line_by_line(own_vault: Vault) -> None:
    """Indented in YAML or cut in a log, the lines of a private key are still it; its frame is not."""
    own_vault.register_payload(f"-----BEGIN FOO-----\n{BODY}\n{BODY[::-1]}\n-----END FOO-----\n", "key")
    scrubbed = own_vault.scrub(f"    -----BEGIN FOO-----\n    {BODY}\n")
    assert "-----BEGIN FOO-----" in scrubbed
    assert BODY not in scrubbed


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_secret_manifest_is_taken_in_whole(own_vault: Vault) -> None:
    """data, stringData and the copy in the last-applied annotation, with data that is not base64 too."""
    applied = {
        "kind": "Secret",
        "data": {"old": _b64("old-value-old")},
        "stringData": {"plain": "applied-plain-value"},
    }
    manifest = {
        "kind": "Secret",
        "metadata": {
            "name": "all-icr-io",
            "namespace": "team-a-production",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(applied)},
        },
        "data": {".dockerconfigjson": _b64(PAYLOADS["dockerconfigjson"]), "odd": "no base64 at all!"},
        "stringData": {"other": "string-data-value"},
    }
    own_vault.register_secret(manifest)
    for value in (
        KEY,
        AUTH,
        "old-value-old",
        "applied-plain-value",
        "no base64 at all!",
        "string-data-value",
    ):
        assert value not in own_vault.scrub(f"<{value}>")
    dumped = own_vault.scrub(json.dumps(manifest))
    for value in (KEY, AUTH, _b64("old-value-old"), "applied-plain-value", "string-data-value"):
        assert value not in dumped
    assert own_vault.findings(dumped) == []
    assert "team-a-production" in dumped
    assert "all-icr-io" in dumped


def test_a_service_account_token_secret_leaves_its_namespace_readable(own_vault: Vault) -> None:
    """`namespace` and the certificates stand beside the token; a report without namespaces is none."""
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
    data = {"namespace": _b64("team-a-production"), "ca.crt": _b64("certificate-data"), "token": _b64(token)}
    own_vault.register_secret({"data": data})
    assert own_vault.scrub("team-a-production certificate-data") == "team-a-production certificate-data"
    assert "eyJhbGci" not in own_vault.scrub(_b64(token) + " " + token[:40] + token[40:])


@pytest.mark.parametrize(
    "manifest",
    [{}, {"data": None}, {"data": []}, {"data": {"a": 1}}, {"metadata": {"annotations": None}},
     {"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{not json"}}}],
)  # fmt: skip
def test_manifests_of_the_wrong_shape_are_taken_in(own_vault: Vault, manifest: dict[str, object]) -> None:
    """A hand-written bundle may hold anything under these names."""
    own_vault.register_secret(manifest)
