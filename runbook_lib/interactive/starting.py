"""Opens a notebook's section: parameters into selectors, selectors into a session, a session into cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from runbook_lib.case import Case
from runbook_lib.interactive.board import ended, working
from runbook_lib.interactive.failing import look
from runbook_lib.interactive.frontend import Place, attended
from runbook_lib.interactive.runbook import Runbook
from runbook_lib.judge import Selectors, open_cases, open_session
from runbook_lib.model.problem import BadInput
from runbook_lib.selection import Chosen
from runbook_lib.session import Session
from runbook_lib.vault import install_ipython, install_log_scrubber

_sessions: dict[Selectors, tuple[Session, tuple[list[Case], Chosen]]] = {}
"""Sessions of this process by their selectors: the notebooks of one run share their readings."""

_started: list[Runbook] = []
"""The runbook that was started last, in a notebook that a person steps through."""


class Told(BadInput):
    """Bad input inside a notebook: shown as its sentence, without a traceback."""

    def _render_traceback_(self) -> Sequence[str]:
        return [str(self)]


def start(section: str, parameters: Mapping[str, object]) -> Runbook:
    """Opens a runbook's section.

    Args:
        section: the section's id, such as `image-pull`.
        parameters: the notebook's variables (`globals()`), of which the declared parameters are taken.

    Raises:
        BadInput: a parameter of the wrong type, no cluster, no such pod, or, where no person can pick one,
            several failing pulls; shown as one sentence, without a traceback.
    """
    install_log_scrubber()
    try:
        from IPython import get_ipython

        if (shell := get_ipython()) is not None:
            install_ipython(shell)
        selectors = selectors_of(parameters)
        return _attended(section, selectors) if attended() else _unattended(section, selectors)
    except BadInput as told:
        raise Told(told.what, told.next) from None


def _unattended(section: str, selectors: Selectors) -> Runbook:
    if selectors not in _sessions:
        session = open_session(selectors)
        _sessions[selectors] = (session, open_cases(session, selectors))
    return Runbook(section, selectors, *_sessions[selectors], attended=False)


def _attended(section: str, selectors: Selectors) -> Runbook:
    """Reads afresh whenever the set-up cell is run, and shows at once that it does."""
    place = Place()
    place.show(working("Looking for failing pulls"))
    for before in _started:
        before.retire()
    _started.clear()
    try:
        session = open_session(selectors)
        selectors, opened = _first(session, selectors)
        runbook = Runbook(section, selectors, session, opened, attended=True)
    except BaseException as failed:
        place.replace(ended("Looking for failing pulls", failed))
        raise
    runbook.place(place)
    _started.append(runbook)
    return runbook


def _first(session: Session, selectors: Selectors) -> tuple[Selectors, tuple[list[Case], Chosen]]:
    """Opens the chosen cases; where several workloads fail and none is named, the first, and says so."""
    try:
        return selectors, open_cases(session, selectors)
    except BadInput:
        listing = look(session, selectors.namespace)
        if selectors.pod or not listing.pulls:
            raise
    first = listing.pulls[0]
    selectors = replace(selectors, namespace=first.namespace, pod=first.selector)
    cases, chosen = open_cases(session, selectors)
    told = f"The pulls of {listing.workloads} workloads fail. The first is open; pick another one below."
    return selectors, (cases, replace(chosen, notes=(*chosen.notes, told)))


def selectors_of(parameters: Mapping[str, object]) -> Selectors:
    """Takes the declared parameters out of a notebook's variables.

    Raises:
        BadInput: one is of another type than its default, as papermill's `-p pod 1e5` is.
    """
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
