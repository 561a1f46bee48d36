"""Looks for hundreds of phrases in a message at the price of a few.

A phrase is filed under its rarest word; only those filed under a word of the message are searched for. So a
phrase
is found where that word stands whole, and a message of ordinary length costs some twenty plain searches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

_BLANKS = {code: " " for code in range(0x80) if not chr(code).isalnum()}


def words_of(text: str) -> frozenset[str]:
    """Gives the different words of a text: its longest runs of letters and digits."""
    return frozenset(text.translate(_BLANKS).split())


class PhraseIndex(Generic[T]):
    """Phrases, each with what it means, filed under the word that fewest of them share."""

    __slots__ = ("_by_word", "_keys", "phrases")

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        self.phrases = dict(pairs)
        split = {phrase: phrase.translate(_BLANKS).split() for phrase in self.phrases}
        shared = Counter(word for words in split.values() for word in set(words))
        files: dict[str, list[tuple[str, T]]] = {}
        for phrase, meaning in self.phrases.items():
            key = min(split[phrase], key=lambda word: (shared[word], -len(word)))
            files.setdefault(key, []).append((phrase, meaning))
        self._by_word = {key: tuple(filed) for key, filed in files.items()}
        self._keys = frozenset(files)

    def within(self, words: frozenset[str]) -> list[tuple[str, T]]:
        """Gives the phrases that a message of these words may hold, always in the same order."""
        hits: list[tuple[str, T]] = []
        for key in sorted(self._keys & words):
            hits += self._by_word[key]
        return hits
