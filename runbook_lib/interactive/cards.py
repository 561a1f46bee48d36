"""How findings and verdicts show themselves: Markdown, HTML, and a JSON type that reports are made from."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from runbook_lib.model.diagnosis import VerdictStatus
from runbook_lib.model.finding import Action, Finding, Plain, Status
from runbook_lib.model.result import RunResult
from runbook_lib.vault import vault

FINDING_TYPE = "application/vnd.pull-runbook.finding+json"
RUN_TYPE = "application/vnd.pull-runbook.run+json"

_MARK = {Status.OK: "✔", Status.PROBLEM: "✖", Status.UNKNOWN: "?", Status.SKIPPED: "–"}
_COLOUR = {
    Status.OK: "#1a7f37",
    Status.PROBLEM: "#cf222e",
    Status.UNKNOWN: "#9a6700",
    Status.SKIPPED: "#6e7781",
}
_VERDICT_STATUS = {
    VerdictStatus.OK: Status.OK,
    VerdictStatus.PROBLEM: Status.PROBLEM,
    VerdictStatus.UNDETERMINED: Status.UNKNOWN,
}


def text_of(value: Plain) -> str:
    """Shows one piece of evidence on one line."""
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def code(text: str) -> str:
    """Wraps text as Markdown code; a fence longer than any run of backticks in it keeps it harmless."""
    longest = max((len(run) for run in text.replace("\n", " ").split() if set(run) == {"`"}), default=0)
    fence = "`" * max(1, longest + 1 if "`" in text else 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"


def plain(text: str) -> str:
    """Escapes text for Markdown, so that names and messages stay text."""
    collapsed = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~" else c for c in collapsed)


def _action_markdown(action: Action) -> str:
    mark = "⚠ changes" if action.changes else "reads"
    return f"- {plain(action.text)}" + (f" ({mark})\n\n      {action.command}\n" if action.command else "")


def _action_html(action: Action) -> str:
    if not action.command:
        return f"<li>{html.escape(action.text)}</li>"
    mark = "changes" if action.changes else "reads"
    return (
        f"<li>{html.escape(action.text)} <small>({mark})</small>"
        f"<pre style='white-space:pre-wrap;margin:.2em 0'>{html.escape(action.command)}</pre></li>"
    )


def _card(colour: str, head: str, body: str) -> str:
    return (
        f"<div style='border-left:4px solid {colour};padding:.3em .8em;margin:.3em 0'>"
        f"<div style='font-weight:600'>{head}</div>{body}</div>"
    )


@dataclass(frozen=True, slots=True)
class FindingCards:
    """The findings of one step, one for each case of the run."""

    findings: tuple[Finding, ...]
    cases: tuple[str, ...]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        findings = vault().scrub_json(msgspec.to_builtins(self.findings))
        return {
            "text/plain": vault().scrub("\n".join(self._lines())),
            "text/markdown": vault().scrub("\n\n".join(self._markdown())),
            "text/html": vault().scrub("".join(self._html())),
            FINDING_TYPE: {"cases": list(self.cases), "findings": findings},
        }

    def _heads(self) -> Sequence[tuple[str, Finding]]:
        many = len(self.findings) > 1
        return [
            (f"{name}: " if many else "", finding)
            for name, finding in zip(self.cases, self.findings, strict=True)
        ]

    def _lines(self) -> list[str]:
        return [f"{_MARK[f.status]} {f.status.value.upper()} {name}{f.summary}" for name, f in self._heads()]

    def _markdown(self) -> list[str]:
        parts = []
        for name, finding in self._heads():
            parts.append(
                f"**{_MARK[finding.status]} {finding.status.value.upper()}** {plain(name + finding.summary)}"
            )
            if finding.evidence:
                rows = "\n".join(f"| {plain(k)} | {plain(text_of(v))} |" for k, v in finding.evidence)
                parts.append(f"| evidence | |\n|---|---|\n{rows}")
            if finding.next:
                parts.append("\n".join(map(_action_markdown, finding.next)))
        return parts

    def _html(self) -> list[str]:
        parts = []
        for name, finding in self._heads():
            rows = "".join(
                f"<tr><th style='text-align:left;vertical-align:top'>{html.escape(k)}</th>"
                f"<td style='text-align:left;overflow-wrap:anywhere'>{html.escape(text_of(v))}</td></tr>"
                for k, v in finding.evidence
            )
            evidence = (
                f"<details open><summary>Evidence</summary><table>{rows}</table></details>" if rows else ""
            )
            actions = "".join(map(_action_html, finding.next))
            head = (
                f"<span style='color:{_COLOUR[finding.status]}'>{_MARK[finding.status]} "
                f"{finding.status.value.upper()}</span> {html.escape(name + finding.summary)}"
            )
            parts.append(
                _card(_COLOUR[finding.status], head, evidence + (f"<ul>{actions}</ul>" if actions else ""))
            )
        return parts


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """The verdict of a run, with its causes; its JSON type carries the whole result."""

    result: RunResult

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            "text/plain": vault().scrub("\n".join(self._lines())),
            "text/markdown": vault().scrub("\n\n".join(f"- {plain(line)}" for line in self._lines())),
            "text/html": vault().scrub("".join(self._html())),
            RUN_TYPE: vault().scrub_json(msgspec.to_builtins(self.result)),
        }

    def _lines(self) -> list[str]:
        lines = []
        for case in self.result.cases:
            verdict = case.verdict
            sure = f" ({verdict.confidence.value})" if verdict.confidence else ""
            lines.append(f"{verdict.cause or 'ok'}{sure}: {verdict.summary}")
            lines += [
                f"  because {reason}" for claim in case.diagnosis.causes[:1] for reason in claim.because
            ]
        return lines

    def _html(self) -> list[str]:
        parts = []
        for case in self.result.cases:
            verdict = case.verdict
            status = _VERDICT_STATUS[verdict.status]
            sure = f" · {verdict.confidence.value}" if verdict.confidence else ""
            head = f"{_MARK[status]} {html.escape(verdict.cause or 'ok')}{sure}"
            body = [f"<p>{html.escape(verdict.summary)}</p>"]
            for claim in case.diagnosis.causes[:1]:
                body.append("<ul>" + "".join(f"<li>{html.escape(b)}</li>" for b in claim.because) + "</ul>")
                if claim.remedy:
                    body.append(
                        "<p>What to do now:</p><ul>" + "".join(map(_action_html, claim.remedy)) + "</ul>"
                    )
            if case.diagnosis.decides:
                body.append(f"<p>What would decide most: {html.escape(case.diagnosis.decides)}</p>")
            parts.append(_card(_COLOUR[status], head, "".join(body)))
        return parts
