"""Whatever the text, the parser gives a value, soon."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model.pull_error import Kind, PullError, explain, find_messages, parse, to_json
from runbook_lib.model.pull_error.layers import WRAPPERS
from runbook_lib.model.pull_error.lexicon import LEXICON

SCRAPS = [
    *sorted([*LEXICON.phrases, *WRAPPERS.phrases]),
    "rpc error: code = Unknown desc = ", 'Failed to pull image "us.icr.io/a/b:1": ', "[", "]", ", ", ": ",
    "\\\"", "\n", "\x1b[31m",
    "https://us.icr.io/v2/a/b/manifests/1", "docker://", "401", "(Mirrors also failed: [", "; artifact err: ",
    "İ", "\u0000",
]  # fmt: skip
anything = st.text(max_size=400)
mosaics = st.lists(st.one_of(st.sampled_from(SCRAPS), anything), max_size=25).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.one_of(anything, mosaics))
def test_any_text_gives_a_value(text: str) -> None:
    """Arbitrary text never raises, and all that is told can be written as JSON and explained."""
    error = parse(text)
    assert isinstance(error, PullError)
    assert error.kind not in error.also
    assert len(error.says) <= 500
    assert set(to_json(error)) == {
        "kind", "also", "phase", "registry", "image", "status", "credential_sent", "runtime", "says",
        "summary",
    }  # fmt: skip
    assert explain(error).meaning
    find_messages(text)


@settings(max_examples=100, deadline=None)
@given(mosaics, st.integers(min_value=0, max_value=2000))
def test_truncation_never_raises(text: str, end: int) -> None:
    """A message cut anywhere is still read."""
    parse(text[:end])
    parse(text[end:])


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40).filter(lambda name: '"' not in name))
def test_equal_messages_are_read_alike(name: str) -> None:
    """The parser keeps nothing between two messages."""
    text = f'Failed to pull image "{name}": manifest unknown'
    assert dataclasses.asdict(parse(text)) == dataclasses.asdict(parse(text))


HEAVY = {
    "one letter": "a",
    "backslashes": "\\",
    "quotes": '"',
    "brackets": "[",
    "opened lists": ": [rpc error: code = X, ",
    "wrappers": 'failed to pull image "x": ',
    "addresses": "https://a.example/v2/x/manifests/1: ",
    "schemes": "https://",
    "numbers": "403 ",
    "escapes": "\x1b[",
    "line breaks": "a\n",
    "a letter that grows": "İ",
    "denials": "denied: ",
    "references": "a.b/",
}


@pytest.mark.parametrize("unit", HEAVY.values(), ids=HEAVY)
def test_a_megabyte_takes_no_time(unit: str) -> None:
    """Nothing backtracks: the worst megabyte stays far below a second (a tenth of one on an idle machine)."""
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    error = parse(text)
    assert time.process_time() - started < 0.5
    assert error.truncated


def test_every_phrase_is_found_alone() -> None:
    """Each telling phrase is found in a message that holds it, wherever it stands."""
    for phrase in LEXICON.phrases:
        assert parse(f"x: {phrase} y").kind in Kind
        assert LEXICON.phrases[phrase] in [meaning for meaning, _, _ in LEXICON.in_text(f"x: {phrase} y")]
