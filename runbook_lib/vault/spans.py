"""Pieces of a text that show a credential, and their replacement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A piece of a text to be replaced: offsets in characters, the name to put there, how it was spelled."""

    start: int
    end: int
    name: str
    encoding: str


def merged(spans: Iterable[Span]) -> list[Span]:
    """Disjoint pieces in order; where pieces overlap, the longest registered value names them all."""
    joined: list[Span] = []
    best = (False, 0)
    for span in sorted(spans):
        rank = (span.encoding != "shape", span.end - span.start)
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            keep = last if best >= rank else span
            joined[-1] = Span(last.start, max(last.end, span.end), keep.name, keep.encoding)
            best = max(best, rank)
        else:
            joined.append(span)
            best = rank
    return joined


def blanked(text: str, places: list[tuple[int, int]]) -> str:
    """The text with NULs in these places: nothing is found there, and all offsets stay."""
    pieces: list[str] = []
    position = 0
    for start, end in sorted(places):
        pieces += (text[position:start], "\0" * (end - start))
        position = end
    return "".join((*pieces, text[position:]))


def replaced(text: str, spans: list[Span]) -> str:
    """The text with the name of each piece in its place."""
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += (text[position : span.start], f"«{span.name}»")
        position = span.end
    return "".join((*pieces, text[position:]))
