"""SECURITY.md names the test of each promise; here is held that these tests exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
NAMED = re.compile(r"`((?:tests/|test_|make )[\w/. ]+)`")


def promises() -> list[tuple[str, str]]:
    """Each promise with the cell that says what holds it."""
    rows = [line.strip("| \n").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return [(row[0], row[1]) for row in rows if len(row) == 2 and row[0] != "promise"]


def defined() -> set[str]:
    """The names of all test functions."""
    text = "\n".join(path.read_text("utf-8") for path in ROOT.joinpath("tests").rglob("test_*.py"))
    return set(re.findall(r"^ *def (test_\w+)", text, re.MULTILINE))


@pytest.mark.parametrize(("promise", "holder"), promises(), ids=lambda text: text[:60])
def test_each_promise_names_what_holds_it(promise, holder):
    """A test's name, a file or folder of tests, or a target of the Makefile."""
    assert NAMED.findall(holder) or re.search(r"`[\w/]+\.py`", holder), promise


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(PAGE))))
def test_what_is_named_is_there(name):
    """So that a test that is renamed takes its name on the page with it."""
    if name.startswith("make "):
        assert re.search(rf"^{name.removeprefix('make ')}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    elif name.startswith("tests/"):
        assert ROOT.joinpath(name).exists()
    elif name.endswith(".py"):
        assert list(ROOT.joinpath("tests").rglob(name))
    else:
        assert name in defined()


def test_the_page_makes_promises():
    """The tests above can fail."""
    assert len(promises()) > 20
