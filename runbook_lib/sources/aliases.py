"""Whether a YAML text uses aliases, by which a few lines can stand for more than any memory holds.

No Kubernetes tool writes them, so that saved evidence with some is refused instead of measured.
"""

from __future__ import annotations

import re

_LOOKS_LIKE_ONE = re.compile(rb"(?:^|[\s\[{,:?-])\*[^\s,\]}*]", re.MULTILINE)


def has_alias(text: bytes) -> bool:
    """True where a YAML text refers to an anchor; False also for what is no YAML, which its reader will tell.

    The text is scanned only where it holds something that looks like an alias.
    """
    if not _LOOKS_LIKE_ONE.search(text):
        return False
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        return False
