"""The report that is made beside a person's work: in a thread, and told at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from runbook_lib.headless import run
from runbook_lib.interactive.reporting import ReportMaker
from runbook_lib.model.problem import BadInput
from tests.unit.report import results


class Told:
    """Keeps what is said."""

    def __init__(self):
        self.steps, self.end = [], None

    def progress(self, what, done, of):
        self.steps.append((what, done, of))

    def made(self, sentence, failed):
        self.end = (sentence, failed)


def make(monkeypatch, outcome, parameters=None):
    """Begins a report whose headless run ends with `outcome`, and waits for it."""
    asked = []

    def run_report(given, out, progress):
        asked.append((given, out))
        progress("image_pull", 1, 30)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(run, "run_report", run_report)
    told = Told()
    maker = ReportMaker(lambda: parameters or {"namespace": "shop", "pod": "web"})
    maker.start(told.progress, told.made)
    maker.wait(20)
    return told, asked


def test_the_parameters_of_the_open_case_are_those_of_the_run(monkeypatch):
    told, asked = make(monkeypatch, results.run())
    ((given, out),) = asked
    assert given == {"namespace": "shop", "pod": "web"}
    assert out.parent == Path("reports")
    assert out.name.endswith("shop-web")
    assert told.steps == [("starting", 0, 1), ("image_pull", 1, 30)]
    assert told.end[0].startswith("The report is there, after ")
    assert told.end[1] is False


FAILURES = {
    "bad input": (BadInput("No pod web.", "There are: a."), "No report was made. No pod web. There are: a."),
    "a defect": (OSError("disk full"), "No report was made: OSError: disk full"),
}


@pytest.mark.parametrize(("failure", "said"), FAILURES.values(), ids=FAILURES)
def test_a_report_that_fails_is_told_in_one_sentence(monkeypatch, failure, said):
    told, _ = make(monkeypatch, failure)
    assert told.end == (said, True)


def test_a_parameter_that_no_notebook_knows_starts_nothing(monkeypatch):
    told, asked = make(monkeypatch, results.run(), {"pot": "web"})
    assert not asked
    assert "no parameter of the notebook" in told.end[0]
