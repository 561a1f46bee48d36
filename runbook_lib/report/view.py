"""What a report says, before it has a form: HTML, Markdown and the terminal tell the same from here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from runbook_lib.model.diagnosis import NOT_A_PULL_PROBLEM, Claim, Excluded, VerdictStatus
from runbook_lib.model.finding import Action, Finding, note, read
from runbook_lib.model.kube import Event
from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.report.links import section_of
from runbook_lib.report.text import commands_in, one_line

_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$")
_RANK = {VerdictStatus.PROBLEM: 0, VerdictStatus.UNDETERMINED: 1, VerdictStatus.OK: 2}
_NOTHING = note("Nothing has to be mended.")
_PREPARES = ("ibmcloud cr region-set", "ibmcloud target", "ibmcloud login")


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """The cases of a run that have one cause, with their numbers from 1."""

    cause: str
    title: str
    cases: tuple[tuple[int, CaseResult], ...]

    @property
    def pods(self) -> int:
        """How many pods wait for this cause to be mended."""
        return sum(len(case.pods) or 1 for _, case in self.cases)


def grouped(result: RunResult) -> list[CauseGroup]:
    """Returns the cases by cause, in the order in which they are to be mended, and numbered in it."""
    first = result.first
    cases = sorted(result.cases, key=lambda case: (_RANK[case.verdict.status], case is not first))
    groups: dict[str, list[CaseResult]] = {}
    for case in cases:
        groups.setdefault(case.verdict.cause or case.verdict.status.value, []).append(case)
    numbers = count(1)
    return [
        CauseGroup(cause, headline(held[0]), tuple((next(numbers), case) for case in held))
        for cause, held in groups.items()
    ]


def headline(case: CaseResult | None) -> str:
    """Returns the verdict as one short sentence."""
    if case is None:
        return "No pod's image pull fails"
    claim = told(case)
    if case.verdict.cause == NOT_A_PULL_PROBLEM:
        return "No image pull fails: the pod is unwell for another reason"
    if claim is not None:
        return claim.title
    if case.verdict.status is VerdictStatus.OK:
        return "No image pull fails"
    return "The evidence does not tell why the pull fails"


def told(case: CaseResult) -> Claim | None:
    """Returns the claim that the verdict rests on; None where nothing was found, or not enough."""
    first = case.diagnosis.first
    return first if first is not None and first.id == case.verdict.cause else None


def rivals(case: CaseResult) -> tuple[Claim, ...]:
    """Returns the further causes that something speaks for."""
    return tuple(claim for claim in case.diagnosis.causes if claim is not told(case))


def where(case: CaseResult) -> str:
    """Names the container and its pod, and how many pods of the workload fail alike."""
    place = f"{case.namespace}/{case.pod}" if case.namespace else case.pod
    name = f"container {case.container} of pod {place}" if case.container else f"pod {place}"
    if len(case.pods) > 1:
        kind, workload = case.workload
        return f"{name}, one of {len(case.pods)} pods of {kind} {workload} that fail alike"
    return name


def reasons(case: CaseResult) -> tuple[str, ...]:
    """Returns how the verdict is known."""
    claim = told(case)
    if claim is not None:
        return claim.because
    if case.verdict.status is VerdictStatus.OK:
        return tuple(f.summary for f in case.findings if "/symptom" in f.step) or (case.verdict.summary,)
    maybe = (f"It may be {c.id}: {c.because[0] if c.because else c.title}" for c in case.diagnosis.causes[:3])
    return (case.verdict.summary, *maybe)


def known_as(case: CaseResult) -> str:
    """Returns the heading for the reasons of a verdict."""
    return "What is known" if case.verdict.status is VerdictStatus.UNDETERMINED else "How it is known"


def to_do(case: CaseResult | None) -> tuple[Action, ...]:
    """Returns what to do about the verdict, first things first."""
    if case is None:
        return (_NOTHING,)
    claim = told(case)
    if claim is not None and claim.remedy:
        return claim.remedy
    if case.verdict.status is VerdictStatus.OK:
        return (_NOTHING,)
    if case.diagnosis.decides:
        text, found = f"What would decide most: {case.diagnosis.decides}", commands_in(case.diagnosis.decides)
        return (read(text, found[0]) if found else note(text),)
    remedies = [action for rival in case.diagnosis.causes for action in rival.remedy]
    steps = [action for finding in case.findings for action in finding.next if action.kind == "read"]
    return tuple((remedies or steps)[:3]) or (note("See what could not be read, below."),)


def has_to_do(case: CaseResult) -> bool:
    """True where there is anything to do: a healthy case has nothing to be mended."""
    return bool(told(case)) or case.verdict.status is not VerdictStatus.OK


def first_to_do(case: CaseResult | None) -> tuple[Action, ...]:
    """Returns the first thing to do, with the advice before it; a command that only prepares comes with the next."""
    actions = to_do(case)
    index = next((i for i, action in enumerate(actions) if action.command), 0)
    prepares = actions[index].command.startswith(_PREPARES)
    return actions[max(0, index - 1) : index + (2 if prepares else 1)]


def by_section(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Returns the findings by the document's section, in their order."""
    sections: dict[str, list[Finding]] = {}
    for finding in findings:
        sections.setdefault(section_of(finding.step), []).append(finding)
    return sections


