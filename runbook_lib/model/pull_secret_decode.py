"""Decodes a Secret object of the API into a `PullSecret`; every credential goes through the vault at once."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from runbook_lib.model.pull_secret import KEY_OF_TYPE, TYPE_OF_KEY, Fault, PullSecret, RegistryEntry
from runbook_lib.vault import vault

ELIDED_ANNOTATION = "pull-runbook/elided"
FAULT_ANNOTATION = "pull-runbook/fault"
FAULT_TEXT_ANNOTATION = "pull-runbook/fault-text"
"""Annotations of `runbook collect`: what was wrong with a payload whose text was left out."""
ELIDED_VALUE = "elided"
"""What `runbook collect` writes in place of a password, with a number behind it: equal for equal values."""
_BYTES_LONG = re.compile(rb"\s*\d+ bytes long\s*")
_GENERATED_BY = (
    "openshift.io/internal-registry-auth-token.service-account",
    "kubernetes.io/service-account.name",
)


class _BrokenError(Exception):
    """Carries why the kubelet's own decoding fails, without any of the payload."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault, self.text = fault, text


def decode_pull_secret(secret: Mapping[str, Any]) -> PullSecret:
    """Decodes one Secret. Never raises: what is wrong stands in `fault` and `fault_text`.

    `.dockerconfigjson` is `{"auths": {host: entry}}`, `.dockercfg` the bare map `{host: entry}`; `auth`
    overrides `username` and `password`. Entries of a secret that the kubelet ignores (wrong type) are
    decoded all the same, so that a person sees what is in it.
    """
    metadata = secret.get("metadata") or {}
    annotations = metadata.get("annotations") or {}
    data: Mapping[str, Any] = secret.get("data") or {}
    type_ = str(secret.get("type") or "Opaque")
    wanted = KEY_OF_TYPE.get(type_)
    key = wanted if wanted in data else next((k for k in TYPE_OF_KEY if k in data), None)
    fault: Fault | None = None
    entries: tuple[RegistryEntry, ...] = ()
    text, elided = "", False
    if key is None:
        fault = Fault.TYPE_WRONG if data and wanted is None else Fault.EMPTY
        held = ", ".join(sorted(data)) or "nothing"
        text = f"type {type_} with {held}: no .dockerconfigjson or .dockercfg in it"
    else:
        raw, elided = _payload(data[key], annotations.get(ELIDED_ANNOTATION) == "true")
        try:
            entries = _entries(raw, key, elided) if raw is not None else ()
            if raw is not None and not entries:
                fault, text = Fault.EMPTY, f"{key} holds no registry"
        except _BrokenError as broken:
            fault, text = broken.fault, broken.text
        if key != wanted:
            fault = Fault.TYPE_WRONG
            text = f"type {type_} does not go with the key {key}: the kubelet passes over it without a word"
    if (noted := annotations.get(FAULT_ANNOTATION)) in set(Fault):
        fault, text = Fault(noted), str(annotations.get(FAULT_TEXT_ANNOTATION) or "")
    return PullSecret(
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata.get("name") or ""),
        type=type_,
        data_keys=tuple(sorted(data)),
        entries=entries,
        fault=fault,
        fault_text=text,
        elided=elided,
        generated_for=next((str(annotations[a]) for a in _GENERATED_BY if a in annotations), ""),
        created=str(metadata.get("creationTimestamp") or ""),
        resource_version=str(metadata.get("resourceVersion") or ""),
    )


def _payload(value: Any, elided_by_us: bool) -> tuple[bytes | None, bool]:
    """Returns the decoded bytes (None where must-gather put a length in their place) and whether elided."""
    if not isinstance(value, str) or not value:
        return (None, True) if value is None else (b"", False)
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        if _BYTES_LONG.fullmatch(value.encode("utf-8", "surrogatepass")):
            return None, True
        raw = value.encode("utf-8", "surrogatepass")
    if _BYTES_LONG.fullmatch(raw):
        return None, True
    return raw, elided_by_us


def _entries(raw: bytes, key: str, elided: bool) -> tuple[RegistryEntry, ...]:
    try:
        payload = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _BrokenError(Fault.NOT_JSON, f"{key} is not JSON ({len(raw)} bytes)") from None
    if not isinstance(payload, dict):
        raise _BrokenError(Fault.NOT_JSON, f"{key} is JSON, but not an object")
    hosts = _field(payload, "auths") if key == ".dockerconfigjson" else payload
    if key == ".dockerconfigjson" and hosts is None:
        if any(isinstance(v, dict) and {"auth", "username", "password"} & v.keys() for v in payload.values()):
            raise _BrokenError(Fault.WRONG_SHAPE, ".dockerconfigjson has hosts without `auths` around them")
        return ()
    if not isinstance(hosts, dict):
        raise _BrokenError(Fault.NOT_JSON, f"`auths` in {key} is not an object")
    if key == ".dockercfg" and isinstance(hosts.get("auths"), dict) and "auth" not in hosts["auths"]:
        inner = ", ".join(sorted(map(str, hosts["auths"]))) or "nothing"
        raise _BrokenError(
            Fault.WRONG_SHAPE,
            f".dockercfg holds `auths` (with {inner}): the kubelet reads that as a host called auths",
        )
    return tuple(_entry(str(host), entry, elided) for host, entry in hosts.items())


def _field(mapping: Mapping[str, Any], name: str) -> Any:
    """Returns a field as Go's JSON decoder finds it: the exact name, else the same in other letter case."""
    if name in mapping:
        return mapping[name]
    return next((value for key, value in mapping.items() if key.lower() == name), None)


def _entry(host: str, entry: Any, elided: bool) -> RegistryEntry:
    entry = {} if entry is None else entry
    if not isinstance(entry, dict):
        raise _BrokenError(Fault.NOT_JSON, f"the entry of {host} is not an object")
    fields = {name: _field(entry, name) for name in ("username", "password", "auth")}
    if any(value is not None and not isinstance(value, str) for value in fields.values()):
        raise _BrokenError(Fault.NOT_JSON, f"username, password and auth of {host} must be strings")
    username, password, auth = (fields[n] or "" for n in ("username", "password", "auth"))
    if elided:
        held = password.startswith(ELIDED_VALUE)
        return RegistryEntry(host, username, None, elided=held, elided_as=password if held else "")
    given = (username, password)
    if auth:
        vault().register(auth, "credential")
        username, password = _decode_auth(host, auth)
    secret = vault().register(password, "credential") if password else None
    if password:
        vault().register_pair(username, password)
    if given[1] and given[1] != password:
        vault().register(given[1], "credential")
    differs = bool(auth) and given != ("", "") and given != (username, password)
    return RegistryEntry(host, username, secret, from_auth=bool(auth), differs=differs)


def _decode_auth(host: str, auth: str) -> tuple[str, str]:
    """Decodes base64(username:password), padded or raw, as the kubelet does; a password may hold colons."""
    refused = _BrokenError(
        Fault.BAD_AUTH,
        f"the `auth` of {host} is not base64(username:password), so no secret of the pod is used",
    )
    stripped = auth.strip().replace("\r", "").replace("\n", "")  # Go's decoder passes over line breaks
    try:
        raw = base64.b64decode(stripped + "=" * (-len(stripped) % 4), validate=True)
        decoded = raw.decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        raise refused from None
    username, colon, password = decoded.partition(":")
    if not colon:
        vault().register(decoded, "credential")  # a key without its username is a key all the same
        raise refused
    return username, password
