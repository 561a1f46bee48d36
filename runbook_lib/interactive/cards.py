"""How findings show themselves: HTML, Markdown, text, and a JSON type that reports and tests read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from runbook_lib.interactive import markup
from runbook_lib.interactive.frontend import Bundle
from runbook_lib.model.finding import Finding, Status
from runbook_lib.report.words import MARK, STATUS
from runbook_lib.vault import vault

FINDING_TYPE = "application/vnd.pull-runbook.finding+json"
RUN_TYPE = "application/vnd.pull-runbook.run+json"

_MANY = 3  # cases, from which on the evidence of those that are well is folded away


@dataclass(frozen=True, slots=True)
class FindingCards:
    """The findings of one step, one for each case of the run; `cases` are their names."""

    findings: tuple[Finding, ...]
    cases: tuple[str, ...]

    def bundle(self, stale: str = "") -> Bundle:
        """Returns every form of the cards."""
        findings = vault().scrub_json(msgspec.to_builtins(self.findings))
        return {
            "text/plain": vault().scrub(markup.plain_marked(stale, self._lines())),
            "text/markdown": vault().scrub(markup.md_marked(stale, self._markdown())),
            "text/html": vault().scrub("".join(self._html(stale))),
            FINDING_TYPE: {"cases": list(self.cases), "findings": findings},
        }

    def _repr_mimebundle_(self, **_forms: Any) -> Bundle:
        return self.bundle()

    def _named(self) -> Iterator[tuple[str, Finding]]:
        many = len(self.findings) > 1
        for name, finding in zip(self.cases, self.findings, strict=True):
            yield f"{name}: " if many else "", finding

    def _lines(self) -> list[str]:
        return [
            markup.line(f"{MARK[f.status]} {STATUS[f.status]} {name}{f.summary}", markup.VALUE)
            for name, f in self._named()
        ]

    def _markdown(self) -> Iterator[str]:
        for name, f in self._named():
            head = f"{markup.md(name)}{' ' if name else ''}{markup.md_prose(f.summary)}"
            yield f"**{MARK[f.status]} {STATUS[f.status]}** {head}"
            if f.evidence:
                yield markup.markdown_rows(f.evidence)
            if f.next:
                yield markup.markdown_actions(f.next)

    def _html(self, stale: str) -> Iterator[str]:
        for name, f in self._named():
            head = f"{markup.badge(f.status)} {markup.text(name) if name else ''} {markup.prose(f.summary)}"
            body = ""
            if f.evidence:
                is_open = len(self.findings) < _MANY or f.status is Status.PROBLEM
                body += markup.folded("Evidence", markup.rows(f.evidence), is_open=is_open)
            if f.next:
                body += markup.actions(f.next)
            yield markup.card(f.status, head, body, stale)
