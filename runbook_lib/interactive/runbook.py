"""The object that a notebook steps through: cases on a session, checked step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from runbook_lib.case import Case
from runbook_lib.interactive.board import Board, Shown
from runbook_lib.interactive.cards import FindingCards
from runbook_lib.interactive.failing import FailingPull, Listing, look, look_in
from runbook_lib.interactive.frontend import CellRun, Place, cell_run
from runbook_lib.interactive.head import Head, name_of, sources_of
from runbook_lib.interactive.panel import Panel
from runbook_lib.interactive.reporting import ReportMaker
from runbook_lib.interactive.tables import Tables
from runbook_lib.interactive.verdict import VerdictCard
from runbook_lib.judge import Selectors, gather, open_cases
from runbook_lib.model.finding import Finding
from runbook_lib.model.problem import BadInput
from runbook_lib.model.wiring import Step
from runbook_lib.selection import Chosen
from runbook_lib.session import Session

C = TypeVar("C", FindingCards, Tables, VerdictCard)

_OLDER = "it rests on older readings"


class Runbook:
    """One section over the chosen cases. What its methods return displays itself.

    Args:
        section: the section's id.
        selectors: what the parameters name.
        session: the sources.
        opened: the cases, and what to say of their choice.
        attended: whether a person's front end shows the cells.
    """

    listing: Listing

    def __init__(
        self,
        section: str,
        selectors: Selectors,
        session: Session,
        opened: tuple[list[Case], Chosen],
        *,
        attended: bool,
    ) -> None:
        self.section, self._selectors, self._session = section, selectors, session
        self.cases, self._chosen = opened
        self._attended = attended
        self._board = Board(live=attended)
        self._place, self._placed_in = Place(), CellRun("", -1)
        self._tables: list[CellRun] = []
        self._panel: Panel | None = None
        if attended:
            self.listing = look(session, selectors.namespace)

    def check(self, step: Step) -> Shown[FindingCards]:
        """Runs a step for each case. Running it again takes fresh readings."""

        def make(say: Callable[[str], None]) -> FindingCards:
            findings: list[Finding] = []
            for number, case in enumerate(self.cases, 1):
                if len(self.cases) > 1:
                    say(f"{number} of {len(self.cases)} pulls")
                findings.append(case.check(step))
            return FindingCards(tuple(findings), tuple(map(name_of, self.cases)))

        return self._put(step.title, make)

    def show(self, *readings: type) -> Shown[Tables]:
        """Shows readings as tables, for each case. Running the same cell again takes fresh readings."""
        run = cell_run()
        if any(run.is_again(before) for before in self._tables):
            self._session.refresh()
        self._tables = [before for before in self._tables if not run.is_again(before)] + [run]
        names = [_spaced(r.__name__) for r in readings]

        def make(_say: Callable[[str], None]) -> Tables:
            many = len(self.cases) > 1
            return Tables(
                tuple(
                    (f"{name}, {name_of(case)}" if many else name, case.read(reading))
                    for case in self.cases
                    for name, reading in zip(names, readings, strict=True)
                )
            )

        return self._put(f"Reading {', '.join(names)}", make)

    def verdict(self) -> Shown[VerdictCard]:
        """Asks every cause and shows the verdict of each case."""

        def make(_say: Callable[[str], None]) -> VerdictCard:
            sections = list(dict.fromkeys(f.step.partition("/")[0] for c in self.cases for f in c.findings))
            return VerdictCard(gather(self._session, self.cases, self._selectors, self._chosen, sections))

        return self._put("Asking every cause", make)

    def _put(self, what: str, make: Callable[[Callable[[str], None]], C]) -> Shown[C]:
        before = self._session.generation
        shown = self._board.put(what, make)
        if self._session.generation != before:
            self._board.make_stale(_OLDER, keep=shown)
        self._show_head()
        return shown

    def pick(self, namespace: str, pod: str) -> None:
        """Opens another pod's case: every cell that is run from now on is about it.

        Raises:
            BadInput: there is no such pod; what was open stays open.
        """
        chosen = replace(self._selectors, namespace=namespace, pod=pod, container="")
        self.cases, self._chosen = open_cases(self._session, chosen)
        self._selectors = chosen
        self._board.make_stale(f"{namespace}/{pod} was opened since")
        self._show_head()

    def refresh(self) -> None:
        """Forgets what was read: the next steps see the cluster as it is now."""
        self._session.refresh()
        self._board.make_stale(_OLDER)
        if self._attended:
            self.listing = look_in(self._session, self.listing.where)
        self._show_head()

    def look_everywhere(self) -> None:
        """Lists the failing pulls of all namespaces for the picker."""
        everywhere = look_in(self._session, "")
        if everywhere.refused is not None:
            raise BadInput(f"{everywhere.refused}.", everywhere.refused.remedy)
        self.listing = everywhere

    def is_open(self, pull: FailingPull) -> bool:
        """True for a pod whose case is open."""
        return any((c.target.namespace, c.target.pod) == (pull.namespace, pull.pod) for c in self.cases)

    def retire(self) -> None:
        """Marks what this run has shown: its set-up cell was run again."""
        self._board.make_stale("the set-up cell was run since")

    def place(self, place: Place) -> None:
        """Takes over an output of the running cell, so that the set-up shows in it."""
        self._place, self._placed_in = place, cell_run()
        self._show_head()

    def _show_head(self) -> None:
        self._place.replace(self._head().bundle())

    def _head(self) -> Head:
        sources = sources_of(self._session, self._selectors)
        return Head(self.section, tuple(self.cases), self._chosen.notes, sources)

    def _ipython_display_(self) -> None:
        if self._placed_in != cell_run():
            self._place.show(self._head().bundle())
        if self._attended:
            maker = ReportMaker(lambda: dict(_given(self._selectors)))
            self._panel = Panel(self, maker, attended=True)
            self._panel._ipython_display_()
            maker.show()

    def __repr__(self) -> str:
        """Returns the plain text, for a terminal."""
        return str(self._head().bundle()["text/plain"])


def _given(selectors: Selectors) -> dict[str, object]:
    return {name: getattr(selectors, name) for name, _ in selectors.given()}


def _spaced(name: str) -> str:
    """Names a reading for people: `PodEvents` is "pod events"."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
