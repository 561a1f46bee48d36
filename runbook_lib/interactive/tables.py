"""Tables of readings: pandas for whoever works on with them, and forms that read well on every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from runbook_lib.interactive import markup
from runbook_lib.interactive.frontend import Bundle
from runbook_lib.interactive.rows import Rows, rows_of
from runbook_lib.model.finding import Status
from runbook_lib.vault import vault

if TYPE_CHECKING:
    import pandas as pd

ROWS = 200
"""Rows of one table that are shown; the frame holds all."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Readings, each under its name. `frame` is the pandas table of them all."""

    named: tuple[tuple[str, object], ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a pandas table, for further work; several readings are told apart by their index."""
        import pandas as pd

        frames = {name: pd.DataFrame(rows_of(reading)).fillna("") for name, reading in self.named}
        if len(frames) == 1:
            return next(iter(frames.values()))
        return pd.concat(frames, names=["of", ""]).fillna("")

    def bundle(self, stale: str = "") -> Bundle:
        """Returns every form of the tables."""
        tables = [(name, rows_of(reading)) for name, reading in self.named]
        lines = (f"{markup.line(n)}\n{_plain(r)}" for n, r in tables)
        told = (f"**{markup.md(n)}**\n\n{_markdown(r)}" for n, r in tables)
        cards = (markup.card(Status.SKIPPED, markup.text(n), _html(r), stale) for n, r in tables)
        return {
            "text/plain": vault().scrub(markup.plain_marked(stale, lines)),
            "text/markdown": vault().scrub(markup.md_marked(stale, told)),
            "text/html": vault().scrub("".join(cards)),
        }

    def _repr_mimebundle_(self, **_forms: Any) -> Bundle:
        return self.bundle()


def _columns(rows: Rows) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def _left_out(rows: Rows) -> str:
    return f"{len(rows) - ROWS:,} more rows are not shown." if len(rows) > ROWS else ""


def _html(rows: Rows) -> str:
    if not rows:
        return markup.quiet("None.")
    columns = _columns(rows)
    head = "".join(
        f"<th scope='col' style='{markup.CELL};font-weight:600;overflow-wrap:normal'>{escape(c)}</th>" for c in columns
    )
    body = "".join(f"<tr style='background:none'>{''.join(_cells(row, columns))}</tr>" for row in rows[:ROWS])
    more = markup.quiet(_left_out(rows)) if len(rows) > ROWS else ""
    return (
        "<div style='overflow-x:auto'><table class='dataframe' style='border-collapse:collapse;margin:.3em 0;"
        f"font-size:.95em;border:0'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _cells(row: dict[str, Any], columns: list[str]) -> Iterator[str]:
    for column in columns:
        value = str(row.get(column, ""))
        short = len(value) <= 24
        wide = "white-space:nowrap" if short else "min-width:16em" if len(value) > 60 else "min-width:8em"
        yield f"<td style='{markup.CELL};{wide}'>{markup.text(value, markup.VALUE)}</td>"


def _markdown(rows: Rows) -> str:
    if not rows:
        return "None."
    columns = _columns(rows)
    lines = [
        "| " + " | ".join(markup.md(str(row.get(c, "")), markup.VALUE) for c in columns) + " |" for row in rows[:ROWS]
    ]
    head = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join([*head, *lines]) + (f"\n\n{_left_out(rows)}" if len(rows) > ROWS else "")


def _plain(rows: Rows) -> str:
    if not rows:
        return "  none"
    lines = (
        "  " + ", ".join(f"{k or 'is'} {markup.line(str(v), markup.VALUE)}" for k, v in row.items() if v != "")
        for row in rows[:ROWS]
    )
    return "\n".join([*lines, *([_left_out(rows)] if len(rows) > ROWS else [])])
