"""The way of the pull as inline SVG: a row of hops for wide pages, a column for narrow ones and paper.

Each state has a shape, a sign and a word beside its colour; title and description say the same in text.
Colours come from the page's style sheet by class, so that light, dark and print agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from runbook_lib.model.result import HopState, WayHop
from runbook_lib.report.text import one_line, parts_of
from runbook_lib.report.words import HOP, HOP_MARK

_STEP, _TOP, _RADIUS = 124, 30, 14  # a row's hop: width, centre from above, size
_ROW, _LEFT, _WIDE = 46, 24, 360  # a column's hop: height, centre from the left, width
_NOTE_COLUMNS, _NOTE_LINES = 19, 4
_FAR = (HopState.NOT_SEEN, HopState.NOT_USED)


def way_svg(way: Sequence[WayHop], key: str) -> tuple[str, str]:
    """Returns the row and the column; `key` makes their ids unique on the page. Both empty without hops."""
    if not way:
        return "", ""
    return _row(way, f"{key}-row"), _column(way, f"{key}-column")


def describe(way: Sequence[WayHop]) -> str:
    """Returns the way in words, for those who do not see the drawing."""
    return "; ".join(
        f"{one_line(hop.name, 40)}: {HOP[hop.state]}" + (f" ({one_line(hop.note, 200)})" if hop.note else "")
        for hop in way
    )


def _svg(way: Sequence[WayHop], key: str, kind: str, size: tuple[int, int], parts: Sequence[str]) -> str:
    width, height = size
    return (
        f'<svg class="way {kind}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{key}-title {key}-text">\n'
        f'<title id="{key}-title">The way of the pull</title>\n'
        f'<desc id="{key}-text">{escape(describe(way))}</desc>\n' + "\n".join(parts) + "\n</svg>"
    )


def _row(way: Sequence[WayHop], key: str) -> str:
    parts, height = [], 0
    for index, hop in enumerate(way):
        x = index * _STEP + _STEP // 2
        if index:
            parts.append(_line(way[index - 1], hop, (x - _STEP + 18, _TOP), (x - 18, _TOP)))
        parts.append(_sign(hop, x, _TOP))
        parts.append(_text(hop.name, x, _TOP + 36, "hop-name"))
        parts.append(_text(HOP[hop.state], x, _TOP + 53, f"hop-state {hop.state.value}"))
        for number, line in enumerate(_wrapped(hop.note)):
            parts.append(_text(line, x, _TOP + 72 + 15 * number, "hop-note"))
            height = max(height, number + 1)
    return _svg(way, key, "row", (len(way) * _STEP, _TOP + 64 + 15 * height), parts)


def _column(way: Sequence[WayHop], key: str) -> str:
    parts = []
    for index, hop in enumerate(way):
        y = index * _ROW + _TOP
        if index:
            parts.append(_line(way[index - 1], hop, (_LEFT, y - _ROW + 18), (_LEFT, y - 18)))
        parts.append(_sign(hop, _LEFT, y))
        state = f'<tspan class="hop-state {hop.state.value}" dx="8">{HOP[hop.state]}</tspan>'
        parts.append(
            f'<text class="hop-name left" x="{_LEFT + 28}" y="{y - 1}">{escape(one_line(hop.name, 24))}{state}</text>'
        )
        note = escape(one_line(hop.note, 48))
        parts.append(f'<text class="hop-note left" x="{_LEFT + 28}" y="{y + 15}">{note}</text>' if note else "")
    size = (_WIDE, (len(way) - 1) * _ROW + 2 * _TOP)
    return _svg(way, key, "column", size, [part for part in parts if part])


def _line(before: WayHop, after: WayHop, start: tuple[int, int], end: tuple[int, int]) -> str:
    far = " far" if after.state in _FAR or before.state in _FAR else ""
    return f'<line class="hop-line{far}" x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"/>'


def _sign(hop: WayHop, x: int, y: int) -> str:
    r = _RADIUS
    if hop.state is HopState.FAILS:
        shape = f'<rect x="{x - r}" y="{y - r}" width="{2 * r}" height="{2 * r}" rx="4"/>'
    else:
        shape = f'<circle cx="{x}" cy="{y}" r="{r}"/>'
    note = f"<title>{escape(one_line(hop.note, 400))}</title>" if hop.note else ""
    mark = f'<text x="{x}" y="{y + 5}">{HOP_MARK[hop.state]}</text>'
    return f'<g class="hop {hop.state.value}">{note}{shape}{mark}</g>'


def _text(text: str, x: int, y: int, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(one_line(text, 24))}</text>'


def _wrapped(note: str) -> list[str]:
    lines = [""]
    for word in one_line(note, 400).split():
        for number, part in enumerate(_parts(word)):
            gap = " " if lines[-1] and number == 0 else ""
            if len(lines[-1]) + len(gap) + len(part) <= _NOTE_COLUMNS:
                lines[-1] += gap + part
            else:
                lines.append(part)
    lines = [line for line in lines if line]
    if len(lines) > _NOTE_LINES:
        last = lines[_NOTE_LINES - 1][: _NOTE_COLUMNS - 1].rstrip(" .,:;")
        lines = [*lines[: _NOTE_LINES - 1], f"{last}…"]
    return lines


def _parts(word: str) -> list[str]:
    """Splits a word that is longer than a line, between its parts, and inside one only where it must be."""
    if len(word) <= _NOTE_COLUMNS:
        return [word]
    return [part[i : i + _NOTE_COLUMNS] for part in parts_of(word) for i in range(0, len(part), _NOTE_COLUMNS)]
