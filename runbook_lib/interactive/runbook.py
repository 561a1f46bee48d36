"""The object that a notebook steps through: cases on a session, checked step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from runbook_lib.case import Case
from runbook_lib.interactive.cards import FindingCards, VerdictCard
from runbook_lib.interactive.tables import table
from runbook_lib.judge import Selectors, gather, open_cases, open_session
from runbook_lib.model.problem import BadInput
from runbook_lib.model.wiring import Step
from runbook_lib.selection import Chosen
from runbook_lib.session import Session
from runbook_lib.vault import install_ipython, install_log_scrubber

_sessions: dict[Selectors, tuple[Session, list[Case], Chosen]] = {}
"""Sessions of this process by their selectors: the notebooks of one run share their readings."""


class Runbook:
    """One section over the chosen cases. Every method returns something that displays itself."""

    def __init__(self, section: str, selectors: Selectors) -> None:
        self.section, self._selectors = section, selectors
        if selectors not in _sessions:
            session = open_session(selectors)
            _sessions[selectors] = (session, *open_cases(session, selectors))
        self._session, self.cases, self._chosen = _sessions[selectors]

    def check(self, step: Step) -> FindingCards:
        """Runs a step for each case. Running it again takes fresh readings."""
        return FindingCards(tuple(case.check(step) for case in self.cases), tuple(map(_name, self.cases)))

    def show(self, *readings: type) -> object:
        """Shows readings as one table, for the first case or for all of them one below the other."""
        import pandas as pd

        tables = {
            (_name(case) if len(self.cases) > 1 else reading.__name__): table(case.read(reading))
            for case in self.cases
            for reading in readings
        }
        return (
            next(iter(tables.values()))
            if len(tables) == 1
            else pd.concat(tables, names=["of", ""]).fillna("")
        )

    def verdict(self) -> VerdictCard:
        """Asks every cause and shows the verdict of each case."""
        sections = list(dict.fromkeys(f.step.partition("/")[0] for c in self.cases for f in c.findings))
        return VerdictCard(gather(self._session, self.cases, self._selectors, self._chosen, sections))

    def refresh(self) -> None:
        """Forgets what was read: the next steps see the cluster as it is now."""
        self._session.refresh()

    def _repr_markdown_(self) -> str:
        lines = [f"Section **{self.section}**, {len(self.cases)} case(s):", ""]
        return "\n".join(
            [*lines, *(f"- {_name(c)}" for c in self.cases), *(f"- {n}" for n in self._chosen.notes)]
        )


def _name(case: Case) -> str:
    target = case.target
    container = f" container {target.container}" if target.container else ""
    return f"{target.namespace}/{target.pod}{container}"


class _Told(BadInput):
    """Bad input inside a notebook: shown as its sentence, without a traceback."""

    def _render_traceback_(self) -> Sequence[str]:
        return [str(self)]


def start(section: str, parameters: Mapping[str, object]) -> Runbook:
    """Opens a runbook's section.

    Args:
        section: the section's id, such as `image-pull`.
        parameters: the notebook's variables (`globals()`), of which the declared parameters are taken.

    Raises:
        BadInput: a parameter of the wrong type, no cluster, no such pod, several failing pulls; shown as
            one sentence, without a traceback.
    """
    install_log_scrubber()
    try:
        from IPython import get_ipython

        if (shell := get_ipython()) is not None:  # type: ignore[no-untyped-call]
            install_ipython(shell)
        return Runbook(section, _selectors(parameters))
    except BadInput as told:
        raise _Told(told.what, told.next) from None


def _selectors(parameters: Mapping[str, object]) -> Selectors:
    taken = {}
    for field in fields(Selectors):
        value = parameters.get(field.name, field.default)
        if type(value) is not type(field.default):
            raise BadInput(
                f"The parameter {field.name} is {value!r}, a {type(value).__name__}.",
                f"It is a {type(field.default).__name__}: put text in quotes.",
            )
        taken[field.name] = value
    return Selectors(**taken)  # type: ignore[arg-type]
