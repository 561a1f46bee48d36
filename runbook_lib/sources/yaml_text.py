"""Reads YAML by libyaml, which stops at a thousand levels; PyYAML's own reader takes minutes for a file of brackets."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_LOOKS_LIKE_AN_ALIAS = re.compile(rb"(?:^|[\s\[{,:?-])\*[^\s,\]}*]", re.MULTILINE)


@cache
def safe_loader() -> Any:
    """Returns the loader of plain values, compiled where PyYAML was built with libyaml."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotYaml(ValueError):
    """A text that is no YAML, is nested too deeply, or holds what Python cannot; its message says where."""


def load_yaml(text: bytes | str) -> Any:
    """Returns the value of one document.

    Raises:
        NotYaml: the text cannot be read.
    """
    import yaml

    try:
        return yaml.load(text, Loader=safe_loader())  # noqa: S506
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        raise NotYaml(f"line {mark.line + 1}" if mark else type(broken).__name__) from None
    except (yaml.YAMLError, ValueError, RecursionError) as broken:
        raise NotYaml(type(broken).__name__) from None


def flaw_in(broken: Exception) -> str:
    """Says in a word or two why a file could not be read, never what stands in it."""
    return str(broken) if isinstance(broken, NotYaml) else type(broken).__name__


def has_alias(text: bytes) -> bool:
    """True where a YAML text refers to an anchor; False also for what is no YAML, which its reader will tell.

    By aliases a few lines can stand for more than any memory holds. No Kubernetes tool writes them, so that saved
    evidence with some is refused instead of measured. The text is scanned only where something looks like one.
    """
    if not _LOOKS_LIKE_AN_ALIAS.search(text):
        return False
    import yaml

    try:
        return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=safe_loader()))
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
