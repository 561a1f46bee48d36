"""The lab's keyring chooses credentials as the kubelet does."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.lab.kubelet import keyring
from runbook_lib.lab.kubelet.keyring import Credential

Obj = dict[str, Any]


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def secret(content: Any, kind: str = "kubernetes.io/dockerconfigjson", key: str = ".dockerconfigjson") -> Obj:
    raw = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return {"type": kind, "data": {key: encoded(raw)}}


def auths(*hosts: str) -> Obj:
    """One secret with an entry a host; the username tells which."""
    return secret({"auths": {host: {"auth": encoded(f"{host}:secret-word")} for host in hosts}})


@pytest.mark.parametrize(
    ("host", "repository", "matches"),
    [
        ("us.icr.io", "us.icr.io/demo/hello", True),
        ("us.icr.io", "uk.icr.io/demo/hello", False),
        ("icr.io", "us.icr.io/demo/hello", False),
        ("https://us.icr.io", "us.icr.io/demo/hello", True),
        ("https://us.icr.io/v1/", "us.icr.io/demo/hello", True),
        ("https://us.icr.io/v2/", "us.icr.io/demo/hello", True),
        ("us.icr.io/v2/", "us.icr.io/demo/hello", True),
        ("us.icr.io/", "us.icr.io/demo/hello", True),
        ("*.icr.io", "us.icr.io/demo/hello", True),
        ("*.icr.io", "private.us.icr.io/demo/hello", False),
        ("*.*.icr.io", "private.us.icr.io/demo/hello", True),
        ("u?.icr.io", "uk.icr.io/demo/hello", False),
        ("[a-u]s.icr.io", "us.icr.io/demo/hello", False),
        ("*", "us.icr.io/demo/hello", False),
        ("us.icr.io:443", "us.icr.io/demo/hello", False),
        ("us.icr.io:5000", "us.icr.io:5000/demo/hello", True),
        ("us.icr.io", "us.icr.io:5000/demo/hello", False),
        ("us.icr.io/demo", "us.icr.io/demo/hello", True),
        ("us.icr.io/team", "us.icr.io/team2/hello", True),
        ("us.icr.io/other", "us.icr.io/demo/hello", False),
        ("*.icr.io/demo", "us.icr.io/demo/hello", True),
        ("US.icr.io", "us.icr.io/demo/hello", False),
        ("auths", "us.icr.io/demo/hello", False),
        ("index.docker.io", "docker.io/library/nginx", True),
        ("https://index.docker.io/v1/", "docker.io/library/nginx", True),
        ("https://index.docker.io/v1/", "us.icr.io/demo/hello", False),
    ],
)
def test_host_keys_match_as_the_kubelet_matches(host: str, repository: str, matches: bool) -> None:
    """Scheme and API version are stripped, each part may be a glob, ports are equal, a path is a plain
    prefix.
    """
    assert bool(keyring.build([auths(host)]).lookup(repository)) is matches


def test_all_matching_credentials_are_given_longest_key_first() -> None:
    """Keys are tried in reverse order of their text, and none is left out."""
    ring = keyring.build([auths("*.icr.io", "us.icr.io"), auths("us.icr.io/demo")])
    assert [found.username for found in ring.lookup("us.icr.io/demo/hello")] == [
        "us.icr.io/demo",
        "us.icr.io",
        "*.icr.io",
    ]


def test_two_secrets_for_one_host_are_both_tried_in_the_pods_order() -> None:
    """The first secret's entry comes first, the second is not lost."""
    first = secret({"auths": {"us.icr.io": {"username": "a", "password": "one"}}})
    second = secret({"auths": {"us.icr.io": {"username": "b", "password": "two"}}})
    assert [c.username for c in keyring.build([first, second]).lookup("us.icr.io/x/y")] == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "key", "content", "found"),
    [
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson", {"auths": {"us.icr.io": {}}}, True),
        ("kubernetes.io/dockercfg", ".dockercfg", {"us.icr.io": {}}, True),
        ("Opaque", ".dockerconfigjson", {"auths": {"us.icr.io": {}}}, False),
        ("kubernetes.io/dockerconfigjson", ".dockercfg", {"us.icr.io": {}}, False),
        ("kubernetes.io/dockercfg", ".dockerconfigjson", {"auths": {"us.icr.io": {}}}, False),
        ("kubernetes.io/dockercfg", ".dockercfg", {"auths": {"us.icr.io": {}}}, False),
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson", {"us.icr.io": {}}, False),
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson", {"Auths": {"us.icr.io": {}}}, True),
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson", {"auths": None}, False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_type_and_key_have_to_agree(kind: str, key: str, content: Any, found: bool) -> None:
    """A secret of another type, or with the content of the other kind, is passed over without an error."""
    assert bool(keyring.build([secret(content, kind, key)]).lookup("us.icr.io/demo/hello")) is found


@pytest.mark.parametrize(
    ("entry", "credential"),
    [
        ({"username": "u", "password": "p"}, ("u", "p")),
        ({"auth": encoded("u:p")}, ("u", "p")),
        ({"auth": encoded("u:p:with:colons")}, ("u", "p:with:colons")),
        ({"auth": encoded("uu:p").rstrip("=")}, ("uu", "p")),
        ({"auth": encoded("u:p"), "username": "x", "password": "y"}, ("u", "p")),
        ({"auth": "", "username": "x", "password": "y"}, ("x", "y")),
        ({"auth": encoded("u:")}, ("u", "")),
        ({"Username": "u", "PASSWORD": "p"}, ("u", "p")),
        ({"unknown": "field"}, ("", "")),
        (None, ("", "")),
    ],
    ids=[
        "fields",
        "auth",
        "colons",
        "unpadded",
        "auth-over-fields",
        "empty-auth",
        "no-password",
        "case",
        "unknown",
        "null",
    ],
)
def test_entries_are_read_as_the_kubelet_reads_them(entry: Any, credential: tuple[str, str]) -> None:
    """`auth` goes over username and password; only the first colon parts them."""
    found = keyring.build([secret({"auths": {"us.icr.io": entry}})]).lookup("us.icr.io/demo/hello")
    assert found == (Credential(*credential),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"auths": {"h": {"auth": "not*base64"}}}, "illegal base64 data at input byte 3"),
        ({"auths": {"h": {"auth": "abcde"}}}, "illegal base64 data at input byte 4"),
        ({"auths": {"h": {"auth": "YWJj="}}}, "illegal base64 data at input byte 4"),
        (
            {"auths": {"h": {"auth": encoded("nocolon")}}},
            "unable to parse auth field, must be formatted as base64(username:password)",
        ),
        ({"auths": {"h": "text"}}, "json: cannot unmarshal string into Go value of type"),
        ({"auths": {"h": {"auth": 5}}}, "json: cannot unmarshal number into Go struct field"),
        ({"auths": []}, "json: cannot unmarshal array into Go struct field DockerConfigJSON.auths of type"),
        ("{not json}", "invalid character 'n' looking for beginning of object key string"),
        ("nonsense", "invalid character 'o' in literal null (expecting 'u')"),
        ('{"auths": {', "unexpected end of JSON input"),
        (" ", "unexpected end of JSON input"),
        ('{"auths": {}} more', "invalid character 'm' after top-level value"),
    ],
    ids=[
        "bad-base64",
        "bad-length",
        "bad-padding",
        "no-colon",
        "text-entry",
        "number",
        "list",
        "no-json",
        "literal",
        "cut",
        "empty",
        "trailing",
    ],
)
def test_one_unreadable_secret_spoils_the_whole_keyring(content: Any, words: str) -> None:
    """Even beside a good secret; the words are the kubelet's."""
    with pytest.raises(keyring.KeyringError) as raised:
        keyring.build([auths("us.icr.io"), secret(content)])
    assert str(raised.value).startswith(words)


