"""Outputs of the notebooks on a plain page, as a viewer without JupyterLab's care shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Page

from runbook_lib.interactive.cards import FindingCards
from runbook_lib.interactive.head import Head
from runbook_lib.interactive.tables import Tables
from runbook_lib.interactive.verdict import VerdictCard
from runbook_lib.judge import Selectors, gather, open_cases, open_session, run_steps
from runbook_lib.model.finding import Status
from runbook_lib.model.readings import PodEvents, PodSecrets
from runbook_lib.steps import ALL_STEPS, SECTIONS
from tests.browser import hostile
from tests.browser.test_notebooks_in_jupyterlab import assert_harmless

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def outputs(folder: Path) -> Iterator[dict[str, str]]:
    """Gives every kind of output that a notebook shows, of evidence that is hostile throughout."""
    chosen = Selectors(bundle=str(hostile.bundle(folder / "evidence.json")), probe=False)
    session = open_session(chosen)
    cases, why = open_cases(session, chosen)
    run_steps(cases, ALL_STEPS)
    yield Head("image-pull", tuple(cases), (hostile.EVERYTHING,), ((Status.UNKNOWN, hostile.EVERYTHING),)).bundle()
    for case in cases:
        names = (hostile.EVERYTHING,) * len(case.findings)
        yield FindingCards(case.findings, names).bundle(stale=hostile.EVERYTHING)
        yield Tables(tuple((hostile.EVERYTHING, case.read(kind)) for kind in (PodEvents, PodSecrets))).bundle()
    yield VerdictCard(gather(session, cases, chosen, why, list(SECTIONS))).bundle()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("form", ["text/html", "text/markdown"])
def test_hostile_outputs_stay_text_in_every_form(
    new_page: Callable[..., Page], tmp_path: Path, form: str, theme: str
) -> None:
    """The Markdown is rendered by a reader that lets HTML through, as some do."""
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    parts = [bundle[form] if form == "text/html" else reader.render(bundle[form]) for bundle in outputs(tmp_path)]
    page = new_page(color_scheme=theme, viewport={"width": 1000, "height": 800})
    page.set_content(
        "<!doctype html><meta name='color-scheme' content='light dark'>"
        f"<body style='overflow-wrap:anywhere'><main>{''.join(parts)}</main>"
    )
    if form == "text/markdown":  # our own emphasis is meant; theirs is not there
        assert page.locator("main b").count() == 0
        page.evaluate("document.querySelectorAll('main strong').forEach((e) => e.replaceWith(e.textContent))")
    assert_harmless(page, "main")
