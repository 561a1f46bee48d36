"""The bench names what it measures, and a ratio is the median of pairs that take turns."""

import importlib
import inspect

import pytest

from bench.pairs import Line, at_most, in_pairs
from bench.run import PARTS, row


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_every_part_of_the_table_is_there(part):
    module, _, name = part.partition(":")
    assert inspect.isgeneratorfunction(getattr(importlib.import_module(f"bench.{module}"), name))


def test_the_ratio_is_the_median_of_pairs_and_who_goes_first_changes():
    turns = []
    mine, theirs = iter([2.0, 9.0, 4.0]), iter([1.0, 1.0, 1.0])

    def ours():
        turns.append("ours")
        return next(mine)

    def peer():
        turns.append("peer")
        return next(theirs)

    assert in_pairs(ours, peer, 3) == (4.0, 4.0, 1.0)
    assert turns == ["ours", "peer", "peer", "ours", "ours", "peer"]


@pytest.mark.parametrize(("ratio", "mark"), [(1.5, "ok"), (1.7, "MISSED")])
def test_a_line_says_whether_its_target_is_met(ratio, mark):
    first, *_ = at_most("triage : download", 1.6, (ratio, 3.0, 2.0), ("triage", "download"))
    assert row(first).endswith(mark)
    assert "<= 1.6" in row(first)


def test_a_line_without_a_target_is_neither():
    assert row(Line("peak memory", 100.0, "MiB")).endswith("100 MiB")
