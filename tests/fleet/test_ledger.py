"""A fleet's folder keeps what is finished, and takes over nothing that was asked otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runbook_lib.fleet.inventory import Place
from runbook_lib.fleet.ledger import Ledger
from runbook_lib.fleet.result import Asked, ClusterResult, Report, State, plain
from runbook_lib.fleet.run import run_fleet
from runbook_lib.model.problem import BadInput

ASKED = Asked(Place("shop/prod", context="prod"))


def answer(asked: Asked = ASKED, state: State = State.SURVEYED, **files: dict[str, str]):
    reports = tuple(Report("g", folder, "problem", "tag-not-found", "likely") for folder in files)
    return {"result": plain(ClusterResult(asked.place, state, reports=reports, asks=asked.fingerprint)), "files": files}


def test_a_finished_cluster_is_taken_over(tmp_path):
    kept = Ledger(tmp_path).keep(ASKED, answer())
    assert Ledger(tmp_path).finished(ASKED) == kept


OTHERWISE = {
    "another context": replace(ASKED, place=replace(ASKED.place, context="other")),
    "another namespace": replace(ASKED, place=replace(ASKED.place, namespace="shop")),
    "without asking registries": replace(ASKED, probe=False),
    "more reports": replace(ASKED, reports=9),
}


@pytest.mark.parametrize("other", OTHERWISE.values(), ids=OTHERWISE)
def test_what_was_asked_otherwise_is_asked_again(tmp_path, other):
    Ledger(tmp_path).keep(ASKED, answer())
    assert Ledger(tmp_path).finished(other) is None


@pytest.mark.parametrize("state", [State.UNREACHABLE, State.CUT_SHORT, State.FAILED])
def test_what_is_not_finished_is_asked_again(tmp_path, state):
    Ledger(tmp_path).keep(ASKED, answer(state=state))
    assert Ledger(tmp_path).finished(ASKED) is None


def test_half_a_file_is_no_result(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.keep(ASKED, answer())
    (file,) = (tmp_path / "clusters").iterdir()
    file.write_text(file.read_text()[:40])
    assert ledger.finished(ASKED) is None


def test_reports_are_written_inside_the_folder_whatever_a_worker_sends(tmp_path):
    out = tmp_path / "out"
    kept = Ledger(out).keep(ASKED, answer(**{"../../01-x": {"../report.html": "page"}}))
    (page,) = tmp_path.rglob("report.html")
    assert page == out / kept.reports[0].folder / "report.html"


def test_another_folder_is_not_touched(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="no folder of a fleet"):
        Ledger(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_run_that_is_broken_off_keeps_what_it_has_and_goes_on_from_there(tmp_path):
    asked = [Asked(Place(n, context=n)) for n in "abc"]
    seen: list[str] = []

    def engine(waiting, *, stop_after):
        for number, one in enumerate(waiting):
            if number == stop_after:
                raise KeyboardInterrupt
            seen.append(one.place.name)
            yield one, answer(one)

    with pytest.raises(KeyboardInterrupt):
        run_fleet(asked, tmp_path, lambda waiting: engine(waiting, stop_after=2))
    assert (tmp_path / "fleet.json").is_file()
    found = run_fleet(asked, tmp_path, lambda waiting: engine(waiting, stop_after=9))
    assert seen == ["a", "b", "c"]
    assert [c.place.name for c in found.clusters] == ["a", "b", "c"]
