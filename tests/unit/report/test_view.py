"""What a report says before it has a form: order, first action, words for times and numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runbook_lib.model.diagnosis import Excluded
from runbook_lib.model.finding import Action, change, note, read
from runbook_lib.model.kube import Event
from runbook_lib.report import view
from tests.unit.report import results


def test_groups_are_in_the_order_of_mending_and_numbered_in_it() -> None:
    groups = view.grouped(results.several())
    assert [(g.cause, [n for n, _ in g.cases], g.pods) for g in groups] == [
        ("stale-secret-copy", [1, 2], 41),
        ("registry-not-covered", [3], 1),
        ("insufficient-evidence", [4], 1),
    ]


@pytest.mark.parametrize(
    ("stamp", "since", "shown"),
    [
        ("2026-11-24T02:16:18Z", "", "2026-11-24 02:16:18"),
        ("2026-11-24T02:16:18.083742Z", "", "2026-11-24 02:16:18"),
        ("2026-11-24T02:16:59Z", "2026-11-24T02:16:18Z", "02:16:59"),
        ("2026-11-25T02:16:59Z", "2026-11-24T02:16:18Z", "2026-11-25 02:16:59"),
        ("yesterday", "", "yesterday"),
        ("2026-11-24T02:16:18+02:00", "", "2026-11-24T02:16:18+02:00"),
    ],
    ids=["whole", "parts of a second", "same day", "next day", "no time", "another zone"],
)
def test_times_are_read_easily(stamp: str, since: str, shown: str) -> None:
    assert view.moment(stamp, since) == shown


def _doing(*actions: Action) -> list[str]:
    case = results.case()
    claim = replace(case.diagnosis.causes[0], remedy=actions)
    return [
        a.command or a.text for a in view.first_to_do(replace(case, diagnosis=replace(case.diagnosis, causes=(claim,))))
    ]


def test_the_first_command_comes_with_the_advice_before_it() -> None:
    assert _doing(note("Mind this."), read("Look.", "oc get pods"), change("Do.", "oc delete pod web")) == [
        "Mind this.",
        "oc get pods",
    ]


def test_a_command_that_only_prepares_comes_with_the_next() -> None:
    region = change("Point it there.", "ibmcloud cr region-set eu-gb")
    assert _doing(region, read("List.", "ibmcloud cr images")) == ["ibmcloud cr region-set eu-gb", "ibmcloud cr images"]


def test_advice_alone_is_shown() -> None:
    assert _doing(note("Ask the owner."), note("Wait.")) == ["Ask the owner."]


def test_events_stand_in_the_order_in_which_they_began() -> None:
    late, early = Event("B", "", "", first="2026-01-02T00:00:00Z"), Event("A", "", "", last="2026-01-01T00:00:00Z")
    assert [e.reason for e in view.timeline((late, early))] == ["A", "B"]


def test_causes_with_one_reason_stand_together() -> None:
    excluded = (Excluded("a", "x"), Excluded("b", "y"), Excluded("c", "x"))
    assert view.by_reason(excluded) == {"x": ["a", "c"], "y": ["b"]}


def test_empty_rows_of_the_provenance_are_left_out() -> None:
    run = results.run()
    bare = replace(run, provenance=replace(run.provenance, server="", context="", source="bundle", cluster="a.json"))
    names = [name for name, _ in view.provenance(bare)]
    assert "Server" not in names
    assert "Bundle" in names
    assert "Took" not in names
