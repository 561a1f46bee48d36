"""The notebooks in JupyterLab, on the practice cluster, as a person works with them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from runbook_lib.headless.shipped import NOTEBOOK_OF_SECTION
from runbook_lib.interactive.cards import FINDING_TYPE, RUN_TYPE
from runbook_lib.interactive.triage import TRIAGE_TYPE
from runbook_lib.lab import Lab
from tests.browser import hostile
from tests.browser.jupyterlab import JupyterServer, NotebookPage, serve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WRONG = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'
VERDICT = "case.verdict"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Two failing pods, `billing` and `web`, each for a reason of its own; nothing heals by itself."""
    with Lab("two-failing-pods") as practice:
        yield practice


@pytest.fixture(scope="module")
def server(lab: Lab, browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("jupyter")
    with serve(folder, lab.environ(IBMCLOUD_HOME=str(folder))) as jupyter:
        yield jupyter


@pytest.fixture
def open_notebook(
    server: JupyterServer, new_page: Callable[..., Page], notebooks: Path
) -> Iterator[Callable[[str], NotebookPage]]:
    """Opens fresh copies of notebooks; a page that logs an error or asks another host fails the test."""
    troubles: list[str] = []
    pages: list[Page] = []

    def open_(name: str) -> NotebookPage:
        page = new_page()
        pages.append(page)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: None if _is_local(r.url) else troubles.append(f"asked {r.url}"))
        return NotebookPage(page, server, notebooks / name)

    yield open_
    found = list(troubles)
    for page in pages:
        page.close()
    server.end_kernels()
    assert not found


def _is_local(url: str) -> bool:
    return re.match(r"(data|blob|about):|(http|ws)://127\.0\.0\.1", url) is not None


