"""Three lines for a pager message: what is wrong and where, how it is known, what to do first."""

from __future__ import annotations

from runbook_lib.model.result import RunResult
from runbook_lib.report.sealed import sealed
from runbook_lib.report.text import one_line
from runbook_lib.report.view import count_of, first_to_do, headline, reasons, where
from runbook_lib.report.words import effect

_LONGEST = 300


def three_lines(result: RunResult) -> str:
    """Returns the run in three lines of at most 300 characters; a command that is longer is not cut but left out."""
    shown = sealed(result)
    verdict, first = shown.verdict, shown.first
    sure = f" ({verdict.confidence.value})" if verdict.confidence else ""
    place = f" ({where(first)})" if first else ""
    more = f" And {count_of(len(shown.cases) - 1, 'other case')}." if len(shown.cases) > 1 else ""
    because = reasons(first)[0] if first and reasons(first) else verdict.summary
    lines = (
        f"{verdict.cause or verdict.status.value}{sure}: {headline(first)}{place}.{more}",
        f"Because: {because}",
        f"Do: {_first_action(shown)}",
    )
    return "\n".join(one_line(line, _LONGEST) for line in lines)


def _first_action(result: RunResult) -> str:
    action = first_to_do(result.first)[-1]
    if not action.command:
        return action.text
    told = f"{one_line(action.command)} ({effect(action)})"
    return told if len(told) < _LONGEST - 4 else f"{one_line(action.text, 200)} (the command is in the report)"
