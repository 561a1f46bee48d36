"""Causes are counted across clusters, the first to mend at the head; what stands out and what was not seen is named."""

from __future__ import annotations

import html
import json
import re

import msgspec
import pandas as pd
import pytest

from runbook_lib.fleet.outliers import outliers_of
from runbook_lib.fleet.result import State
from runbook_lib.fleet.summary import Fleet, summed_up
from runbook_lib.fleet.terminal import print_fleet
from runbook_lib.fleet.writing import write_fleet

from .conftest import cluster_of, group_of


@pytest.fixture
def fleet(unreachable):
    return summed_up(
        [
            cluster_of("a", group_of("tag-not-found", pods=50), group_of("stale-secret-copy", pods=3)),
            cluster_of("b", group_of("stale-secret-copy", pods=4, confidence="likely")),
            cluster_of("c", group_of("insufficient-evidence", pods=90, status="undetermined")),
            cluster_of("d"),
            unreachable,
        ]
    )


def test_the_cause_on_most_clusters_comes_first_and_an_unknown_one_last(fleet):
    assert [(c.cause, c.clusters, c.pods) for c in fleet.causes] == [
        ("stale-secret-copy", ("a", "b"), 7),
        ("tag-not-found", ("a",), 50),
        ("insufficient-evidence", ("c",), 90),
    ]


def test_the_example_is_the_surest(fleet):
    assert fleet.causes[0].example_of == "a"
    assert fleet.causes[0].confidences == (("confirmed", 1), ("likely", 1))


def test_things_of_one_name_stand_together():
    found = summed_up([cluster_of(n, group_of("node-disk-full", thing=t)) for n, t in ("ax", "bx", "cy")])
    assert [(t.name, t.clusters) for t in found.causes[0].things] == [("x", ("a", "b")), ("y", ("c",))]


EXITS = {
    "all well": ([cluster_of("a")], 0),
    "a cause": ([cluster_of("a", group_of("tag-not-found"))], 1),
    "only undetermined": ([cluster_of("a", group_of("insufficient-evidence", status="undetermined"))], 3),
    "well where it could be seen": ([cluster_of("a"), cluster_of("b", state=State.UNREACHABLE)], 3),
    "a defect": ([cluster_of("a", group_of("tag-not-found")), cluster_of("b", state=State.FAILED)], 2),
}


@pytest.mark.parametrize(("clusters", "code"), EXITS.values(), ids=EXITS)
def test_exit_codes_are_those_of_a_single_run(clusters, code):
    assert summed_up(clusters).exit_code == code


def test_outliers_are_named():
    usual = [cluster_of(f"u{n}", group_of("stale-secret-copy", pods=5)) for n in range(5)]
    odd = cluster_of("odd", group_of("dns-failure", pods=60), seconds=90.0)
    said = " ".join(outliers_of([*usual, odd, cluster_of("well")]))
    assert "odd alone has dns-failure" in said
    assert "odd has 60 failing pods" in said
    assert "Nothing fails on well" in said
    assert "odd took 90 seconds" in said
    assert "u0" not in said


def test_among_three_clusters_nothing_is_usual():
    pods = {"a": 1, "b": 99, "c": 2}
    assert outliers_of([cluster_of(n, group_of(f"{n}-cause", pods=pods[n])) for n in pods]) == ()


def test_all_three_forms_say_the_same(fleet, tmp_path):
    write_fleet(fleet, tmp_path)
    kept = json.loads((tmp_path / "fleet.json").read_text())
    assert [c["cause"] for c in kept["causes"]] == [c.cause for c in fleet.causes]
    assert msgspec.convert(kept, Fleet) == fleet
    frame = pd.read_parquet(tmp_path / "fleet.parquet")
    assert frame.groupby("cause").pods.sum().to_dict() == {c.cause: c.pods for c in fleet.causes}
    assert set(frame[frame.cause.isna()].cluster) == {"d", "far"}
    page = (tmp_path / "fleet.html").read_text()
    for needed in ("stale-secret-copy", "far", "no route", "reports/a/01-tag-not-found/report.html"):
        assert needed in page


HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e'\"&"


def test_hostile_names_stay_text(tmp_path, capsys):
    bad = cluster_of("x", group_of("tag-not-found", thing=HOSTILE, summary=HOSTILE), why=HOSTILE, server=HOSTILE)
    fleet = summed_up([bad, cluster_of("y", state=State.UNREACHABLE, why=HOSTILE)])
    write_fleet(fleet, tmp_path)
    print_fleet(fleet, tmp_path)
    page, shown = (tmp_path / "fleet.html").read_text(), capsys.readouterr().out
    assert "<script" not in page
    for text in (page, shown):
        assert "\x1b[31m" not in text
        assert "\u202e" not in text


def test_the_page_asks_no_network_and_runs_nothing(fleet, tmp_path):
    write_fleet(fleet, tmp_path)
    page = html.unescape((tmp_path / "fleet.html").read_text())
    assert "default-src 'none'" in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
