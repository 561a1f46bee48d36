"""The Markdown report fits an issue, a chat and a pager, and nothing in it acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from runbook_lib.model.result import RunResult
from runbook_lib.report.markdown import LIMIT, to_markdown
from tests.unit.report import results
from tests.unit.report.evidence import BUNDLES, judged
from tests.unit.report.page import Page

KINDS = pytest.mark.parametrize("make", results.ALL.values(), ids=results.ALL)
OURS = {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "code", "pre", "details", "summary", "a", "br"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
READER = MarkdownIt("commonmark", {"html": True}).enable("table")


@KINDS
def test_it_renders_to_closed_elements_and_nothing_that_acts(make: Callable[[], RunResult]) -> None:
    """Only the elements that the report itself makes come of it, its folds included."""
    page = Page(READER.render(to_markdown(make())))
    assert page.mismatched == []
    assert {e.tag for e in page.elements} <= OURS
    links = {e.attributes["href"] for e in page.all("a")}
    assert all(link.startswith("https://cloud.ibm.com/docs/") for link in links)


@KINDS
def test_every_row_has_as_many_cells_as_its_head(make: Callable[[], RunResult]) -> None:
    tokens = READER.parse(to_markdown(make()))
    head = cells = 0
    for token in tokens:
        head = 0 if token.type == "table_open" else head + (token.type == "th_open")
        cells = 0 if token.type == "tr_open" else cells + (token.type in ("td_open", "th_open"))
        if token.type == "tr_close":
            assert cells == head


def test_hostile_text_calls_nobody() -> None:
    """A mention or an address stands in code only."""
    for token in READER.parse(to_markdown(results.hostile())):
        for child in token.children or ():
            if child.type == "text":
                assert "@octocat" not in child.content
                assert "://evil" not in child.content
                assert "#123" not in child.content


def test_the_verdict_stands_first_and_its_command_alone() -> None:
    lines = to_markdown(results.run()).splitlines()
    assert lines[0] == "# The project's copy of the pull secret is out of date"
    assert lines[2].startswith("**Problem** · `stale-secret-copy` · **confirmed**")
    first = lines.index("```sh")
    assert lines[first + 1] == "oc get secret all-icr-io -n default -o json | oc apply -n shop -f -"
    assert lines[first + 2] == "```"
    assert first < 20


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (results.healthy, "# No image pull fails\n\n**No image-pull problem**"),
        (results.undetermined, "- **What is known:**\n  - The evidence does not tell why the pull fails"),
        (results.other_trouble, "`not-an-image-pull-problem` · **confirmed**"),
        (results.empty, "# No pod's image pull fails"),
        (results.several, "4 image pulls fail (43 pods): 2 causes, 1 case not determined."),
    ],
    ids=["healthy", "undetermined", "other trouble", "no pods", "several"],
)
def test_every_kind_of_verdict_reads_well(make: Callable[[], RunResult], told: str) -> None:
    assert told in to_markdown(make())


def test_a_big_result_is_cut_by_whole_parts_and_says_so() -> None:
    """The verdict and what to do stay; the last sentence names what was left out."""
    cases = [replace(results.case(f"web-{n}"), message=f"{n} " + "x" * 1_500) for n in range(80)]
    text = to_markdown(results.run(*cases))
    assert len(text) <= LIMIT
    assert text.startswith("# The project's copy of the pull secret is out of date")
    assert "**Left out to stay below 60,000 characters:**" in text.splitlines()[-1]
    assert "events (80)" in text.splitlines()[-1]
    assert Page(READER.render(text)).mismatched == []


@KINDS
def test_what_fits_is_not_cut(make: Callable[[], RunResult]) -> None:
    text = to_markdown(make())
    assert len(text) <= LIMIT
    assert "Left out" not in text


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_recorded_cases_fit_whole(bundle: Path) -> None:
    text = to_markdown(judged(bundle))
    assert "Left out" not in text
    assert text == to_markdown(judged(bundle))
