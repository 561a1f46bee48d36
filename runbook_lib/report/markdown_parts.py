"""The parts of a case in Markdown, each with its rank: what is left out first when the report grows too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runbook_lib.model.counter_tests import Origin, Trial
from runbook_lib.model.diagnosis import Verdict
from runbook_lib.model.finding import Action, Finding, Plain, Status
from runbook_lib.model.result import CaseResult
from runbook_lib.report import view, words
from runbook_lib.report.text import cell, code, fenced, plain, prose, shortened

_LONGEST_COMMAND = 4_000
_LONGEST_TEXT = 2_000
_EVENTS = 50
_VALUES = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report: what to call it, its rank (0 is never left out), its Markdown."""

    name: str
    rank: int
    text: str


def case_parts(case: CaseResult, level: int) -> Iterator[Part]:
    """Yields the parts of one case below its head, in the order in which they are read."""
    h = "#" * level
    if case.way:
        yield Part("ways of the pull", 5, f"{h} The way of the pull\n\n{_way(case)}")
    if case.message:
        said = fenced(shortened(case.message, _LONGEST_TEXT), "text")
        yield Part("the nodes' words", 3, f"{h} The node's own words\n\n{said}")
    if case.counter_tests:
        yield Part("counter-tests", 3, f"{h} Counter-tests\n\n{_trials(case)}")
    if view.has_to_do(case) and view.to_do(case) != view.first_to_do(case):
        yield Part("what to do", 2, _remedies(case, h))
    yield from _rivals(case, h)
    if case.diagnosis.unread or case.diagnosis.decides:
        yield Part("what could not be read", 4, f"{h} What could not be read\n\n{_unread(case)}")
    if case.findings:
        yield Part("lists of steps", 4, f"{h} Every step of the document\n\n{_steps(case)}")
        for finding in case.findings:
            yield _evidence(finding)
    if case.events:
        yield Part("events", 6, _events(case))


def verdict_line(verdict: Verdict) -> str:
    """Returns status, cause and confidence on one line."""
    parts = [f"**{words.VERDICT[verdict.status]}**"]
    if verdict.cause:
        parts.append(code(verdict.cause))
    if verdict.confidence:
        parts.append(f"**{verdict.confidence.value}**: {words.CONFIDENCE[verdict.confidence]}")
    return " · ".join(parts)


def action(item: Action, mark: str = "") -> Iterator[str]:
    """Yields advice and its command; the command stands alone, so that a chat's copy button takes just it."""
    effect = f" (**{words.effect(item)}**)" if item.command else ""
    yield f"{mark}{prose(shortened(item.text, _LONGEST_TEXT))}{effect}"
    if len(item.command) > _LONGEST_COMMAND:
        yield "The command is too long to show here; `findings.json` holds it."
    elif item.command:
        yield fenced(item.command, "sh")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *([cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def details(summary: str, body: str) -> str:
    """Returns a part that is folded where HTML is shown, and plain text with a heading where it is not."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def _way(case: CaseResult) -> str:
    hops = [[words.HOP_MARK[h.state], plain(h.name), words.HOP[h.state], plain(h.note[:300])] for h in case.way]
    return table(("", "hop", "state", "note"), hops)


def _trials(case: CaseResult) -> str:
    assert case.counter_tests is not None  # noqa: S101 - the caller asked
    rows = [
        [
            code(trial.label[:200]),
            f"{words.ORIGIN[trial.origin]}{', and the very credential of the pod' if _is_the_pods(trial) else ''}",
            plain(trial.answer.says[:400]),
        ]
        for trial in case.counter_tests.trials[:_VALUES]
    ]
    return (
        table(("credential", "whose", "the registry's answer"), rows)
        + "\n\nAsked from the machine that made this report, not from the node: their networks may differ."
    )


def _is_the_pods(trial: Trial) -> bool:
    return trial.same_as_pod and trial.origin is not Origin.POD


def _remedies(case: CaseResult, h: str) -> str:
    items = [text for number, item in enumerate(view.to_do(case), 1) for text in action(item, f"**{number}.** ")]
    return "\n\n".join([f"{h} What to do", *items, words.ONLY_READS])


def _rivals(case: CaseResult, h: str) -> Iterator[Part]:
    lines = []
    for claim in view.rivals(case):
        because = "; ".join(prose(reason[:400]) for reason in claim.because)
        said = ": ".join(filter(None, (plain(claim.title), because)))
        lines.append(f"- {code(claim.id)} (**{claim.confidence.value}**): {said}")
    told = "\n".join(lines) or "Nothing that could be read speaks for another cause."
    excluded = view.by_reason(case.diagnosis.excluded)
    rows = [[prose(why[:300]), ", ".join(map(code, ids))] for why, ids in excluded.items()]
    out = details(
        f"{view.count_of(len(case.diagnosis.excluded), 'cause')} ruled out, and why",
        table(("because", "it is not"), rows),
    )
    if lines or rows:
        yield Part("other causes", 4, f"{h} Other causes that were considered\n\n{told}")
    if rows:
        yield Part("causes ruled out", 7, out)


def _unread(case: CaseResult) -> str:
    rows = [
        [
            plain(gap.what[:200]),
            plain(shortened(gap.detail, 400) or words.WHY[gap.why]),
            prose(gap.remedy[:400]) or "–",
        ]
        for gap in case.diagnosis.unread[:_VALUES]
    ]
    decides = case.diagnosis.decides
    lead = f"**What would decide most:** {prose(shortened(decides, 600))}" if decides else ""
    gaps = table(("reading", "why not", "what would show it"), rows) if rows else ""
    return "\n\n".join(filter(None, (lead, gaps)))


def _steps(case: CaseResult) -> str:
    rows = [
        [
            f"{words.MARK[finding.status]} {words.STATUS[finding.status]}",
            plain(steps),
            prose(shortened(finding.summary, 400)),
        ]
        for steps, finding in view.runs(case.findings)
    ]
    return table(("status", "step", "finding"), rows)


def _evidence(finding: Finding) -> Part:
    """A step's evidence; problems are the last to be left out."""
    rows = [[plain(name[:100]), _value(value)] for name, value in finding.evidence]
    body = [table(("evidence", "value"), rows)] if rows else []
    body += [text for item in finding.next for text in action(item)]
    rank = 5 if finding.status is Status.PROBLEM else 7
    summary = f"{words.STATUS[finding.status]}: {finding.step}, {_html(finding.title)}"
    return Part("evidence of steps", rank, details(summary, "\n\n".join(body)) if body else "")


def _value(value: Plain) -> str:
    lines = list(value) if isinstance(value, list) else ["" if value is None else str(value)]
    shown = "<br>".join(plain(shortened(line, _LONGEST_TEXT)) for line in lines[:_VALUES])
    return shown + (f"<br>and {len(lines) - _VALUES} more" if len(lines) > _VALUES else "")


def _events(case: CaseResult) -> str:
    events = view.timeline(case.events)[-_EVENTS:]
    rows = [
        [
            plain(view.span(e)),
            plain(e.reason[:100]),
            str(e.count),
            plain(shortened(e.message, 600)),
        ]
        for e in events
    ]
    return details(
        f"Events of the pod ({len(case.events)}, times in UTC)", table(("time", "reason", "count", "message"), rows)
    )


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "'")
