"""Lays a scenario's changes over the lab's base state."""

from __future__ import annotations

from typing import Any


def overlay(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Returns `base` with `changes` on top, mapping by mapping; a null takes the key away, anything else
    replaces.

    A null for a key that the base does not have stays, for it may be a value (a tag without further
    description).
    """
    merged = dict(base)
    for key, value in changes.items():
        if value is None and key in base:
            del merged[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = overlay(base[key], value)
        else:
            merged[key] = value
    return merged