@pytest.mark.parametrize("name", NOTEBOOK_OF_SECTION.values())
def test_run_all_ends_with_a_verdict_and_waits_for_no_pick(
    open_notebook: Callable[[str], NotebookPage], name: str
) -> None:
    """Several workloads fail and none is named: the first is opened, and every cell runs without an error."""
    notebook = open_notebook(name)
    notebook.run_all()
    expect(notebook.cell("start(")).to_contain_text("The pulls of 2 workloads fail. The first is open")
    expect(notebook.cell(VERDICT)).to_contain_text("The repository has no such tag or digest")
    assert notebook.panel.locator(WRONG).count() == 0
    assert notebook.panel.locator(".rb-working, .rb-stale").count() == 0
    cells = [c for c in notebook.save()["cells"] if c["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert kinds.count(FINDING_TYPE) == sum("case.check(" in "".join(cell["source"]) for cell in cells)
    assert kinds.count(RUN_TYPE) == 1
    assert all("text/markdown" in o["data"] or o["data"]["text/plain"] == [] for o in outputs), "a fallback everywhere"


def test_the_triage_groups_what_fails_and_gives_it_as_tables(open_notebook: Callable[[str], NotebookPage]) -> None:
    """A card with the groups, pandas tables of groups and pulls, and a fallback in plain text for each."""
    notebook = open_notebook("triage.ipynb")
    notebook.run_all()
    expect(notebook.cell("triage(globals())")).to_contain_text("2 pods cannot have their images")
    expect(notebook.cell("groups.frame()").locator("table.dataframe tbody tr")).to_have_count(2)
    expect(notebook.cell("groups.pulls()").locator("table.dataframe")).to_contain_text("tag-not-found")
    assert notebook.panel.locator(WRONG).count() == 0
    outputs = [o for c in notebook.save()["cells"] if c["cell_type"] == "code" for o in c["outputs"]]
    assert len(outputs) == 3
    assert all("".join(o["data"]["text/plain"]).strip() for o in outputs)
    assert TRIAGE_TYPE in outputs[0]["data"]


def test_a_persons_way_through_a_case(open_notebook: Callable[[str], NotebookPage], lab: Lab) -> None:
    """Run all, pick a pod, run a step again after a change, change a parameter, make the report."""
    notebook = open_notebook("image_pull.ipynb")
    notebook.run_all()
    head = notebook.cell("start(")
    expect(head.locator(".rb-pending")).to_have_count(0)
    fails = head.locator(".rb-hop.rb-fails")
    expect(fails).to_contain_text(["manifest"])

    # another pod: what is shown below is about the one before, and says so
    notebook.panel.locator(".rb-list select").select_option(index=1)
    expect(notebook.panel.locator(".rb-said")).to_contain_text("shop/web is open now")
    expect(head).to_contain_text("shop/web container app")
    expect(head.locator(".rb-pending")).to_have_count(9)
    expect(notebook.cell(VERDICT).locator(".rb-stale")).to_contain_text("shop/web was opened since")
    expect(notebook.panel.locator(".rb-card:not(.rb-stale)")).to_have_count(1)

    # step by step: the way of the pull fills in
    expect(notebook.run("image_pull.pod_status")).to_contain_text("shop/web")
    expect(head.locator(".rb-pending")).not_to_have_count(9)
    expect(notebook.run("image_pull.pull_error")).to_contain_text("401")
    expect(fails).to_contain_text(["token"])
    expect(notebook.run("image_pull.pod_names_secrets")).to_contain_text("web-registry")
    expect(fails).to_contain_text(["secrets", "token"])

    # a change in the cluster: the same step sees it, and older cards say that they are older
    made = lab.store.create(_secret_for(lab))
    try:
        again = notebook.run("image_pull.pod_names_secrets")
        expect(again.locator(".rb-stale, .rb-working")).to_have_count(0)
        expect(again).to_contain_text("us.icr.io")
        expect(notebook.cell("image_pull.pull_error").locator(".rb-stale")).to_contain_text("older readings")
    finally:
        lab.store.delete("secrets", "shop", made["metadata"]["name"])

    # a parameter
    notebook.set_source("namespace: str", 'namespace = "shop"\npod = "billing"')
    notebook.run('pod = "billing"')
    notebook.run("start(")
    expect(head).to_contain_text("shop/billing container billing")
    expect(notebook.run("image_pull.pod_status")).to_contain_text("shop/billing")

    # the report
    notebook.panel.locator("button.rb-report").click()
    link = notebook.panel.locator("a.rb-link", has_text="report.html")
    link.wait_for(timeout=60_000)
    expect(notebook.panel.locator(".rb-said")).to_contain_text("The report is there")
    expect(head).to_contain_text("no such tag or digest")
    link.click()
    report = notebook.page.frame_locator(".jp-HTMLViewer iframe")
    expect(report.locator("h1")).to_contain_text("no such tag or digest")


def _secret_for(lab: Lab) -> dict[str, object]:
    """Returns the secret that the pod names, with what `all-icr-io` holds."""
    secret = lab.store.get("secrets", "shop", "all-icr-io")
    assert secret is not None
    kept = {key: secret[key] for key in ("apiVersion", "kind", "type", "data")}
    return {**kept, "metadata": {"name": "web-registry", "namespace": "shop"}}


def test_without_a_login_the_run_gets_through_and_a_failing_callback_shows(
    open_notebook: Callable[[str], NotebookPage],
) -> None:
    """What is missing is named with the way to get it; a callback's error stands where the person looks."""
    notebook = open_notebook("image_pull.ipynb")
    notebook.set_source("namespace: str", 'import os\nos.environ.pop("IBMCLOUD_API_KEY", None)')
    notebook.run_all()
    expect(notebook.cell("start(")).to_contain_text("Set IBMCLOUD_API_KEY, or run ibmcloud login")
    quota = notebook.cell("image_pull.traffic_and_quota")
    expect(quota.locator(".rb-card")).to_contain_text("Unknown")
    expect(quota.locator(".rb-card")).to_contain_text("Set IBMCLOUD_API_KEY")
    expect(notebook.cell(VERDICT)).to_contain_text("The repository has no such tag or digest")
    assert notebook.panel.locator(WRONG).count() == 0

    notebook.set_source(VERDICT, "case.pick = lambda *_: 1 / 0")
    notebook.run("case.pick = ")
    notebook.panel.locator(".rb-list select").select_option(index=1)
    expect(notebook.panel.locator(".rb-error")).to_contain_text("ZeroDivisionError: division by zero")
    expect(notebook.cell("start(")).to_contain_text("shop/billing container billing")


def test_hostile_names_and_messages_stay_text(
    open_notebook: Callable[[str], NotebookPage], server: JupyterServer, tmp_path: Path
) -> None:
    """No script runs, no element or formula of theirs is on the page, and no line breaks the layout."""
    evidence = hostile.bundle(server.root / "hostile.json", pods=2)
    notebook = open_notebook("image_pull.ipynb")
    notebook.set_source("namespace: str", f"bundle = {evidence.name!r}\nprobe = False")
    notebook.run_all()
    expect(notebook.cell(VERDICT).locator(".rb-card")).to_be_visible()
    expect(notebook.cell("start(").locator(".rb-list option")).to_have_count(2)
    notebook.panel.locator(".rb-list select").select_option(index=1)
    expect(notebook.panel.locator(".rb-said")).to_contain_text("is open now")
    notebook.run("image_pull.pull_error")
    assert notebook.panel.locator(WRONG).count() == 0
    assert_harmless(notebook.page, ".jp-NotebookPanel .jp-OutputArea")


def assert_harmless(page: Page, where: str) -> None:
    """No script of theirs has run, none of their elements is there, and the page is as wide as before."""
    page.wait_for_timeout(200)
    assert page.evaluate("window.harmed") is None
    assert page.locator(", ".join(f"{where} {e}" for e in ("img", "script", "mjx-container", "strong"))).count() == 0
    assert page.locator(f"{where} a:not(.rb-link)").count() == 0
    wide = page.evaluate(
        "(where) => [...document.querySelectorAll(where)].filter((e) => e.scrollWidth > e.clientWidth + 2).length",
        f"{where} .rb-card",
    )
    assert wide == 0
    shown = page.locator(where).all_inner_texts()
    assert not re.search("[\x1b\u202e\u200b]", "".join(shown))


if repeat := int(os.environ.get("BROWSER_REPEAT", "0")):

    @pytest.fixture(params=range(repeat), autouse=True)
    def _again(request: pytest.FixtureRequest) -> int:
        """Runs every test as often as BROWSER_REPEAT says, to show that none of them flakes."""
        return int(request.param)
