"""The pull errors in a longer text: ``kubectl describe`` output, a list of events, JSON, or a plain log."""

from __future__ import annotations

import json
from typing import Any

from .clean import lowered
from .layers import is_wrapped
from .parse import parse
from .rows import read_rows
from .value import Detail, Kind

_NO_ERRORS = (
    "successfully pulled",
    "successfully assigned",
    'pulling image "',
    "already present on machine",
    "created pod",
)
_HINTS = (
    "image",
    "pull",
    "manifest",
    "registry",
    "reference",
    "denied",
    "unauth",
    "toomany",
    "/v2/",
    "secret",
)
"""A message without any of these is about no pull, and is not parsed: logs are long."""
_BARE = (
    "error: errimagepull", "error: imagepullbackoff", "errimagepull", "imagepullbackoff",
    "error: invalidimagename",
    "error: errimageneverpull", "error: imageinspecterror",
)  # fmt: skip
_MOST = 10_000


def find_messages(text: str) -> list[str]:
    """Gives the messages about failed pulls in a text, each whole and once, in the order of the text.

    A message that a terminal or an editor broke over several lines is joined again.
    """
    stripped = text.strip()
    candidates = _in_json(stripped) if stripped.startswith(("{", "[")) else None
    if candidates is None:
        candidates = [_joined(row) for row in read_rows(stripped)]
    found = dict.fromkeys(candidate for candidate in candidates if _is_pull_error(candidate))
    return _without_echoes(list(found))


def _in_json(text: str) -> list[str] | None:
    """Reads a JSON document, or a JSON object a line; None where it is neither."""
    try:
        return list(_messages(json.loads(text)))
    except (ValueError, RecursionError):
        pass
    found: list[str] = []
    for line in text.splitlines()[:_MOST]:
        try:
            found += _messages(json.loads(line)) if line.strip() else []
        except (ValueError, RecursionError):
            return None
    return found


def _messages(value: Any) -> list[str]:
    found: list[str] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for key in ("message", "msg", "note", "error", "err"):
                if isinstance(item.get(key), str):
                    found.append(item[key])
            waiting += [child for child in reversed(list(item.values())) if isinstance(child, (dict, list))]
        elif isinstance(item, list):
            waiting += reversed(item)
        elif isinstance(item, str) and item is not value:
            found.append(item)
    return found


def _joined(row: list[str]) -> str:
    """Lines are joined by a blank, or by none where a terminal broke inside the telling words."""
    loose = " ".join(row)
    if len(row) > 1 and parse(loose).kind is Kind.OTHER:
        tight = "".join(row)
        if parse(tight).kind is not Kind.OTHER:
            return tight
    return loose


def _is_pull_error(message: str) -> bool:
    low = lowered(message).strip(" .")
    if low in _BARE or low.startswith(_NO_ERRORS) or "successfully pulled image" in low:
        return False
    if not any(hint in low for hint in _HINTS):
        return False
    error = parse(message)
    if error.kind is Kind.OTHER:
        return error.detail is Detail.CAUSE_NOT_IN_TEXT or (
            error.detail is not Detail.NOT_A_PULL and is_wrapped(error.layers)
        )
    return is_wrapped(error.layers) or bool(error.code) or error.image is not None or _tells_alone(error.kind)


def _tells_alone(kind: Kind) -> bool:
    return kind in (
        Kind.RATE_LIMITED, Kind.MISSING_SECRET, Kind.NEVER_PULL, Kind.INVALID_IMAGE_NAME,
        Kind.PLATFORM_MISMATCH, Kind.SIGNATURE,
        Kind.QUOTA_EXCEEDED, Kind.IMAGE_POLICY_DENIED, Kind.MANIFEST_UNSUPPORTED, Kind.INVALID_SECRET,
    )  # fmt: skip


def _without_echoes(messages: list[str]) -> list[str]:
    """``Back-off pulling image`` without a cause says nothing beside a message that has one."""
    telling = [message for message in messages if parse(message).detail is not Detail.CAUSE_NOT_IN_TEXT]
    return telling or messages
