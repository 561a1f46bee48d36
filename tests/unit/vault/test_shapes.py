"""Credentials that were never registered are told by their shape; reports are full of words that are none."""

from __future__ import annotations

import base64
import json

import pytest

from runbook_lib.vault import Vault

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"
JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpYW1faWQiOiJJQk1pZC0xIiwiaWQiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
AUTH = base64.b64encode(f"iamapikey:{KEY}".encode()).decode()
DOCKER = {"auths": {"us.icr.io": {"username": "iamapikey", "password": KEY, "auth": AUTH}}}
PAYLOAD = base64.b64encode(json.dumps(DOCKER).encode()).decode()
INDENTED = base64.b64encode(json.dumps(DOCKER, indent=2).encode()).decode()
APPLIED = json.dumps(
    {"kind": "Secret", "data": {".dockerconfigjson": PAYLOAD}, "stringData": {"password": "hunter2-hunter2"}}
)
MANIFEST = {"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": APPLIED}}}
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nqqqq\n-----END RSA PRIVATE KEY-----"

SHOWN = {
    "JSON password": ('{"password":"hunter2"}', "hunter2"),
    "JSON password, escaped": (r"{\"password\":\"hunter2-x\"}", "hunter2-x"),
    "JSON password, escaped twice": (r"{\\\"password\\\" : \\\"hunter2-x\\\"}", "hunter2-x"),
    "JSON password in HTML": ("{&quot;password&quot;: &quot;hunter2-x&quot;}", "hunter2-x"),
    "JSON password with a quote in it": (r'{"password":"hun\"ter2-x","a":1}', "ter2-x"),
    "JSON password, cut off": ('message: {"password":"hunter2-x', "hunter2-x"),
    "JSON apikey": ('"apikey": "0123-not-44"', "0123-not-44"),
    "a field that ends in password": ('"imagePullPassword": "hunter2-x"', "hunter2-x"),
    "repr of a dict": ("{'password': 'hunter2-x'}", "hunter2-x"),
    "JSON auth": (f'{{"auth":"{AUTH}"}}', AUTH),
    "JSON auth of a short login": ('{"auth":"dTpwYXNz"}', "dTpwYXNz"),
    "JSON identitytoken": ('{"identitytoken":"0f9e8d7c6b5a49382716"}', "0f9e8d7c6b5a49382716"),
    "JSON refresh_token": ('{"refresh_token":"OKDnWvvQ-0f9e8d7c6b5a"}', "OKDnWvvQ-0f9e8d7c6b5a"),
    "JWT": (f"got {JWT}, and", JWT),
    "JWT cut off in its signature": (JWT[:-20], JWT[:-20]),
    "Authorization: Basic": (f"Authorization: Basic {AUTH}", AUTH),
    "Authorization: Bearer": ("authorization: Bearer 0f9e8d7c6b5a49382716", "0f9e8d7c6b5a49382716"),
    "Authorization in a header dict": ("{'Authorization': 'Bearer opaque-opaque'}", "opaque-opaque"),
    "curl header": (f'curl -H "Authorization: Basic {AUTH}" https://us.icr.io/v2/', AUTH),
    "Basic alone": (f"sent Basic {AUTH} and was refused", AUTH),
    "IAM-ApiKey header": (f"IAM-ApiKey: {KEY}", KEY),
    "IBM key after the word": (f"the API key {KEY} is disabled", KEY),
    "IBM key in a command": (f"ibmcloud login --apikey {KEY} -r us-south", KEY),
    "docker-password option": ("--docker-password=hunter2-x --docker-email=a@b.c", "hunter2-x"),
    "environment": (f"IBMCLOUD_API_KEY={KEY}", KEY),
    "form body": ("grant_type=x&apikey=0f9e8d7c6b5a&response_type=y", "0f9e8d7c6b5a"),
    "YAML line": ("stringData:\n  password: hunter2-x\n", "hunter2-x"),
    "user info of a URL": ("GET https://user:hunter2@us.icr.io/v2/", "hunter2"),
    "token in a URL": ("https://0f9e8d7c6b5a49382716@host/x", "0f9e8d7c6b5a49382716"),
    "dockerconfigjson, base64": (f"  payload: {PAYLOAD}\n", PAYLOAD[:40]),
    "dockerconfigjson, base64, its field": (f"  .dockerconfigjson: {PAYLOAD}\n", PAYLOAD[:40]),
    "indented dockerconfigjson, base64": (f"x {INDENTED} y", INDENTED[:40]),
    "dockerconfigjson, base64 in lines": (
        base64.encodebytes(json.dumps(DOCKER).encode()).decode(),
        PAYLOAD[80:120],
    ),
    "last-applied annotation": (json.dumps(MANIFEST), "hunter2-hunter2"),
    "last-applied annotation, payload": (json.dumps(MANIFEST), PAYLOAD[:40]),
    "last-applied annotation, dumped again": (json.dumps(json.dumps(MANIFEST)), PAYLOAD[:40]),
    "private key": (f"found\n{PEM}\nhere", "MIIEowIBAAKCAQEA"),
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN.keys())
def test_what_looks_like_a_credential_is_replaced(own_vault: Vault, text: str, shown: str) -> None:
    """The last scan sees it, the scrubbed text no longer shows it, and scrubbing again changes nothing."""
    assert shown in text
    assert own_vault.findings(text)
    scrubbed = own_vault.scrub(text)
    assert shown not in scrubbed
    assert "#1»" in scrubbed
    assert own_vault.scrub(scrubbed) == scrubbed
    assert own_vault.findings(scrubbed) == []


