"""The report and the triage in a browser: the first screen, the network, the keyboard, paper, and axe-core's rules.

axe-core is part of the package axe-playwright-python, which the tests install; nothing of it is kept here or fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from runbook_lib.judge import Selectors
from runbook_lib.report.html import to_html
from runbook_lib.report.triage_html import to_triage_html
from runbook_lib.triage import Looking
from tests.browser import hostile
from tests.unit.report import results

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("report page")]

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280x800", "390x844"])
KINDS = pytest.mark.parametrize("kind", results.ALL)
INCIDENT = "parameters/example_incident.json"
MERGED = ("b-wrong-password", "c-wrong-region", "d-wrong-tag", "k2-one-of-two", "l-deployment")


def triage_of(folder: Path, kind: str) -> str:
    if kind == "hostile":
        bundle = hostile.bundle(folder / "evidence.json", pods=3)
    else:
        bundle = folder / "evidence.json"
        items = [
            item for name in MERGED for item in json.loads(Path(f"tests/evidence/{name}.json").read_text())["items"]
        ]
        bundle.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return to_triage_html(Looking(Selectors(bundle=str(bundle), probe=False)).look())


@pytest.fixture
def open_page(new_page: Callable[..., Page], tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a report or a triage as the file that it is; one that asks for anything or logs an error fails the test."""
    troubles: list[str] = []

    def open_(kind: str, **options: Any) -> Page:
        path = tmp_path / "report.html"
        if kind.startswith("triage"):
            path.write_text(triage_of(tmp_path, kind.partition(" ")[2]), encoding="utf-8")
        else:
            path.write_text(to_html(results.ALL[kind](), seconds=2.5), encoding="utf-8")
        page = new_page(**options)
        page.on("request", lambda r: None if r.url in (path.as_uri(), "data:,") else troubles.append(f"asked {r.url}"))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (troubles.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto(path.as_uri())
        return page

    yield open_
    assert not troubles


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@SIZES
@KINDS
def test_the_first_screen_holds_the_verdict_and_what_to_do(
    open_page: Callable[..., Page], kind: str, size: Any
) -> None:
    """Verdict, confidence and first command stand there in full, however long the names are."""
    page = open_page(kind, viewport=size)
    told = [".hero .badge", ".hero h1", ".hero .do .advice"]
    if page.locator(".hero .do pre").count():
        told.append(".hero .do pre")
    for selector in told:
        assert 0 < bottom(page, selector) <= size["height"], selector


@pytest.mark.parametrize(("size", "shown"), [(DESKTOP, 3), (PHONE, 2), ({"width": 500, "height": 1000}, 3)])
def test_of_three_reasons_one_is_left_out_only_where_there_is_no_room(
    open_page: Callable[..., Page], size: Any, shown: int
) -> None:
    """They stand further down in full; the last one is often the proof."""
    page = open_page("problem", viewport=size)
    reasons = page.locator(".hero .reasons li")
    assert sum(reasons.nth(n).is_visible() for n in range(reasons.count())) == min(shown, reasons.count())


@SIZES
def test_the_first_screen_names_the_cause_by_its_id(open_page: Callable[..., Page], size: Any) -> None:
    """Its link leads to the cause's page."""
    page = open_page("problem", viewport=size)
    link = page.locator(".hero .cause-line a")
    assert link.inner_text() == "stale-secret-copy"
    assert 0 < bottom(page, ".hero .cause-line") <= size["height"]
    link.click()
    title = page.locator("#cause-stale-secret-copy").bounding_box()
    assert title is not None
    assert 0 <= title["y"] < size["height"]


@SIZES
@pytest.mark.parametrize("kind", [*results.ALL, "triage", "triage hostile"])
def test_nothing_is_wider_than_the_page(open_page: Callable[..., Page], kind: str, size: Any) -> None:
    """Folded or not; a table that is wider scrolls by itself."""
    page = open_page(kind, viewport=size)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    wide = page.evaluate("""() => [...document.querySelectorAll('body *')]
        .filter((e) => !e.closest('.scroll, svg, .skip') && e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.outerHTML.slice(0, 100))""")
    assert wide == []


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")],
    ids=["1280x800 light", "1280x800 dark", "390x844"],
)
@pytest.mark.parametrize("kind", [*results.ALL, "triage", "triage hostile"])
def test_axe_finds_no_serious_violation(open_page: Callable[..., Page], kind: str, size: Any, scheme: str) -> None:
    """Every rule of axe-core, with everything unfolded: nothing serious, nothing critical."""
    page = open_page(kind, viewport=size, color_scheme=scheme)
    unfold(page)
    found = Axe().run(page).response
    assert len(found["passes"]) > 20, "axe-core has looked at the page"
    grave = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in grave] == []


