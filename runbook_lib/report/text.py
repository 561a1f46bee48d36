"""Display text: what a name or a message may do to a page, a table or a terminal, undone in one place.

Names, messages and labels come from a cluster, so anybody who may create a pod writes them. Escape
sequences drive terminals, marks of writing direction make text read as what it is not, and Markdown
lets a name call people or draw a table. HTML is escaped by its templates on top of this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]"
)
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
_REPLACED = "\ufffd"
_ELLIPSIS = "…"
_WORD = re.compile(r"[^\s|`]+")
_ACTIVE, _ADDRESS = re.compile(r"@|://|#\d"), re.compile(r"www\.", re.IGNORECASE)
_STARTS = re.compile(r"(\d*)([.)]|[-+=:])(?=[\s=-]|$)")
_MARKS = frozenset("\\`*_{}[]<>#|~&!$")
_BAR = re.compile(r"(?<!\\)(\\*)\|")
_PART = re.compile(r"[^-./:@_]*[-./:@_]|[^-./:@_]+")
_CODE = re.compile(r"`([^`\n]+)`")


def visible(text: str) -> str:
    """Returns text without escape sequences, and with U+FFFD for all that is invisible but line breaks and tabs.

    Invisible are the other control characters, marks of writing direction, zero-width characters, and
    lone surrogates, which no file could hold.
    """
    if text.isascii() and text.isprintable():
        return text
    bare = _ESCAPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in _HIDDEN else _REPLACED for c in bare)


def one_line(text: str, limit: int = 0) -> str:
    """Returns visible text on one line, cut at `limit` characters where one is given."""
    line = " ".join(visible(text).split())
    return shortened(line, limit) if limit else line


def shortened(text: str, limit: int) -> str:
    """Returns text of at most `limit` characters; an ellipsis says that some is left out."""
    return text if len(text) <= limit else text[: max(0, limit - 1)].rstrip() + _ELLIPSIS


def parts_of(name: str) -> list[str]:
    """Splits a name where a line may break: after a hyphen, dot, slash, colon, at sign or underscore."""
    return _PART.findall(name)


def pieces(text: str) -> list[tuple[bool, str]]:
    """Splits a sentence into (is code, text): the project's sentences name commands between backticks."""
    parts: list[tuple[bool, str]] = []
    end = 0
    for found in _CODE.finditer(text):
        parts += [(False, text[end : found.start()]), (True, found[1])]
        end = found.end()
    return [(is_code, part) for is_code, part in [*parts, (False, text[end:])] if part]


def commands_in(text: str) -> list[str]:
    """Returns the commands that a sentence names between backticks."""
    return [part for is_code, part in pieces(text) if is_code and " " in part]


def code(text: str) -> str:
    """Returns text as Markdown code; its fence is longer than any run of backticks inside."""
    line = one_line(text)
    if not line:
        return ""
    runs = [len(run) for run in re.findall(r"`+", line)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if runs else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def cell(markdown: str) -> str:
    """Returns Markdown as one cell of a table: GitHub's ends a cell at a bare bar, even inside code."""
    return _BAR.sub(lambda bar: bar[0] if len(bar[1]) % 2 else f"{bar[1]}\\|", markdown)


def plain(text: str) -> str:
    """Returns text escaped for Markdown, fit for a sentence, a list item and a table's cell.

    A word that a renderer would act on (a mention, an address, a reference to an issue) becomes code,
    which neither calls anybody nor leads anywhere.
    """
    line = one_line(text)
    parts, end = [], 0
    for start_, end_ in _active(line):
        parts += [_escaped(line[end:start_]), code(line[start_:end_])]
        end = end_
    whole = "".join([*parts, _escaped(line[end:])])
    start = _STARTS.match(whole)  # what would begin a list, a rule or a heading's underline
    return f"{start[1]}\\{whole[start.end(1) :]}" if start else whole


def _active(line: str) -> Iterator[tuple[int, int]]:
    """Yields where the words are that a renderer would act on; each is looked at once, however long it is."""
    for word in _WORD.finditer(line):
        if _ACTIVE.search(word[0]):
            yield word.span()
        elif address := _ADDRESS.search(word[0]):
            yield word.start() + address.start(), word.end()


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in _MARKS else c for c in text)


def prose(text: str) -> str:
    """Returns a sentence as Markdown, with the commands that it names between backticks as code."""
    return "".join(code(part) if is_code else _spaced(part) for is_code, part in pieces(one_line(text)))


def _spaced(part: str) -> str:
    before, after = (" " if part[:1] == " " else ""), (" " if part[-1:] == " " else "")
    return f"{before}{plain(part)}{after}" if part.strip() else " "


def fenced(text: str, language: str = "") -> str:
    """Returns text as a fenced block that no line of the text can end."""
    shown = visible(text).rstrip("\n")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"
