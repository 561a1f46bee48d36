"""The telling words: what registries, Go's network code, runtimes and the kubelet call a failure.

Each phrase is lower case and says one kind. A phrase weighs by its ``Weight``; of two equal ones the inner
counts.
"""

from __future__ import annotations

from itertools import chain

from runbook_lib.model.pull_error.index import PhraseIndex

from .before import before_any_request, policies
from .codes import plain_words, registry_codes
from .content import storage_and_content
from .meaning import Found, Meaning, Weight
from .registries import registries
from .transport import transport

LEXICON = PhraseIndex(
    chain(
        plain_words(),
        registry_codes(),
        registries(),
        storage_and_content(),
        transport(),
        policies(),
        before_any_request(),
    )
)


def find_words(text: str) -> list[Found]:
    """Finds every telling phrase; ``text`` is lower case with the names blanked out."""
    return [Found(meaning, start, end) for meaning, start, end in LEXICON.in_text(text)]


__all__ = ["LEXICON", "Found", "Meaning", "Weight", "find_words"]
