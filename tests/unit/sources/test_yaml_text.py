"""YAML from elsewhere is read at once or refused in a word, however it is nested."""

from __future__ import annotations

import time

import pytest

from runbook_lib.sources.yaml_text import NotYaml, flaw_in, has_alias, load_yaml

DEEP = {
    "sequence on one line": "a: " + "[" * 50_000,
    "mapping on one line": "a: " + "{b: " * 50_000,
    "sequence by lines": "- " * 50_000 + "x",
    "keys of keys": "? " * 50_000 + "x",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_is_refused_at_once(text):
    """A reader that looks at every open bracket for every new one takes minutes for such a file."""
    started = time.process_time()
    with pytest.raises(NotYaml):
        load_yaml(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("a: b: c\n", "line 1"),
        ("x: 1\ny: {\n", "line 3"),
        ("n: " + "9" * 6000, "ValueError"),
        (b"a: \xff\xfe", "ReaderError"),
        ("!!python/object/apply:os.system ['echo']", "line 1"),
        ("a: 2026-99-99", "ValueError"),
    ],
    ids=["colon", "bracket", "number", "bytes", "object", "date"],
)
def test_the_flaw_is_named_without_what_stands_there(text, flaw):
    """The place, or the kind of error: a file may hold credentials, so nothing of it is repeated."""
    with pytest.raises(NotYaml) as told:
        load_yaml(text)
    assert flaw_in(told.value) == flaw


def test_other_errors_are_named_by_their_kind():
    assert flaw_in(PermissionError("no")) == "PermissionError"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a: &x 1\nb: *x\n", True),
        (b'a: "*.icr.io"\n', False),
        (b"a: x * y\n", False),
        (b"- [\n- *x\n- {\n", False),
        (b"a: 1\n", False),
    ],
    ids=["alias", "in quotes", "between words", "no YAML", "none"],
)
def test_aliases_are_told_from_stars_in_texts(text, said):
    assert has_alias(text) is said
