"""The terminal's form of a run."""

from __future__ import annotations

from pathlib import Path

from runbook_lib.model.result import RunResult
from runbook_lib.report.summary import three_lines
from runbook_lib.report.text import one_line
from runbook_lib.vault import vault


def print_result(result: RunResult) -> None:
    """Prints a run."""
    lines = [three_lines(result)]
    for case in result.cases:
        lines += [f"{f.step}  {f.status.value:8}  {one_line(f.summary)}" for f in case.findings]
    print(vault().scrub("\n".join(lines)))


def print_summary(result: RunResult, folder: Path) -> None:
    """Prints where a report is, after three lines of what it says."""
    print(vault().scrub(f"{three_lines(result)}\n\n{folder}"))
