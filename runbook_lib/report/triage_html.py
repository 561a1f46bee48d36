"""The page of a triage: one file that opens offline, in the manner of the report of a run."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from runbook_lib.model.result import RunResult
from runbook_lib.report import html, triage_view
from runbook_lib.report import view as run_view
from runbook_lib.report.sealed import sealed
from runbook_lib.triage.result import Triage

MOST_EXAMPLES = 50
"""Groups whose example is worked out on the page; the others stand in the table and in triage.json."""


def to_triage_html(triage: Triage) -> str:
    """Returns the triage as one self-contained HTML page."""
    shown = sealed(triage)
    style, script = html.asset("report.css"), html.asset("report.js")
    examples = RunResult(tuple(g.example for g in shown.groups[:MOST_EXAMPLES]), shown.provenance)
    pages: Mapping[str, tuple[str, Markup]] = html.cause_pages(examples)
    return (
        html.environment()
        .get_template("triage.html.j2")
        .render(
            triage=shown,
            told=shown.groups[:MOST_EXAMPLES],
            policy=html.content_policy(style, script),
            style=Markup(style),  # noqa: S704 - ours, from the package
            script=Markup(script),  # noqa: S704
            pages=pages,
            groups=triage_view,
            provenance=run_view.provenance(examples, shown.seconds),
        )
    )