def test_axe_would_find_one(open_page: Callable[..., Page]) -> None:
    """The rules are asked: a text that is hard to see is a serious violation."""
    page = open_page("problem")
    page.evaluate("document.querySelector('h1').style.color = '#dddddd'")
    violations = Axe().run(page).response["violations"]
    assert "color-contrast" in [v["id"] for v in violations]


@pytest.mark.parametrize("kind", ["problem", "triage"])
def test_dark_is_dark_and_paper_is_light(open_page: Callable[..., Page], kind: str) -> None:
    page = open_page(kind, color_scheme="dark")
    assert brightness(page) < 60
    page.emulate_media(media="print")
    assert brightness(page) == 255


def brightness(page: Page) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


@pytest.mark.parametrize("kind", ["problem", "several cases", "hostile", "triage"])
def test_paper_shows_what_is_folded_and_no_controls(open_page: Callable[..., Page], kind: str) -> None:
    """On A4, within the margins."""
    page = open_page(kind, viewport={"width": 688, "height": 1000})  # A4 without its margins, in CSS pixels
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    for hidden in ("nav", "button.copy", ".skip"):
        assert page.locator(f"{hidden}:visible").count() == 0
    folded = page.locator("details:not([open])")
    heights = folded.evaluate_all(
        "all => all.map((d) => d.querySelector('summary + *')?.getBoundingClientRect().height ?? 1)"
    )
    assert heights
    assert min(heights) > 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_keyboard_reaches_everything_that_can_be_used(open_page: Callable[..., Page]) -> None:
    """First the link past the head; then links, commands' buttons, folded parts and wide tables, in their order."""
    page = open_page("problem")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert bottom(page, ".skip") > 0
    usable = "a[href], button, summary, [tabindex='0']"
    ours = page.evaluate(
        "(usable) => [...document.querySelectorAll(usable)].filter((e) => e.checkVisibility()).length", usable
    )
    reached = 1
    for _ in range(ours + 5):
        page.keyboard.press("Tab")
        if not page.evaluate("(usable) => document.activeElement.matches(usable)", usable):
            break
        reached += 1
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
    assert reached == ours


def test_a_command_is_copied_whole(open_page: Callable[..., Page]) -> None:
    page = open_page("problem")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    command = page.locator(".hero pre.command").inner_text()
    page.locator(".hero button.copy").click()
    expect(page.locator(".hero .run .said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == command


@pytest.mark.parametrize("kind", ["problem", "triage"])
def test_all_is_there_without_the_script(new_page: Callable[..., Page], tmp_path: Path, kind: str) -> None:
    """Only the buttons are its work."""
    source = triage_of(tmp_path, "") if kind == "triage" else to_html(results.run())
    (tmp_path / "report.html").write_text(source, encoding="utf-8")
    page = new_page(java_script_enabled=False)
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("h1").is_visible()
    assert page.locator("pre.command").count() > 0
    assert page.locator("button").count() == 0


@pytest.mark.parametrize("kind", ["hostile", "triage hostile"])
def test_hostile_texts_are_text(open_page: Callable[..., Page], kind: str) -> None:
    """No script of theirs runs (the page would tell of a dialog), and no element is theirs."""
    page = open_page(kind)
    unfold(page)
    page.wait_for_timeout(200)
    assert page.evaluate("window.harmed") is None
    assert page.locator("img, b, iframe, a[href^='javascript'], a[href*='evil']").count() == 0
    assert "<script>" in page.locator("body").inner_text()
