"""The Markdown form of a run."""

from __future__ import annotations

from runbook_lib.model.result import RunResult
from runbook_lib.report.summary import three_lines
from runbook_lib.report.text import one_line


def to_markdown(result: RunResult) -> str:
    """Returns the run as Markdown."""
    lines = [f"    {line}" for line in three_lines(result).splitlines()]
    for case in result.cases:
        lines += [f"    {f.step}  {f.status.value}  {one_line(f.summary)}" for f in case.findings]
    return "# Image pull report\n\n" + "\n".join(lines) + "\n"
