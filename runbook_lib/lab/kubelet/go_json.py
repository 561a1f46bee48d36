"""What Go's JSON and base64 decoders say of bad input, which the kubelet prints unchanged."""

from __future__ import annotations

import json
from typing import Any

_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_CONTEXT = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Illegal trailing comma before end of object": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Extra data": "after top-level value",
}

_KINDS = ((str, "string"), (list, "array"), (dict, "object"))
_LITERALS = {"n": "null", "t": "true", "f": "false"}


class GoJSONError(ValueError):
    """The text is not JSON; the message is the one that Go's decoder gives."""


def loads(raw: bytes) -> Any:
    """Decodes JSON; raises GoJSONError with Go's words."""
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        raise GoJSONError("unexpected end of JSON input")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise GoJSONError(_words(text, error)) from None


def _words(text: str, error: json.JSONDecodeError) -> str:
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return "unexpected end of JSON input"
    literal = _LITERALS.get(text[error.pos])
    if error.msg == "Expecting value" and literal:
        return _broken_literal(text[error.pos :], literal)
    character = text[error.pos]
    shown = "'\\''" if character == "'" else f"'{character}'"
    return f"invalid character {shown} {_CONTEXT.get(error.msg, 'looking for beginning of value')}"


def _broken_literal(text: str, literal: str) -> str:
    for place, expected in enumerate(literal):
        if text[place : place + 1] != expected:
            break
    if place >= len(text):
        return "unexpected end of JSON input"
    return f"invalid character '{text[place]}' in literal {literal} (expecting '{expected}')"


def field(value: dict[str, Any], name: str) -> Any:
    """Reads a struct's field as Go does: the exact name first, else the same name in any letter case."""
    if name in value:
        return value[name]
    return next((found for key, found in value.items() if key.lower() == name), None)


def kind_of(value: Any) -> str:
    """Names a JSON value's kind as Go's decoder does."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def first_bad_base64_byte(text: str, *, padded: bool) -> int | None:
    """Finds the offset at which Go's base64 decoder gives up; None where the text decodes.

    Line breaks are skipped, as Go skips them.
    """
    raw = text.encode()
    body = raw.rstrip(b"=\r\n") if padded else raw
    seen = 0
    for offset, byte in enumerate(body):
        if byte in b"\r\n":
            continue
        if byte not in _ALPHABET:
            return offset
        seen += 1
    left_over = seen % 4
    padding = len(raw[len(body) :].replace(b"\r", b"").replace(b"\n", b""))
    if left_over == 1 or (padded and (padding != -seen % 4)):
        return len(body) - left_over
    return None
