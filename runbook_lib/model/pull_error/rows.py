"""The messages that a text of many lines holds: rows of events, fields, log lines, each joined where it was
broken."""

from __future__ import annotations

import re

_EVENT = re.compile(r"(?:\S{1,63}\s{2,30}){0,2}(?:Normal|Warning)\s{1,40}(?=\w{1,60}\s)")
_LOG_LINE = re.compile(
    r"(?:[\[(]?\d{4}[-/]\d\d[-/]\d\d|[IWEF]\d{4} \d\d:|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |time=|ts="
    r"|\d\d:\d\d:\d\d|level=|(?:FATA|ERRO|WARN|INFO|DEBU)\[)"
)
_FIELD = re.compile(
    r"(?:[A-Z][A-Za-z -]{1,40}|-? ?(?:message|reason|note|name|namespace|type|state|waiting|lastState|ready"
    r"|image|imageID|started|restartCount|count|metadata|kind|phase|status)):(?:\s|$)"
)
_MESSAGE = re.compile(r"(?:- )?(?:[Mm]essage|note|Note):\s{1,40}")
_COLUMNS = re.compile(r"\s{2,40}")
_OPENERS = (
    "Failed to ", "failed to pull", "Back-off pulling", "rpc error:", "Error response from daemon",
    "Error: ", "Error ",
    "Unable to retrieve", "Container image ", "unauthorized:", "denied:", "Trying to pull ", "{", "* ",
    "---", "$ ", "# ",
)  # fmt: skip
_UNFINISHED = (":", ",", "=", "[", "(", " desc")
_MOST = 10_000
"""Lines read of one text."""


def read_rows(text: str) -> list[list[str]]:
    """Gives the lines of each message; a line that begins nothing new belongs to the one before it."""
    rows: list[list[str]] = []
    for line in text.splitlines()[:_MOST]:
        bare = line.strip()
        if not bare:
            rows.append([])
        elif not rows or not rows[-1] or _begins(bare, rows[-1][-1]):
            rows.append([_without_columns(bare)])
        else:
            rows[-1].append(bare)
    return [row for row in rows if row]


def _begins(bare: str, before: str) -> bool:
    if _EVENT.match(bare) or _LOG_LINE.match(bare):
        return True
    if before.endswith(_UNFINISHED):
        return _FIELD.match(bare) is not None and not bare.startswith("Error")
    return bare.startswith(_OPENERS) or _FIELD.match(bare) is not None


def _without_columns(row: str) -> str:
    """``kubectl describe`` puts four columns before the message, ``kubectl get events`` puts its own."""
    event = _EVENT.match(row)
    if event is None:
        field = _MESSAGE.match(row)
        return row[field.end() :].strip("'") if field else row
    described = row.startswith(("Normal", "Warning"))
    columns = _COLUMNS.split(row[event.end() :], maxsplit=3 if described else 2)
    return columns[-1] if len(columns) == (4 if described else 3) else row
