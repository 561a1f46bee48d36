"""How the verdict shows itself: causes, what to do, the way of the pull, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from runbook_lib.interactive import markup
from runbook_lib.interactive.cards import RUN_TYPE
from runbook_lib.interactive.frontend import Bundle
from runbook_lib.interactive.way import way_html
from runbook_lib.model.finding import Action, Status, note
from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.report import text, view
from runbook_lib.report.words import AS_STATUS, CONFIDENCE, VERDICT
from runbook_lib.vault import vault


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """The verdict of a run; its JSON type carries the whole result, and the report is made of that."""

    result: RunResult

    def bundle(self, stale: str = "") -> Bundle:
        """Returns every form of the card."""
        cases = self.result.cases
        lines = [line for case in cases for line in _lines(case)]
        told = [part for case in cases for part in _markdown(case)]
        return {
            "text/plain": vault().scrub(markup.plain_marked(stale, lines)),
            "text/markdown": vault().scrub(markup.md_marked(stale, told)),
            "text/html": vault().scrub("".join(_html(case, stale) for case in cases)),
            RUN_TYPE: vault().scrub_json(msgspec.to_builtins(self.result)),
        }

    def _repr_mimebundle_(self, **_forms: Any) -> Bundle:
        return self.bundle()


def _status(case: CaseResult) -> Status:
    return AS_STATUS[case.verdict.status]


def _sure(case: CaseResult) -> str:
    verdict = case.verdict
    return f"{verdict.cause or 'ok'}" + (f" ({verdict.confidence.value})" if verdict.confidence else "")


def _lines(case: CaseResult) -> Iterator[str]:
    yield markup.line(f"{_sure(case)}: {case.verdict.summary}", markup.VALUE)
    yield markup.line(f"  {view.where(case)}", markup.VALUE)
    for reason in view.reasons(case):
        yield f"  because {markup.line(reason, markup.VALUE)}"


def _markdown(case: CaseResult) -> Iterator[str]:
    yield f"**{VERDICT[case.verdict.status]}: {markup.md(view.headline(case))}** — {markup.md(view.where(case))}"
    yield f"{text.code(_sure(case))} {markup.md_prose(case.verdict.summary)}"
    yield "\n".join(f"- {markup.md_prose(r)}" for r in view.reasons(case))
    if _status(case) is not Status.OK:
        yield "**What to do now**"
        yield markup.markdown_actions(view.to_do(case))
    if missing := _missing(case):
        yield "**What could not be read, and how to get it**"
        yield markup.markdown_actions(missing)


def _html(case: CaseResult, stale: str) -> str:
    head = f"{markup.badge(_status(case), VERDICT[case.verdict.status])} {markup.text(view.headline(case))}"
    known = case.verdict.confidence
    sure = f" · {known.value}: {CONFIDENCE[known]}" if known else ""
    body = [
        markup.quiet(f"{markup.text(view.where(case))}<br>{markup.text(case.verdict.cause or 'ok')}{sure}"),
        f"<p style='margin:.5em 0'>{markup.prose(case.verdict.summary)}</p>",
        way_html(case.way),
        f"<div style='font-weight:600;margin-top:.5em'>{view.known_as(case)}</div>",
        markup.items(map(markup.prose, view.reasons(case))),
    ]
    if _status(case) is not Status.OK:
        body += ["<div style='font-weight:600;margin-top:.5em'>What to do now</div>", markup.actions(view.to_do(case))]
    others = view.rivals(case)
    if others:
        rivals = markup.items(
            f"<b>{markup.text(r.id)}</b> ({r.confidence.value}): {markup.text(r.title)}" for r in others
        )
        body.append(markup.folded("What else it may be", rivals))
    if missing := _missing(case):
        body.append(markup.folded("What could not be read, and how to get it", markup.actions(missing), is_open=True))
    return markup.card(_status(case), head, "".join(body), stale)


def _missing(case: CaseResult) -> tuple[Action, ...]:
    """Returns one line for each thing that could not be read, with what would make it readable."""
    said = (f"{gap}. {gap.remedy}".strip() for gap in case.diagnosis.unread)
    return tuple(note(line) for line in dict.fromkeys(said))
