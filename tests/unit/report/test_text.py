"""Texts from a cluster become harmless: nothing invisible, nothing that Markdown would act on."""

from __future__ import annotations

import unicodedata

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
