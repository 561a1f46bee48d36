"""The credentials inside the payload of a secret, so that each of them is known by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from runbook_lib.vault.fields import decoded_pair, decoded_text, field_label, header_credential, is_credential

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_NO_SECRET = frozenset(
    [
        "namespace",
        "ca.crt",
        "service-ca.crt",
        "tls.crt",
        "ca-bundle.crt",
        "username",
        "user",
        "email",
        "registry",
        "server",
        "host",
        "url",
        "docker-server",
        "docker-username",
        "docker-email",
    ]
)
"""Keys of a Secret whose values open nothing, and which a report must be able to show."""
_DEEPEST = 20
_LINE_PAIR = re.compile(r"\s*(?:export\s+)?[\"']?([\w.-]+)[\"']?\s*[:=]\s*[\"']?(.*?)[\"']?\s*\Z")
_LONG_LINE = 20  # characters: a line of a key file is found by itself, wherever the file is indented or cut


class Credential(NamedTuple):
    """One credential of a payload; with a username it also travels as base64 of `username:value`."""

    value: str
    label: str
    username: str | None = None


def credentials_in(payload: str) -> Iterator[Credential]:
    """Yields the credentials of a secret's payload: Docker configurations, JSON, `name=value` lines, keys.

    Usernames and registry hosts are not among them: the reader needs them, and they open nothing.
    """
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        yield from _in_lines(payload)
        return
    if isinstance(document, (dict, list)):
        yield from _in_document(document, _DEEPEST)
    elif isinstance(document, str):
        yield Credential(document, "credential")


def secret_values(manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yields (key, payload) of a Secret manifest: `data` decoded, `stringData`, and both once more from the
    copy that `kubectl apply` leaves in an annotation. Values that are no base64 come as they are."""
    for key, value in _strings(manifest.get("data")):
        decoded = decoded_text(value)
        yield key, value if decoded is None else decoded
    yield from _strings(manifest.get("stringData"))
    metadata = manifest.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    applied = annotations.get(LAST_APPLIED) if isinstance(annotations, Mapping) else None
    if not isinstance(applied, str):
        return
    try:
        copy = json.loads(applied)
    except (ValueError, RecursionError):
        yield "annotation", applied
        return
    if isinstance(copy, dict) and copy.get("kind", "Secret") == "Secret":
        yield from secret_values({"data": copy.get("data"), "stringData": copy.get("stringData")})


def _strings(mapping: object) -> Iterator[tuple[str, str]]:
    if isinstance(mapping, Mapping):
        for key, value in mapping.items():
            if isinstance(value, str) and str(key).lower() not in _NO_SECRET:
                yield str(key), value


def _in_document(node: object, depth: int) -> Iterator[Credential]:
    if depth == 0:
        return
    if isinstance(node, list):
        for item in node:
            yield from _in_document(item, depth - 1)
    if not isinstance(node, dict):
        return
    username = node.get("username")
    for key, value in node.items():
        if not isinstance(value, str):
            yield from _in_document(value, depth - 1)
            continue
        label, header = field_label(key), header_credential(key, value)
        if header is not None:
            yield Credential(header, "credential")
        if label is None or not value:
            continue
        pair = decoded_pair(value) if key.lower() == "auth" else None
        if pair is not None:
            yield Credential(pair[1], "key" if pair[0] == "iamapikey" else "password", pair[0])
        if key.lower() == "password" and isinstance(username, str):
            yield Credential(value, "key" if username == "iamapikey" else "password", username)
        else:
            yield Credential(value, label)


def _in_lines(payload: str) -> Iterator[Credential]:
    lines = payload.splitlines()
    if len(lines) < 2:
        return
    for line in lines:
        pair = _LINE_PAIR.match(line)
        label = field_label(pair[1]) if pair else None
        if pair and label and is_credential("password", pair[2]):
            yield Credential(pair[2], label)
        elif len(line) >= _LONG_LINE and not line.startswith("-----") and not any(c.isspace() for c in line):
            yield Credential(line, "credential")