def runs(findings: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """Returns the findings with their steps' ids, neighbours that say the same as one: `token/1 to 6`."""
    rows: list[list[Finding]] = []
    for finding in findings:
        same = rows and (rows[-1][0].status, rows[-1][0].summary, section_of(rows[-1][0].step)) == (
            finding.status,
            finding.summary,
            section_of(finding.step),
        )
        rows[-1].append(finding) if same else rows.append([finding])
    return [(_span(row), row[0]) for row in rows]


def _span(row: Sequence[Finding]) -> str:
    return row[0].step if len(row) == 1 else f"{row[0].step} to {row[-1].step.partition('/')[2]}"


def by_reason(excluded: Sequence[Excluded]) -> dict[str, list[str]]:
    """Returns the excluded causes by what excludes them: many share one reason."""
    reasons_: dict[str, list[str]] = {}
    for rival in excluded:
        reasons_.setdefault(rival.why, []).append(rival.id)
    return reasons_


def timeline(events: Sequence[Event]) -> list[Event]:
    """Returns the events, oldest first; those without a time stand first."""
    return sorted(events, key=lambda e: (e.first or e.last, e.last))


def moment(stamp: str, since: str = "") -> str:
    """Returns an RFC 3339 time as date and time of day, to the second; only the latter on the day of `since`."""
    found = _STAMP.match(stamp)
    if not found:
        return one_line(stamp, 40)
    return found[2] if since[:10] == found[1] else f"{found[1]} {found[2]}"


def span(event: Event) -> str:
    """Returns when an event was first and last seen; empty where the API gave no time."""
    began = event.first or event.last
    later = event.last and event.last != began
    return f"{moment(began)}{f' to {moment(event.last, began)}' if later else ''}"


def count_of(number: int, one: str, many: str = "") -> str:
    """Returns a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def overview(result: RunResult) -> str:
    """Returns one sentence about a run with several cases."""
    groups = grouped(result)
    failing = [case for case in result.cases if case.verdict.status is not VerdictStatus.OK]
    pods = sum(len(case.pods) or 1 for case in failing)
    causes = len([g for g in groups if g.cases[0][1].verdict.status is VerdictStatus.PROBLEM])
    open_ = sum(1 for case in failing if case.verdict.status is VerdictStatus.UNDETERMINED)
    if not failing:
        return f"{count_of(len(result.cases), 'case')}, and no image pull fails."
    told_ = [count_of(causes, "cause")] if causes else []
    if open_:
        told_.append(f"{count_of(open_, 'case')} not determined")
    pulls = count_of(len(failing), "image pull fails", "image pulls fail")
    return f"{pulls} ({count_of(pods, 'pod')}): {', '.join(told_)}."


def provenance(result: RunResult, seconds: float = 0.0) -> list[tuple[str, str]]:
    """Returns where and when the evidence was taken, with which tool and parameters; empty rows are left out."""
    p = result.provenance
    kinds = {"live": "a live cluster", "bundle": "saved evidence (a bundle), judged offline"}
    rows = [
        ("Tool", f"pull-runbook {p.tool_version}"),
        ("Taken at", f"{moment(p.taken_at)} UTC"),
        ("Took", f"{seconds:.1f} s" if seconds else ""),
        ("Source", kinds.get(p.source, p.source)),
        ("Bundle" if p.source == "bundle" else "Cluster", p.cluster),
        ("Server", p.server),
        ("Context", p.context),
        ("Kubernetes", p.kubernetes_version),
        ("Namespace", p.namespace),
        ("Parameters", ", ".join(f"{name} = {value}" for name, value in p.parameters)),
        ("Sections", ", ".join(result.sections)),
        *(("Note", text) for text in p.notes),
    ]
    return [(name, value) for name, value in rows if value]
