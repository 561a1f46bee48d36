"""Pieces of HTML and Markdown for cards: readable on light and dark pages, and harmless whatever a name holds.

Styles are inline and inherit the page's colours, since neither VS Code nor a page that does not trust its
outputs takes a style sheet; only badges have colours of their own, white on dark. Text from a cluster goes through
`text`, `prose` or `block`: no element of it reaches the page, nothing of it is typeset as mathematics
(the classes of `card`), and its direction of writing stays inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from runbook_lib.model.finding import Action, Plain, Status
from runbook_lib.report import text as words_of
from runbook_lib.report.sealed import sealed
from runbook_lib.report.words import MARK, STATUS, effect

LINE = 400  # characters of a name or a sentence that are shown on a card
VALUE = 2000  # of one piece of evidence
_COLOUR = {
    Status.OK: "#1a7f37",
    Status.PROBLEM: "#b3261e",
    Status.UNKNOWN: "#8a5a00",
    Status.SKIPPED: "#57606a",
}
_NO_MATHS = "mathjax_ignore tex2jax_ignore"
_QUIET = "opacity:.75;font-size:.92em"
_PRE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;margin:.25em 0;padding:.45em .7em;border-radius:4px;"
    "background:rgba(127,127,127,.14);color:inherit;font-size:.92em;text-align:left"
)
_CODE = "background:rgba(127,127,127,.16);color:inherit;padding:.05em .3em;border-radius:3px;overflow-wrap:anywhere"
CELL = (
    "text-align:left;vertical-align:top;white-space:normal;overflow-wrap:anywhere;padding:.25em .7em .25em 0;"
    "border:0;border-bottom:1px solid rgba(127,127,127,.25);max-width:60em"
)


def line(value: str, limit: int = LINE) -> str:
    """Returns a name or a message as text: without credentials and hidden characters, on one line."""
    return words_of.one_line(sealed(value), limit)


def text(value: str, limit: int = LINE) -> str:
    """Escapes a name or a message."""
    return f"<bdi>{escape(line(value, limit))}</bdi>"


def name(value: str, limit: int = LINE) -> str:
    """Escapes a name, which may break between its parts where the place is narrow."""
    return f"<bdi>{'<wbr>'.join(map(escape, words_of.parts_of(line(value, limit))))}</bdi>"


def prose(sentence: str, limit: int = VALUE) -> str:
    """Escapes a sentence; the commands that it names between backticks become code."""
    parts = words_of.pieces(line(sentence, limit))
    return "".join(
        f"<code style='{_CODE}'>{text(part, limit)}</code>" if is_code else f"<bdi>{escape(part)}</bdi>"
        for is_code, part in parts
    )


def block(command: str) -> str:
    """Escapes a command, its line breaks kept."""
    return f"<pre style='{_PRE}'>{escape(sealed(command))}</pre>"


def quiet(inner: str) -> str:
    """Sets something back."""
    return f"<div style='{_QUIET}'>{inner}</div>"


def badge(status: Status, said: str = "") -> str:
    """Returns a status as a mark and a word on its colour."""
    return (
        f"<span style='background:{_COLOUR[status]};color:#fff;border-radius:4px;padding:.08em .5em;"
        f"font-weight:600;font-size:.9em;white-space:nowrap'>{MARK[status]} {said or STATUS[status]}</span>"
    )


def card(status: Status, head: str, body: str = "", stale: str = "") -> str:
    """Returns a card with a head; a stale one is set back, and says why first."""
    edge = _COLOUR[Status.SKIPPED if stale else status]
    mark = f"<div style='font-weight:600;margin-bottom:.3em'>⟳ stale: {text(stale)}</div>" if stale else ""
    inner = f"<div style='opacity:.55'>{_titled(head, body)}</div>" if stale else _titled(head, body)
    return (
        f"<div class='rb-card{' rb-stale' if stale else ''} {_NO_MATHS}' style='border-left:4px solid {edge};"
        f"padding:.35em .9em;margin:.3em 0;max-width:75em;line-height:1.5'>"
        f"{mark}{inner}</div>"
    )


def _titled(head: str, body: str) -> str:
    return f"<div class='rb-head' style='font-weight:600'>{head}</div>{body}"


def items(inner: Iterable[str]) -> str:
    """Returns an unordered list."""
    return "<ul style='margin:.3em 0;padding-left:1.3em'>" + "".join(f"<li>{i}</li>" for i in inner) + "</ul>"


def actions(todo: Sequence[Action]) -> str:
    """Returns what to do, each command marked as reading or changing."""
    return items(
        prose(a.text) + (f" <small>({effect(a)})</small>{block(a.command)}" if a.command else "") for a in todo
    )


def rows(pairs: Iterable[tuple[str, Plain]]) -> str:
    """Returns pieces of evidence as a table of two columns."""
    body = "".join(
        f"<tr style='background:none'><th scope='row' style='{CELL};white-space:nowrap;font-weight:600'>{text(k)}</th>"
        f"<td style='{CELL}'>{text(shown(v), VALUE)}</td></tr>"
        for k, v in pairs
    )
    return f"<table style='border-collapse:collapse;margin:.3em 0;font-size:.95em'>{body}</table>"


def shown(value: Plain) -> str:
    """Shows one piece of evidence on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    said = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return said or "–"


def folded(summary: str, inner: str, *, is_open: bool = False) -> str:
    """Returns something that folds away."""
    opened = " open" if is_open else ""
    head = f"<summary style='cursor:pointer'>{summary}</summary>"
    return f"<details{opened} style='margin:.3em 0'>{head}{inner}</details>"


def md(value: str, limit: int = LINE) -> str:
    """Escapes a name or a message for Markdown, on one line."""
    return words_of.plain(line(value, limit))


def md_prose(sentence: str, limit: int = VALUE) -> str:
    """Escapes a sentence for Markdown; the commands that it names between backticks stay code."""
    return words_of.prose(line(sentence, limit))


def plain_marked(stale: str, lines: Iterable[str]) -> str:
    """Joins the lines of a text; a stale one says why first."""
    return "\n".join([*([line(f"stale: {stale}")] if stale else []), *lines])


def md_marked(stale: str, parts: Iterable[str]) -> str:
    """Joins the paragraphs of a Markdown text; a stale one says why first."""
    return "\n\n".join([*([f"*{md(f'stale: {stale}')}*"] if stale else []), *parts])


def markdown_actions(todo: Sequence[Action]) -> str:
    """Returns what to do as Markdown."""
    return "\n".join(
        f"- {md_prose(a.text)}" + (f" ({effect(a)})\n\n{_indented(a.command)}" if a.command else "") for a in todo
    )


def _indented(command: str) -> str:
    return "\n".join(f"  {row}" for row in words_of.fenced(sealed(command), "sh").splitlines()) + "\n"


def markdown_rows(pairs: Iterable[tuple[str, Plain]]) -> str:
    """Returns pieces of evidence as a Markdown table."""
    lines = (f"| {md(k)} | {md(shown(v), VALUE)} |" for k, v in pairs)
    return "| evidence | |\n|---|---|\n" + "\n".join(lines)
