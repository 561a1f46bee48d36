"""What the API server demands of a Secret: data in base64, the key that the type asks for, JSON in docker
configs.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from .refusals import FieldCause, bad_request, forbidden_value, invalid_value, required

Obj = dict[str, Any]

_DOCKER = {"kubernetes.io/dockerconfigjson": ".dockerconfigjson", "kubernetes.io/dockercfg": ".dockercfg"}
_NEEDS = {"kubernetes.io/tls": ("tls.crt", "tls.key"), "kubernetes.io/ssh-auth": ("ssh-privatekey",)}
_HIDDEN = '"<secret contents redacted>"'


def decoded(obj: Obj) -> dict[str, bytes]:
    """The secret's data as bytes; 400 where a value is no base64, since the server cannot even read the
    object then.
    """
    result = {}
    for key, value in (obj.get("data") or {}).items():
        try:
            result[key] = base64.b64decode(value or "", validate=True)
        except (binascii.Error, ValueError, TypeError):
            message = "illegal base64 data at input byte 0"
            raise bad_request(f'Secret in version "v1" cannot be handled as a Secret: {message}') from None
    return result


def secret_causes(obj: Obj) -> list[FieldCause]:
    """What is wrong with a secret in itself; values never stand in a message."""
    data, kind = decoded(obj), obj.get("type")
    causes = [required(f"data[{key}]") for key in _NEEDS.get(str(kind), ()) if key not in data]
    key = _DOCKER.get(str(kind))
    if key is None:
        return causes
    if key not in data:
        return [required(f"data[{key}]")]
    try:
        parsed = json.loads(data[key])
    except ValueError:
        why = (
            "unexpected end of JSON input"
            if not data[key].strip()
            else "invalid character looking for beginning of value"
        )
        return [invalid_value(f"data[{key}]", _HIDDEN, why)]
    if parsed is not None and not isinstance(parsed, dict):
        why = "json: cannot unmarshal into Go value of type map[string]interface {}"
        return [invalid_value(f"data[{key}]", _HIDDEN, why)]
    return causes


def secret_update_causes(old: Obj, new: Obj) -> list[FieldCause]:
    """What cannot change: the type ever, the data once the secret is marked immutable."""
    causes = []
    if old.get("type") != new.get("type"):
        causes.append(invalid_value("type", f'"{new.get("type")}"', "field is immutable"))
    if old.get("immutable"):
        if not new.get("immutable"):
            causes.append(forbidden_value("immutable", "field is immutable when `immutable` is set"))
        if (old.get("data") or {}) != (new.get("data") or {}):
            causes.append(forbidden_value("data", "field is immutable when `immutable` is set"))
    return causes
