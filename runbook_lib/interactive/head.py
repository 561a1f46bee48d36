"""What the set-up cell shows: which pulls are open, what can be read, and the way of the pull so far."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.case import Case
from runbook_lib.interactive import markup
from runbook_lib.interactive.frontend import Bundle
from runbook_lib.interactive.way import way_html, way_markdown, way_so_far, way_text
from runbook_lib.judge import Selectors
from runbook_lib.model.finding import Status
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.session import Session
from runbook_lib.sources.ibmcloud import find_login
from runbook_lib.vault import vault

_WAYS = 3
"""Of how many cases the way is drawn; the verdict draws all."""


def name_of(case: Case) -> str:
    """Names a case for people."""
    target = case.target
    container = f" container {target.container}" if target.container else ""
    return f"{target.namespace}/{target.pod}{container}"


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a run: its cases, what to say of their choice, and its sources."""

    section: str
    cases: tuple[Case, ...]
    notes: tuple[str, ...]
    sources: tuple[tuple[Status, str], ...]

    def bundle(self, stale: str = "") -> Bundle:
        """Returns every form."""
        ways = [(name_of(c), way_so_far(taken(c))) for c in self.cases]
        lines = [self._opened(), *(f"  {name}: {way_text(way)}" for name, way in ways), *self.notes]
        lines += [said for _, said in self.sources]
        told = [f"**{markup.md(self._opened())}**", *(f"- {markup.md(n)}: {way_markdown(w)}" for n, w in ways)]
        told += ["", *(f"- {markup.md_prose(n)}" for n in (*self.notes, *(said for _, said in self.sources)))]
        return {
            "text/plain": vault().scrub("\n".join(markup.line(line, markup.VALUE) for line in lines)),
            "text/markdown": vault().scrub("\n".join(told)),
            "text/html": vault().scrub(self._html(stale)),
        }

    def _opened(self) -> str:
        many = len(self.cases)
        return f"{self.section}: {name_of(self.cases[0]) if many == 1 else f'{many} pulls are open'}"

    def _html(self, stale: str) -> str:
        body = [f"<p style='margin:.4em 0'><b>{markup.prose(n)}</b></p>" for n in self.notes]
        for index, case in enumerate(self.cases):
            if len(self.cases) > 1:
                body.append(f"<div style='margin-top:.4em;font-weight:600'>{markup.text(name_of(case))}</div>")
            if index < _WAYS:
                body.append(way_html(way_so_far(taken(case))))
        lines = [said if status is Status.OK else f"{markup.badge(status)} {said}" for status, said in self._sources()]
        body.append(markup.quiet("<br>".join(lines)))
        return markup.card(Status.SKIPPED, markup.text(self._opened()), "".join(body), stale)

    def _sources(self) -> list[tuple[Status, str]]:
        return [(status, markup.prose(said)) for status, said in self.sources]


def taken(case: Case) -> dict[type, object]:
    """Returns what has been read of a case, without reading anything."""
    return dict(case.taken())


def sources_of(session: Session, selectors: Selectors) -> tuple[tuple[Status, str], ...]:
    """Says what the run reads, and what is missing with the way to get it."""
    identity = session.cluster.identity()
    what = "saved evidence" if identity.kind == "bundle" else "cluster"
    named = " ".join(x for x in (identity.name, identity.server and f"at {identity.server}") if x)
    lines = [(Status.OK, f"Reads {what} {named}".strip() + ".")]
    if not session.probing.allowed:
        lines.append((Status.SKIPPED, f"Registries: {session.probing.why_not}."))
    return (*lines, _login_line(selectors))


def _login_line(selectors: Selectors) -> tuple[Status, str]:
    if selectors.bundle and not selectors.probe:
        return Status.SKIPPED, "IBM Cloud: a bundle is judged offline."
    login = find_login(os.environ, Path.home())
    if isinstance(login, Unavailable):
        why = f"IBM Cloud: {login.detail}. Steps that need it say Unknown, and all others are judged. {login.remedy}"
        return Status.UNKNOWN, why
    return Status.OK, f"IBM Cloud: by {login.source}."
