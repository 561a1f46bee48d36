"""The drawing of the way of the pull says by shape and word what it says by colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from runbook_lib.model.result import HopState, WayHop
from runbook_lib.report.way_svg import describe, way_svg
from tests.unit.report import results

BOTH = pytest.mark.parametrize("which", [0, 1], ids=["row", "column"])


@BOTH
@pytest.mark.parametrize("note", ["401", results.HOSTILE, "", "a" * 500], ids=["short", "hostile", "none", "long"])
def test_it_is_well_formed_and_holds_every_hop(which: int, note: str) -> None:
    root = ET.fromstring(way_svg(results.way(note_=note), "k")[which])
    text = "".join(root.itertext())
    assert all(name in text for name in results.NAMES)
    assert len(root.findall("g")) == len(results.NAMES)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == [e.get("id") for e in root[:2]]


@BOTH
def test_each_state_has_its_own_sign_and_word(which: int) -> None:
    way = tuple(WayHop(state.value, state, "") for state in HopState)
    root = ET.fromstring(way_svg(way, "k")[which])
    assert [g.findtext("text") for g in root.findall("g")] == ["✓", "✗", "?", "–"]
    words = [t.text for t in root.iter() if "hop-state" in t.get("class", "")]
    assert words == ["fine", "fails", "not seen", "not used"]
    assert [len(g.findall("rect")) for g in root.findall("g")] == [0, 1, 0, 0]


@BOTH
def test_nothing_is_drawn_outside_its_frame(which: int) -> None:
    root = ET.fromstring(way_svg(results.way(note_="word " * 100), "k")[which])
    width, height = (float(n) for n in root.get("viewBox", "").split()[2:])
    for text in root.iter("text"):
        assert 0 <= float(text.get("x", "")) <= width
        assert 0 < float(text.get("y", "")) <= height


def test_no_hops_no_drawing() -> None:
    assert way_svg((), "k") == ("", "")


def test_the_words_tell_the_whole_way() -> None:
    told = describe(results.way("entry", "none matches"))
    assert told.startswith("pod: fine (pod); service account: fine (service account); secrets: fine")
    assert "entry: fails (none matches); registry: not seen;" in told


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        ("web-cdjwj9rcfh-4p7sp", ["web-cdjwj9rcfh-", "4p7sp"]),
        ("all-icr-io, bluemix-default-secret-regional", ["all-icr-io,", "bluemix-default-", "secret-regional"]),
        ("private.us.icr.io/shop/web:1.0", ["private.us.icr.io/", "shop/web:1.0"]),
        ("us.icr.io as iamapikey", ["us.icr.io as", "iamapikey"]),
        ("a" * 30, ["a" * 19, "a" * 11]),
    ],
    ids=["pod", "secrets", "image", "words", "no place to break"],
)
def test_a_long_name_breaks_between_its_parts(note: str, lines: list[str]) -> None:
    root = ET.fromstring(way_svg((WayHop("pod", HopState.FINE, note),), "k")[0])
    assert [t.text for t in root.iter() if t.get("class") == "hop-note"] == lines
