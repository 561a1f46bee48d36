"""The lab knows its credentials in every form in which they could leak."""

from __future__ import annotations

import base64
import json

from runbook_lib.lab.credentials import credentials_in


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_password_auth_and_encoded_value_are_all_known() -> None:
    """In clear, in base64, as `auth`, and as the whole value of the secret."""
    entry = {"username": "iamapikey", "password": "secret-word", "auth": encoded("iamapikey:other-word")}
    value = encoded(json.dumps({"auths": {"us.icr.io": entry}}))
    found = credentials_in([{"data": {".dockerconfigjson": value}}])
    assert found == {
        "secret-word",
        encoded("secret-word"),
        "other-word",
        encoded("iamapikey:other-word"),
        value,
    }


def test_a_bare_map_and_an_auth_without_username_are_searched_too() -> None:
    """Whatever the layout: a malformed field may hold the key alone."""
    value = encoded(json.dumps({"us.icr.io": {"auth": encoded("only-the-key")}}))
    assert {"only-the-key", encoded("only-the-key"), value} == credentials_in([{"data": {".dockercfg": value}}])


def test_hosts_usernames_and_other_secrets_are_no_credentials() -> None:
    """A report may show them."""
    value = encoded(json.dumps({"auths": {"us.icr.io": {"username": "iamapikey"}}}))
    found = credentials_in([{"data": {".dockerconfigjson": value, "other": encoded("anything-else")}}, {}])
    assert found == {value}


def test_what_cannot_be_read_is_known_as_it_stands() -> None:
    """Neither base64 nor JSON is demanded."""
    assert credentials_in([{"data": {".dockercfg": "%%%%%%%%"}}]) == {"%%%%%%%%"}
