"""Every credential that a cluster's secrets hold, in all the forms in which it could leak."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_KEYS = (".dockerconfigjson", ".dockercfg")
_SHORTEST = 6


def credentials_in(secrets: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Gives passwords, `auth` fields and whole encoded values of pull secrets; too short ones would match by
    chance.
    """
    return frozenset(text for secret in secrets for text in _of_secret(secret) if len(text) >= _SHORTEST)


def _of_secret(secret: Mapping[str, Any]) -> Iterator[str]:
    for key in _KEYS:
        encoded = (secret.get("data") or {}).get(key)
        if not encoded:
            continue
        yield encoded
        try:
            content = json.loads(base64.b64decode(encoded))
        except (ValueError, binascii.Error):
            continue
        yield from _of_content(content)


def _of_content(content: Any) -> Iterator[str]:
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _of_content(value)
        elif key == "password" and value:
            yield str(value)
            yield base64.b64encode(str(value).encode()).decode()
        elif key == "auth" and value:
            yield str(value)
            yield from _decoded(str(value))


def _decoded(auth: str) -> Iterator[str]:
    try:
        text = base64.b64decode(auth + "=" * (-len(auth) % 4), validate=True).decode()
    except (ValueError, binascii.Error):
        return
    yield text.partition(":")[2] if ":" in text else text
