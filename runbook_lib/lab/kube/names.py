"""Names and times as the control plane makes them: random suffixes, template hashes, timestamps."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

Clock = Callable[[], datetime]

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"  # no vowels and no look-alikes, so that no word comes about


def utc_now() -> datetime:
    """The real time, aware."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """A `metav1.Time`: whole seconds, UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_timestamp(moment: datetime) -> str:
    """A `metav1.MicroTime`, as `eventTime` is given."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_timestamp(text: str | None) -> datetime | None:
    """The moment that a timestamp of either kind names; None where there is none or it cannot be read."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def suffix(rng: random.Random, length: int = 5) -> str:
    """A random ending such as `qk96s`."""
    return "".join(rng.choices(_ALPHABET, k=length))


def template_hash(template: dict[str, Any]) -> str:
    """A stable ending for a pod template, as `pod-template-hash` carries: equal templates, equal ending."""
    number = int.from_bytes(hashlib.sha256(msgspec.json.encode(template, order="sorted")).digest()[:8], "big")
    letters = []
    for _ in range(10):
        number, remainder = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[remainder])
    return "".join(letters)
