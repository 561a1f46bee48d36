"""The last look at a text: decodes what it finds and recognises the registered values in it."""

from __future__ import annotations

import base64
import binascii
import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from runbook_lib.vault.spans import Span

Find = Callable[[str], list[Span]]
"""Finds registered values, in their plain form, in a text."""

_WRAP = re.compile(r"\\?\r?\n[ \t>|│]*")
_UNWRAPPED = 16  # characters; a shorter value could come together from two innocent lines
_BASE64 = "[A-Za-z0-9+/_-]"
_NEXT = r"\\*+(?:\r?\n|n)[ \t]*+"  # a line break, plain or written as \n
_RUN = re.compile(rf"{_BASE64}{{20,}}+(?:{_NEXT}{_BASE64}{{20,}}+)*+(?:{_NEXT}{_BASE64}++)?+|{_BASE64}{{12,}}+")
_BACKSLASH = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'/\\]))")
_ROUNDS = 6


def hidden_leaks(text: str, find: Find) -> Iterator[Span]:
    """Yields the places of `text` that show a registered value once decoded, unescaped or unwrapped."""
    yield from _unwrapped(text, find)
    yield from _decoded(text, find)
    yield from _unescaped(text, find)


def _unwrapped(text: str, find: Find) -> Iterator[Span]:
    """Values that a terminal or an encoder broke over lines."""
    pieces: list[str] = []
    view_starts: list[int] = []
    text_starts: list[int] = []
    position = length = 0
    for wrap in [*_WRAP.finditer(text), None]:
        end = len(text) if wrap is None else wrap.start()
        view_starts.append(length)
        text_starts.append(position)
        pieces.append(text[position:end])
        length += end - position
        position = end if wrap is None else wrap.end()
    if len(pieces) == 1:
        return
    for span in find("".join(pieces)):
        if span.end - span.start < _UNWRAPPED:
            continue
        first, last = (bisect_right(view_starts, at) - 1 for at in (span.start, span.end - 1))
        if first != last:
            start = text_starts[first] + span.start - view_starts[first]
            yield Span(start, text_starts[last] + span.end - view_starts[last], span.name, "wrapped")


def _decoded(text: str, find: Find, depth: int = _ROUNDS) -> Iterator[Span]:
    """Values within base64, whatever its alignment and however often it was applied."""
    for run in _RUN.finditer(text):
        compact = re.sub(r"\\+n|[^A-Za-z0-9+/_-]", "", run.group()).replace("-", "+").replace("_", "/")
        for shift in range(4):
            piece = compact[shift:]
            piece = piece[: len(piece) - (len(piece) % 4 == 1)]
            try:
                view = base64.b64decode(piece + "=" * (-len(piece) % 4)).decode("utf-8", "surrogateescape")
            except binascii.Error:
                continue
            spans = find(view) or (list(_decoded(view, find, depth - 1)) if depth > 1 else [])
            if spans:
                yield Span(run.start(), run.end(), spans[0].name, "base64")
                break


def _unescaped(text: str, find: Find) -> Iterator[Span]:
    """Values escaped more often, or in another order, than anyone would list."""
    position = 0
    for line in text.splitlines(keepends=True):
        view = unescape(line)
        spans = find(view) if view != line else []
        if spans:
            yield Span(position, position + len(line.rstrip("\r\n")), spans[0].name, "escaped")
        position += len(line)


def unescape(text: str) -> str:
    """Takes every JSON, HTML and URL escape away, again and again, from a text or from a value to look for.

    A value that itself holds something like an escape loses it too, so values are looked for in this form.
    """
    for _ in range(_ROUNDS):
        view = _BACKSLASH.sub(_character, unquote(html.unescape(text), errors="surrogateescape"))
        if view == text:
            break
        text = view
    return text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else match[3]
