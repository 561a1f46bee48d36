"""Looks for hundreds of phrases in one pass over a message, whose length alone counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

T = TypeVar("T")
_MOST = 128


class PhraseIndex(Generic[T]):
    """Phrases, each with what it means."""

    __slots__ = ("_automaton", "_meanings", "phrases")

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        self.phrases = dict(pairs)
        self._meanings = tuple(self.phrases.values())
        self._automaton = AhoCorasick(self.phrases, implementation=Implementation.ContiguousNFA)

    def in_text(self, text: str) -> list[tuple[T, int, int]]:
        """Gives the meaning, start and end of every phrase in the text, in its order, a phrase as often as it stands.

        Of a text that holds more than any message does, only those near its two ends.
        """
        meanings = self._meanings
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        if len(matches) > 2 * _MOST:
            matches = matches[:_MOST] + matches[-_MOST:]
        return [(meanings[number], start, end) for number, start, end in matches]
