"""Texts from a cluster become harmless: nothing invisible, nothing that Markdown would act on."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from runbook_lib.report.text import (
    cell,
    code,
    commands_in,
    fenced,
    one_line,
    parts_of,
    pieces,
    plain,
    prose,
    shortened,
    visible,
)

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
ANY = st.text(alphabet=st.characters(codec=None, categories=None), max_size=60)
SHARP = st.text(alphabet="`|\\*_[]()<>@#1.-+=~!&$ \n\tab:/", max_size=40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x1b\\after", "after"),
        ("\x9b2Jgone", "gone"),
        ("bell\x07", "bell\ufffd"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("zero\u200bwidth", "zero\ufffdwidth"),
        ("\ud800", "\ufffd"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("Köln 日本 ✓", "Köln 日本 ✓"),
    ],
    ids=[
        "colour",
        "link",
        "title",
        "C1 control",
        "bell",
        "direction",
        "zero width",
        "surrogate",
        "line ends",
        "letters",
    ],
)
def test_what_is_invisible_is_taken_out_or_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@settings(max_examples=100, deadline=None)
@given(ANY)
def test_visible_text_holds_no_control_and_stays_as_it_is(text: str) -> None:
    """Whatever comes in; and doing it twice changes nothing."""
    shown = visible(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in shown)
    assert visible(shown) == shown
    shown.encode("utf-8")


def test_one_line_is_one_line_within_its_limit() -> None:
    assert one_line(" a\n b\t c ") == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    assert shortened("short", 10) == "short"


def test_commands_are_found_between_backticks() -> None:
    sentence = "Save it: `oc get secrets -o json`, or use `runbook`."
    assert commands_in(sentence) == ["oc get secrets -o json"]
    assert pieces("no `end") == [(False, "no `end")]


@settings(max_examples=100, deadline=None)
@given(SHARP)
def test_escaped_text_renders_as_the_text_itself(text: str) -> None:
    """No list, heading, table, link, emphasis, HTML or entity comes of it; only code, for what would be acted on."""
    tokens = READER.parse(plain(text))
    assert {t.type for t in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inner = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inner} <= {"text", "code_inline", "text_special"}
    assert "".join(child.content for child in inner) == one_line(text)


@settings(max_examples=100, deadline=None)
@given(SHARP)
def test_code_renders_as_the_text_itself(text: str) -> None:
    tokens = READER.parse(code(text))
    inner = [child for token in tokens for child in token.children or ()]
    assert "".join(child.content for child in inner) == one_line(text)
    assert all(child.type == "code_inline" for child in inner)


@settings(max_examples=100, deadline=None)
@given(SHARP, SHARP)
def test_a_cell_stays_one_cell(first: str, second: str) -> None:
    """A row keeps its two cells, whatever bars and backslashes are in them."""
    row = f"| {cell(plain(first))} | {cell(code(second))} |"
    tokens = READER.parse(f"| a | b |\n| --- | --- |\n{row}")
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 2
    assert "".join(c.content for c in cells[0].children or ()) == one_line(first)


@pytest.mark.parametrize("word", ["@octocat", "a@b.example", "https://evil.example/x", "www.evil.example", "x#123"])
def test_what_a_renderer_would_act_on_is_code(word: str) -> None:
    """A mention in code calls nobody, and an address in code leads nowhere."""
    assert plain(f"see {word} now") == f"see `{word}` now"


@settings(max_examples=100, deadline=None)
@given(SHARP)
def test_no_line_ends_a_fenced_block(text: str) -> None:
    (block,) = READER.parse(fenced(text, "sh"))
    assert block.type == "fence"
    assert block.content.rstrip("\n") == visible(text).rstrip("\n")


def test_prose_shows_its_commands_as_code() -> None:
    assert prose("Run `oc get pods` *now*.") == "Run `oc get pods` \\*now\\*."


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("see www.evil.example now", ["www.evil.example"]),
        ("at(WWW.evil.example", ["WWW.evil.example"]),
        ("a|b@c|d", ["b@c"]),
        ("#12 and #x", ["#12"]),
        ("plain words: none", []),
    ],
    ids=["address", "inside a word", "between bars", "reference", "none"],
)
def test_a_word_that_is_acted_on_ends_at_spaces_and_bars(text: str, active: list[str]) -> None:
    inner = [child for token in READER.parse(plain(text)) for child in token.children or ()]
    assert [child.content for child in inner if child.type == "code_inline"] == active


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("web-cdjwj9rcfh-4p7sp", ["web-", "cdjwj9rcfh-", "4p7sp"]),
        ("us.icr.io/shop/web:1.0", ["us.", "icr.", "io/", "shop/", "web:", "1.", "0"]),
        ("plain", ["plain"]),
        ("--", ["-", "-"]),
        ("", []),
    ],
)
def test_a_name_breaks_between_its_parts(name: str, parts: list[str]) -> None:
    assert parts_of(name) == parts


@settings(max_examples=100, deadline=None)
@given(SHARP)
def test_the_parts_of_a_name_are_the_name(name: str) -> None:
    assert "".join(parts_of(name)) == name


FUNCTIONS = (visible, one_line, plain, code, cell, prose, fenced, parts_of)
GROWING = {
    "letters": "A",
    "at signs": "@",
    "backslashes": "\\",
    "backticks": "`",
    "escapes": "\x1b[",
    "hashes": "#",
    "ws": "w",
}


@pytest.mark.parametrize("unit", GROWING.values(), ids=GROWING)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_the_work_grows_with_the_text_and_no_faster(function: Callable[[str], object], unit: str) -> None:
    """Eight times the text takes about eight times as long, not sixty-four: a hostile name costs no more than its length.

    Processor time, the best of several runs, so that a busy machine does not decide it.
    """

    def cost(length: int) -> float:
        text = unit * (length // len(unit))
        best = float("inf")
        for _ in range(5):
            began = time.process_time()
            function(text)
            best = min(best, time.process_time() - began)
        return best

    assert cost(40_000) < 24 * max(cost(5_000), 0.0005)
