"""Finds every form of every registered value in one pass over a text."""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick

from runbook_lib.vault.encodings import Form, searchable
from runbook_lib.vault.spans import Span

_RECENT = 512  # forms kept apart, so that a value read between two log lines does not rebuild everything
_GROWTH = 4
_NEEDLE = 16  # characters from the middle of a form: the ends of payloads and logins are alike
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")


class Matcher:
    """The automata over all forms: few, each several times larger than the next, so seldom rebuilt.

    They are built when a text is searched, not when a value is added. Not thread-safe by itself: the vault
    holds its lock while calling `add` and `automata`.
    """

    def __init__(self) -> None:
        self._settled: list[Automaton] = []
        self._recent = Automaton([])
        self._known: set[str] = set()

    def add(self, forms: list[Form], name: str) -> None:
        """Adds forms to be found as `name`; a form that already stands for another value keeps its name."""
        fresh = [(form, name) for form in forms if form.text not in self._known]
        self._known.update(form.text for form, _ in fresh)
        self._recent = Automaton(self._recent.forms + fresh)
        if len(self._recent.forms) > _RECENT:
            self._settle()

    def automata(self) -> tuple[Automaton, ...]:
        """The automata as they stand; they never change, so they may be used without the lock."""
        return tuple(a for a in (*self._settled, self._recent) if a.forms)

    def _settle(self) -> None:
        settling = self._recent.forms
        while self._settled and len(self._settled[-1].forms) <= _GROWTH * len(settling):
            settling = self._settled.pop().forms + settling
        self._settled.append(Automaton(settling))
        self._recent = Automaton([])


def search(automata: tuple[Automaton, ...], text: str) -> list[Span]:
    """Every occurrence in `text`, overlapping ones too, in no particular order."""
    haystack = searchable(text)
    return [span for automaton in automata for span in automaton.search(haystack)]


class Automaton:
    """Looks for a needle out of each form, and compares the whole form only where its needle is."""

    def __init__(self, forms: list[tuple[Form, str]]) -> None:
        self.forms = forms
        self._built: tuple[AhoCorasick, list[list[tuple[int, Form, str]]]] | None = None

    def search(self, haystack: str) -> list[Span]:
        """Every occurrence of every form, overlapping ones too."""
        if self._built is None:
            self._built = self._build()
        needles, candidates = self._built
        return [
            _grown(haystack, start - offset, form, name)
            for index, start, _ in needles.find_matches_as_indexes(haystack, overlapping=True)
            for offset, form, name in candidates[index]
            if start >= offset and haystack.startswith(form.text, start - offset)
        ]

    def _build(self) -> tuple[AhoCorasick, list[list[tuple[int, Form, str]]]]:
        candidates: dict[str, list[tuple[int, Form, str]]] = {}
        for form, name in self.forms:
            offset = max(0, (len(form.text) - _NEEDLE) // 2)
            candidates.setdefault(form.text[offset : offset + _NEEDLE], []).append((offset, form, name))
        return AhoCorasick(list(candidates), store_patterns=False), list(candidates.values())


def _grown(haystack: str, start: int, form: Form, name: str) -> Span:
    """The form's place, with the neighbouring characters of base64 that carry some of its bits."""
    end = start + len(form.text)
    if form.lead and start and haystack[start - 1] in _BASE64:
        start -= 1
    if form.encoding.startswith("base64"):
        if form.tail and end < len(haystack) and haystack[end] in _BASE64:
            end += 1
        while haystack[end : end + 1] == "=":
            end += 1
    return Span(start, end, name, form.encoding)
