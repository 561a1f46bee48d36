"""Plain text out of what a terminal, a log or a JSON string made of a message."""

from __future__ import annotations

import re
from typing import NamedTuple

KEPT = 64 * 1024
"""Characters read at each end of a text that is longer than twice this."""

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]{0,32}[A-Za-z]?|.)?")
_ESCAPE = re.compile(r"""\\+(?:(["'/nrt])|u00(3[ceCE]|2[267]))?""")
_MARGIN = re.compile(r"(?m)^[ \t]{0,40}(?:[>\u2502\u2503][ \t]{0,4}){1,4}")
"""What a quotation or a frame puts before every line."""
_CONTINUED = re.compile(r"\\\r?\n[ \t]{0,40}\\?")
_CONTROL: dict[int, str | None] = {**dict.fromkeys((*range(32), *range(127, 160)), " ")}
_CONTROL |= {ord(char): None for char in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
_CONTROL |= {ord(char): '"' for char in "\u201c\u201d\u201e\u00ab\u00bb\u2033"}
_CONTROL |= {ord(char): "'" for char in "\u2018\u2019\u201a\u2032"}
_CONTROL[0x2026] = "..."
_CONTROL |= dict.fromkeys(range(0xD800, 0xE000), "?")
_GROWS = "\u0130"
"""The one letter whose lower case is longer than itself."""
_CODE_POINTS = {"3c": "<", "3e": ">", "26": "&", "22": '"', "27": "'"}
_ENTITIES = (("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ENDS_CUT = ("...", ":", "...]", '..."', "(", "=", "...\\")


class Clean(NamedTuple):
    """One line of printable text, and whether something of the message is missing."""

    text: str
    truncated: bool
    broken: bool
    """The text held line breaks, which may have split a word."""


def clean(raw: str, *, join: str = " ") -> Clean:
    """Gives the message on one line: no colours, no escapes, no runs of blanks, plain quotes.

    ``join`` is what a hard line break becomes: a blank, or nothing where a terminal broke inside words.
    """
    truncated = len(raw) > 2 * KEPT
    text = f"{raw[:KEPT]} ... {raw[-KEPT:]}" if truncated else raw
    broken = "\n" in text
    if broken and (">" in text or "\u2502" in text or "\u2503" in text):
        text = _MARGIN.sub("", text)
    if "\\" in text:
        text = _unescaped(text)
    if join != " " and broken:
        text = "".join(line.strip() for line in text.splitlines())
    if not text.isprintable():
        if "\x1b" in text:
            text = _ANSI.sub("", text)
        text = text.translate(_CONTROL)
    elif not text.isascii():
        text = text.translate(_CONTROL)
    if "&" in text and ";" in text:
        for entity, char in _ENTITIES:
            text = text.replace(entity, char)
    text = " ".join(text.split())
    return Clean(text, truncated or text.endswith(_ENDS_CUT), broken)


def lowered(text: str) -> str:
    """Gives the text in lower case at its own length, so that positions hold for both."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace(_GROWS, "i").lower()


def _unescaped(text: str) -> str:
    """Escaped quotes may be nested several deep (a log line in JSON in YAML): any run counts as one."""
    if "\\\n" in text or "\\\r" in text:
        text = _CONTINUED.sub("", text)
    return _ESCAPE.sub(_escape_meant, text)


def _escape_meant(found: re.Match[str]) -> str:
    char, code_point = found.group(1, 2)
    if char is not None:
        return str(char) if char in "\"'/" else " "
    return _CODE_POINTS[code_point.lower()] if code_point is not None else found.group()