@pytest.mark.parametrize("credential", [Credential("u", ""), Credential("", "p"), Credential("", "")])
def test_a_credential_without_username_or_password_is_not_sent(credential: Credential) -> None:
    """The runtime then asks anonymously."""
    assert not credential.usable


def test_a_credential_does_not_show_its_password() -> None:
    """Not in its representation, nor in the keyring's."""
    ring = keyring.build([auths("us.icr.io")])
    assert "secret-word" not in repr(ring) + repr(ring.lookup("us.icr.io/a/b"))


@settings(max_examples=100, deadline=None)
@given(content=st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode)))
def test_any_content_gives_a_keyring_or_the_kubelets_complaint(content: bytes) -> None:
    """Nothing else ever comes out."""
    with contextlib.suppress(keyring.KeyringError):
        assert keyring.build([secret(content)]).lookup("us.icr.io/demo/hello") == ()


@settings(max_examples=100, deadline=None)
@given(username=st.text("abcXYZ019-_.@", min_size=1), password=st.text(min_size=1), padded=st.booleans())
def test_an_auth_field_gives_back_what_was_put_in(username: str, password: str, padded: bool) -> None:
    """Padded or not, whatever letters the password has."""
    auth = encoded(f"{username}:{password}")
    entry = {"auth": auth if padded else auth.rstrip("=")}
    [found] = keyring.build([secret({"auths": {"us.icr.io": entry}})]).lookup("us.icr.io/demo/hello")
    assert (found.username, found.password) == (username, password)
