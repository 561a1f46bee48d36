"""Which credentials a kubelet would send for an image: the lab's own statement of the rule.

The rule is stated a second time here, apart from the one that the diagnosis uses, so that an error in one is
not hidden by the same error in the other. Source: the Kubernetes documentation, "Pull an Image from a Private
Registry" and "Images"; behaviour of kubelet 1.32.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from runbook_lib.lab.kubelet import go_json

_KEY_OF_TYPE = {
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/dockercfg": ".dockercfg",
}
_FALLBACK = "index.docker.io"
_AUTH_COMPLAINT = "unable to parse auth field, must be formatted as base64(username:password)"


class KeyringError(Exception):
    """One secret cannot be read, so no keyring is made at all; the text is the kubelet's."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A username and password as one entry of a secret gives them."""

    username: str
    password: str = field(repr=False)

    @property
    def usable(self) -> bool:
        """Tells whether a runtime would send it: without username or password it pulls anonymously."""
        return bool(self.username and self.password)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All entries of the secrets that a pod uses, by host and path."""

    entries: Mapping[str, tuple[Credential, ...]]

    def lookup(self, repository: str) -> tuple[Credential, ...]:
        """Gives every credential whose key matches `repository` ("host/path"), in the order of trying.

        An empty result means that the pull is made once without a credential. A result is never a single best
        match: all are tried in turn, and then no anonymous attempt is made.
        """
        found: list[Credential] = []
        for key in sorted(self.entries, reverse=True):
            if _matches(key, repository):
                found += self.entries[key]
        if not found and _is_docker_hub(repository):
            found += self.entries.get(_FALLBACK, ())
        return tuple(found)


def build(secrets: Iterable[Mapping[str, Any]]) -> Keyring:
    """Makes the keyring of a pod from its secrets, as the API server holds them (`data` in base64).

    A secret whose type and key do not agree is passed over in silence. Raises KeyringError when one of the
    others cannot be read: the pull then ends before any request.
    """
    entries: dict[str, list[Credential]] = {}
    for secret in secrets:
        for host, entry in _entries(secret).items():
            key = _key(host)
            if key is not None:
                entries.setdefault(key, []).append(_credential(entry))
    return Keyring({key: tuple(found) for key, found in entries.items()})


def _entries(secret: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = secret.get("type")
    key = _KEY_OF_TYPE.get(str(kind))
    encoded = (secret.get("data") or {}).get(key) if key else None
    if not encoded:
        return {}
    try:
        content = go_json.loads(base64.b64decode(encoded))
    except (go_json.GoJSONError, binascii.Error) as error:
        raise KeyringError(str(error)) from None
    if content is None:
        return {}
    if key == ".dockerconfigjson":
        _expect_object(content, "Go value of type credentialprovider.DockerConfigJSON")
        auths = go_json.field(content, "auths")
        content = {} if auths is None else auths
        _expect_object(content, "Go struct field DockerConfigJSON.auths of type credentialprovider.DockerConfig")
    _expect_object(content, "Go value of type credentialprovider.DockerConfig")
    return dict(content)


def _credential(entry: Any) -> Credential:
    if entry is None:
        return Credential("", "")
    _expect_object(entry, "Go value of type credentialprovider.dockerConfigEntryWithAuth")
    values = {}
    for name in ("username", "password", "auth"):
        value = go_json.field(entry, name)
        if value is not None and not isinstance(value, str):
            where = f"dockerConfigEntryWithAuth.{name} of type string"
            raise KeyringError(f"json: cannot unmarshal {go_json.kind_of(value)} into Go struct field {where}")
        values[name] = value or ""
    if values["auth"]:
        return _decode_auth(values["auth"])
    return Credential(values["username"], values["password"])


def _decode_auth(auth: str) -> Credential:
    padded = auth.strip().endswith("=")
    bad = go_json.first_bad_base64_byte(auth, padded=padded)
    if bad is not None:
        raise KeyringError(f"illegal base64 data at input byte {bad}")
    text = auth.replace("\n", "").replace("\r", "")
    decoded = base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "surrogateescape")
    username, colon, password = decoded.partition(":")
    if not colon:
        raise KeyringError(_AUTH_COMPLAINT)
    return Credential(username, password)


def _expect_object(value: Any, target: str) -> None:
    if not isinstance(value, dict):
        raise KeyringError(f"json: cannot unmarshal {go_json.kind_of(value)} into {target}")


def _key(host: str) -> str | None:
    """Strips scheme and API version off an entry's host; None where it is no URL at all."""
    try:
        url = urlsplit(host if host.startswith(("https://", "http://")) else f"https://{host}")
    except ValueError:
        return None
    path = url.path
    if path.startswith(("/v1/", "/v2/")):
        path = path[3:]
    return url.netloc + path if path not in ("", "/") else url.netloc


def _matches(key: str, repository: str) -> bool:
    key_host, _, key_path = key.partition("/")
    host, _, path = repository.partition("/")
    key_name, _, key_port = key_host.partition(":")
    name, _, port = host.partition(":")
    if key_port != port or not path.startswith(key_path):
        return False
    key_parts, parts = key_name.split("."), name.split(".")
    return len(key_parts) == len(parts) and all(
        fnmatch.fnmatchcase(part, glob.replace("[^", "[!")) for glob, part in zip(key_parts, parts, strict=True)
    )


def _is_docker_hub(repository: str) -> bool:
    first, slash, _ = repository.partition("/")
    if not first:
        return False
    return not slash or first in ("docker.io", _FALLBACK) or not any(mark in first for mark in ".:")
