"""A runbook in a notebook: what a person sees of it, and what a runner does."""

from __future__ import annotations

import json

import pytest

from runbook_lib.interactive import start
from runbook_lib.interactive.cards import FINDING_TYPE, RUN_TYPE
from runbook_lib.model.problem import BadInput
from runbook_lib.model.readings import PodEvents, PodSecrets
from runbook_lib.steps import image_pull
from tests.unit.interactive.evidence import bundle, pod

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def two(tmp_path):
    """Parameters for evidence with two failing workloads."""
    return {"bundle": bundle(tmp_path, pod("billing"), pod("web")), "probe": False}


def test_several_failing_workloads_open_the_first_for_a_person(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    assert [c.target.pod for c in case.cases] == ["billing"]
    assert "The pulls of 2 workloads fail. The first is open; pick another one below." in page.text
    assert any(WIDGET in output for output in page.outputs)


def test_several_failing_workloads_stop_a_run_that_nobody_attends(page, two):
    page.person = False
    with pytest.raises(BadInput, match=r"The pulls of 2 workloads fail; name one:\n(.|\n)*--pod billing"):
        start("image-pull", two)


def test_a_runner_gets_no_widget_and_no_progress(page, run, two):
    page.person = False
    case = run("setup", lambda: start("image-pull", {**two, "pod": "web"}))
    run("1", lambda: case.check(image_pull.pod_status))
    assert len(page.outputs) == 2
    assert not [message for message in page.sent if WIDGET in message["data"]]
    assert not [message for message in page.sent if "rb-working" in message["data"]["text/html"]]


def test_the_variable_says_that_nobody_is_there(page, run, two, monkeypatch):
    monkeypatch.setenv("RUNBOOK_HEADLESS", "1")
    run("setup", lambda: start("image-pull", {**two, "pod": "web"}))
    assert len(page.outputs) == 1


def test_every_output_has_a_plain_and_a_markdown_form(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    run("1", lambda: case.check(image_pull.pod_status))
    run("2", lambda: case.show(PodEvents, PodSecrets))
    run("3", case.verdict)
    assert len(page.outputs) == 6  # head, widgets, room for the report, and three cells
    assert all({"text/plain", "text/html"} <= set(o) or {"text/plain", "text/markdown"} <= set(o) for o in page.outputs)
    assert [kind for o in page.outputs for kind in o if kind in (FINDING_TYPE, RUN_TYPE)] == [FINDING_TYPE, RUN_TYPE]


def test_what_is_being_done_stands_in_the_place_of_its_card(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    page.sent.clear()
    run("1", lambda: case.check(image_pull.pod_status))
    first, second = (message for message in page.sent if "rb-way" not in message["data"]["text/html"])
    assert "rb-working" in first["data"]["text/html"]
    assert second["update"]
    assert second["display_id"] == first["display_id"]
    assert "A pull fails" in second["data"]["text/plain"]


def test_a_cell_that_is_interrupted_says_so(page, run, two):
    case = run("setup", lambda: start("image-pull", two))

    def interrupted(_step):
        raise KeyboardInterrupt

    case.cases[0].check = interrupted
    with pytest.raises(KeyboardInterrupt):
        case.check(image_pull.pod_status)
    assert "not finished (KeyboardInterrupt)" in page.text


def test_the_way_of_the_pull_fills_in_step_by_step(page, run, two):
    case = run("setup", lambda: start("image-pull", two))

    def pending() -> int:
        return page.outputs[0]["text/html"].count("rb-pending")

    assert pending() == 9
    run("1", lambda: case.check(image_pull.pod_status))
    seen = pending()
    assert 0 < seen < 9
    run("2", lambda: case.check(image_pull.pod_names_secrets))
    assert pending() < seen
    run("3", case.verdict)
    assert pending() == 0


def test_another_pod_makes_every_card_stale_and_is_what_later_cells_are_about(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    before = run("1", lambda: case.check(image_pull.pod_status))
    case.pick("shop", "web")
    assert before.stale == "shop/web was opened since; run this cell again"
    assert "stale: shop/web was opened since; run this cell again" in page.text
    again = run("1", lambda: case.check(image_pull.pod_status))
    assert not again.stale
    assert again.content.cases == ("shop/web container app",)
    assert "The pulls of 2 workloads" not in page.text


def test_a_pod_that_is_not_there_leaves_the_open_one(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    shown = run("1", lambda: case.check(image_pull.pod_status))
    with pytest.raises(BadInput, match="There is no pod nope"):
        case.pick("shop", "nope")
    assert case.cases[0].target.pod == "billing"
    assert not shown.stale


def test_a_step_that_is_run_again_reads_anew_and_makes_older_cards_stale(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    first = run("1", lambda: case.check(image_pull.pod_status))
    table = run("2", lambda: case.show(PodEvents))
    generation = case.cases[0].session.generation
    second = run("1", lambda: case.check(image_pull.pod_status))
    assert case.cases[0].session.generation == generation + 1
    assert table.stale == "it rests on older readings; run this cell again"
    assert not second.stale
    assert not first.stale, "its output was replaced, there is nothing to mark"


def test_a_table_is_read_anew_where_its_own_cell_is_run_again(page, run, two):
    """Two cells may show the same reading; only running one of them again asks the cluster again."""
    case = run("setup", lambda: start("image-pull", two))
    session = case.cases[0].session
    run("1", lambda: case.show(PodEvents))
    run("2", lambda: case.show(PodEvents))
    assert session.generation == 0
    run("1", lambda: case.show(PodEvents))
    assert session.generation == 1


def test_refresh_makes_every_card_stale(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    shown = [run(str(n), lambda n=n: case.check(image_pull.STEPS[n])) for n in range(3)]
    case.refresh()
    assert all(card.stale.startswith("it rests on older readings") for card in shown)
    assert page.outputs[0]["text/html"].count("rb-pending") == 9


def test_running_the_set_up_again_makes_the_cards_below_stale(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    shown = run("1", lambda: case.check(image_pull.pod_status))
    run("setup", lambda: start("image-pull", {**two, "pod": "web"}))
    assert shown.stale == "the set-up cell was run since; run this cell again"


def test_the_sections_of_a_headless_run_share_one_session(page, two):
    page.person = False
    parameters = {**two, "pod": "web"}
    first, second = start("image-pull", parameters), start("api-key", parameters)
    assert first.cases is second.cases


def test_a_parameter_of_another_type_is_told_in_one_sentence(page, two):
    with pytest.raises(BadInput, match=r"The parameter pod is 7, a int\. It is a str: put text in quotes\."):
        start("image-pull", {**two, "pod": 7})


def test_the_run_that_the_report_is_made_from_names_the_pod_that_is_open(page, run, two):
    case = run("setup", lambda: start("image-pull", two))
    case.pick("shop", "web")
    result = json.loads(json.dumps(run("1", case.verdict).content.bundle()[RUN_TYPE]))
    assert dict(result["provenance"]["parameters"])["pod"] == "web"
    assert result["cases"][0]["pod"] == "web"


def test_without_a_login_the_head_says_how_to_get_it(page, run, two, monkeypatch, tmp_path):
    for name in ("IBMCLOUD_API_KEY", "IC_API_KEY", "BLUEMIX_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IBMCLOUD_HOME", str(tmp_path))
    run("setup", lambda: start("image-pull", {**two, "probe": True}))
    assert "Set IBMCLOUD_API_KEY, or run `ibmcloud login`" in page.outputs[0]["text/plain"]
