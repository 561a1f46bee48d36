"""Bodies in Kubernetes' protobuf form, which `kubectl create secret` and `kubectl auth can-i` send whatever
is offered.

Answers are JSON, which every client accepts. A field that `protobuf_messages` does not know, if it says
anything, is refused with 415 rather than dropped.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from .protobuf_messages import MESSAGES
from .refusals import bad_request, unsupported_media_type

Obj = dict[str, Any]

MEDIA_TYPE = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\x00"


def _varint(data: bytes, index: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if index >= len(data) or shift > 63:
            raise bad_request("the body is not a protobuf message")
        value |= (data[index] & 0x7F) << shift
        index, shift = index + 1, shift + 7
        if not data[index - 1] & 0x80:
            return value, index


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message in their order: numbers and length-delimited values, which is all that
    Kubernetes uses.
    """
    index = 0
    while index < len(data):
        tag, index = _varint(data, index)
        length_or_value, index = _varint(data, index)
        if tag & 7 == 0:
            yield tag >> 3, length_or_value
        elif tag & 7 == 2 and index + length_or_value <= len(data):
            yield tag >> 3, data[index : index + length_or_value]
            index += length_or_value
        else:
            raise bad_request("the body is not a protobuf message")


def _scalar(kind: str, value: int | bytes) -> Any:
    """One value of a kind; None where it says nothing (Go writes the zero of every field that
    is no pointer).
    """
    if isinstance(value, int):
        signed = value - (1 << 64) if value >> 63 else value
        if kind in ("bool", "flag"):
            return bool(value) if kind == "bool" or value else None
        return signed if kind == "int" or value else None
    if kind == "bytes":
        return base64.b64encode(value).decode()
    if kind == "string":
        return value.decode(errors="replace") or None
    return _message(kind, value) or None


def _entry(kind: str, value: bytes) -> tuple[str, Any]:
    pair = dict(_fields(value))
    key, content = pair.get(1, b""), pair.get(2, b"")
    if isinstance(key, int):
        raise bad_request("the body is not a protobuf message")
    scalar = _scalar(kind, content)
    return key.decode(errors="replace"), "" if scalar is None else scalar


def _message(name: str, data: bytes) -> Any:
    known: dict[int, str] = MESSAGES[name]
    result: Obj = {}
    for number, value in _fields(data):
        field, _, kind = known.get(number, "").partition(" ")
        if not field:
            if value:
                raise unsupported_media_type(MEDIA_TYPE, ("application/json", "application/yaml"))
        elif kind == "ignored":
            continue
        elif kind.startswith("map ") and isinstance(value, bytes):
            key, content = _entry(kind[4:], value)
            result.setdefault(field, {})[key] = content
        elif kind.startswith("list "):
            content = _scalar(kind[5:], value)
            result.setdefault(field, []).append("" if content is None and kind[5:] == "string" else content or {})
        else:
            content = _scalar(kind, value)
            if content is not None:
                result[field] = content
    return result.get("string", "") if name == "Quantity" else result


def decode(body: bytes) -> Obj:
    """The object in a protobuf body. Raises 400 for what is none, 415 for a kind or field that is not known
    here.
    """
    if not body.startswith(_MAGIC):
        raise bad_request("the body is not in Kubernetes' protobuf form")
    envelope = dict(_fields(body[len(_MAGIC) :]))
    meta, raw = envelope.get(1, b""), envelope.get(2, b"")
    if isinstance(meta, int) or isinstance(raw, int):
        raise bad_request("the body is not a protobuf message")
    kind = _message("TypeMeta", meta)
    if kind.get("kind") not in MESSAGES:
        raise unsupported_media_type(MEDIA_TYPE, ("application/json", "application/yaml"))
    return {**kind, **_message(kind["kind"], raw)}