INNOCENT = {
    "a challenge": "Www-Authenticate: Bearer realm=https://icr.io/oauth/token, service=registry, scope=a",
    "a quoted challenge": 'Bearer realm="https://us.icr.io/oauth/token",service="registry"',
    "basic authentication in words": "Basic authentication failed: the password is not accepted",
    "a digest": "us.icr.io/team/app@sha256:" + "0123456789abcdef" * 4,
    "the ID of an API key": "API key ApiKey-3b1f2c4d-1111-2222-3333-444455556666 is disabled",
    "a service ID": "iam-ServiceId-3b1f2c4d-1111-2222-3333-444455556666 of the key",
    "an empty password": '{"password":"","auth":""}',
    "a placeholder": '{"password":"<api_key>","auth":"***"} password=<yours> --apikey $IBMCLOUD_API_KEY',
    "a state": '{"password": "missing", "auth": "present"}',
    "a refusal in words": "may require authorization: server message: insufficient_scope: failed",
    "a refusal of a scope": "authorization: insufficient_scope, token us.icr.io/namespace/image:tag",
    "a line of code": "login(password=args.password, token=bearer_token)",
    "lines of code": "  password: Secret\n  password: str\n  'password': credential.password.reveal(),\n",
    "a list of headers": '["authorization", "iam-apikey", "x-auth-token", "x-registry-auth"]',
    "a setting of the account": '{"restrict_create_platform_apikey": "NOT_SET"}',
    "an abbreviated example": "  .dockerconfigjson: eyJyZWdp...==\n",
    "a name of a secret": '{"secret": "all-icr-io", "imagePullSecrets": [{"name": "default-dockercfg-x"}]}',
    "a key of a secret": '{"secretKeyRef": {"key": "password", "name": "db-credentials"}}',
    "the URL of a token endpoint": '{"token": "https://us.icr.io/oauth/token", "auth": "https://iam.cloud.ibm.com/identity"}',
    "prose": "username and password: the registry refuses both. token: see step 5.",
    "an image and a port": "docker://registry.local:5000/team/app@sha256:" + "ab" * 32,
    "an event": 'Failed to pull image "us.icr.io/t/a:1": desc = unauthorized: authentication required',
    "base64 of JSON without a credential": base64.b64encode(
        json.dumps({"auths": {"us.icr.io": {}}, "n": 1}).encode()
    ).decode(),
    "a long name in a credential's sentence": "secret " + "default-docker-config-for-the-internal-registry-4x",
    "code": "password = secret.reveal() if secret else None",
    "sections": '{"api-key": "Pull secrets that use an API key", "token": "registry_token.ipynb"}',
    "steps": "api-key/3.4 token/5 key=value auth=none",
    "marks": '{"password":"«key #1»"} Authorization: Basic «key #2» https://u:«password #1»@h/',
    "marks in JSON": json.dumps({"password": "«key #1»", "auth": "«credential #12»"}),
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT.keys())
def test_what_is_none_stays(own_vault: Vault, text: str) -> None:
    """The words of events, challenges, identifiers and the runbook itself are not touched."""
    assert own_vault.scrub(text) == text
    assert own_vault.findings(text) == []


def test_a_shape_takes_the_name_of_the_value_once_registered(own_vault: Vault) -> None:
    """One credential has one name, whether it was seen in a text or read from its secret first."""
    assert own_vault.scrub(f"IAM-ApiKey: {KEY}") == "IAM-ApiKey: «credential #1»"
    assert own_vault.register(KEY, "key").name == "credential #1"


def test_a_shape_does_not_make_its_value_a_word_to_look_for(own_vault: Vault) -> None:
    """An example `"password": "kubernetes"` in a text must not eat that word elsewhere."""
    scrubbed = own_vault.scrub('{"password": "kubernetes"} on kubernetes')
    assert scrubbed == '{"password": "«password #1»"} on kubernetes'


def test_letters_that_grow_in_lower_case_do_not_shift_the_place(own_vault: Vault) -> None:
    """Offsets are those of the text, not of its lower case."""
    assert own_vault.scrub('İİİ {"PASSWORD":"hunter2-x"}') == 'İİİ {"PASSWORD":"«password #1»"}'


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit",
    [
        "/eyJ",
        "eyJ\n",
        "password: ",
        "xxxxxpassword:  ",
        "-----BEGIN PRIVATE KEY-----",
        '"password":\'{',
        "://a:",
    ],
)
def test_hostile_text_does_not_hold_the_run_up(own_vault: Vault, unit: str) -> None:
    """Beginnings of credentials without end are looked at once, not each to the end of the text."""
    text = unit * (100_000 // len(unit))
    scrubbed = own_vault.scrub(text)
    assert own_vault.findings(scrubbed) == []
