"""The HTML report: one file, complete without its script, harmless whatever the cluster says."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from runbook_lib.causes import CATALOGUE
from runbook_lib.model.finding import change
from runbook_lib.model.result import RunResult
from runbook_lib.report.html import to_html
from runbook_lib.report.links import DOCUMENT
from runbook_lib.vault import Vault
from tests.unit.report import results
from tests.unit.report.evidence import BUNDLES, judged
from tests.unit.report.page import Page

KINDS = pytest.mark.parametrize("make", results.ALL.values(), ids=results.ALL)
OUTSIDE = "https://cloud.ibm.com/docs/"


@KINDS
def test_elements_close_in_order_and_ids_are_unique(make: Callable[[], RunResult]) -> None:
    page = Page(to_html(make()))
    assert page.mismatched == []
    assert page.stack == []
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))


@KINDS
def test_links_lead_to_the_page_its_folder_or_the_document(make: Callable[[], RunResult]) -> None:
    page = Page(to_html(make()))
    ids = {e.attributes.get("id") for e in page.elements}
    for link in page.all("a"):
        target = link.attributes["href"]
        if target.startswith("#"):
            assert target[1:] in ids
        else:
            known = target.startswith(OUTSIDE) or any(target in cause.page for cause in CATALOGUE)
            assert known or target in ("findings.json", "image_pull.ipynb")


@KINDS
def test_nothing_is_loaded_and_only_our_script_runs(make: Callable[[], RunResult]) -> None:
    """No element names a source, no attribute is a handler or a style, and the policy's hashes are the page's own."""
    page = Page(to_html(make()))
    assert not page.all("img", "iframe", "object", "embed", "base", "form", "audio", "video", "use", "image")
    assert [e.attributes["href"] for e in page.all("link")] == ["data:,"]
    for element in page.elements:
        assert not {a for a in element.attributes if a.startswith("on") or a in ("style", "src", "srcset", "action")}
    (script,), (style,) = page.all("script"), page.all("style")
    policy = next(
        e.attributes["content"] for e in page.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; ")
    for source in (script.text, style.text):
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "url(" not in style.text
    assert "@import" not in style.text


@KINDS
def test_headings_go_down_one_level_at_a_time(make: Callable[[], RunResult]) -> None:
    page = Page(to_html(make()))
    levels = [int(e.tag[1]) for e in page.elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@KINDS
def test_a_screen_reader_finds_its_way(make: Callable[[], RunResult]) -> None:
    """Language, landmarks, named regions, table headers, and a title and description for every drawing."""
    page = Page(to_html(make()))
    assert page.all("html")[0].attributes["lang"] == "en"
    assert [len(page.all(t)) for t in ("main", "header", "footer", "nav", "title")][:4] == [1, 1, 1, 1]
    ids = {e.attributes.get("id"): e for e in page.elements}
    for element in page.all("section", "svg"):
        for name in element.attributes["aria-labelledby"].split():
            assert ids[name].text.strip()
    for region in (e for e in page.elements if e.attributes.get("role") == "region"):
        assert region.attributes["aria-label"].strip()
        assert region.attributes["tabindex"] == "0"
    assert len([e for e in page.all("th") if e.attributes.get("scope") in ("row", "col")]) == len(page.all("th"))
    assert len(page.all("summary")) == len(page.all("details"))


def test_the_head_says_verdict_confidence_reason_and_first_command() -> None:
    """In this order, before everything else, and the confidence and the kind of command in words."""
    page = Page(to_html(results.run()))
    head = page.all("header")[0].text
    told = (
        "Confirmed",
        "observed directly",
        "The project's copy of the pull secret is out of date",
        "Cause: stale-secret-copy",
        "Refused with the pod's copy",
        "Replace the project's copy.",
        "oc get secret all-icr-io -n default -o json | oc apply -n shop -f -",
        "Makes a change",
    )
    places = [head.index(text) for text in told]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (results.healthy, ("No image-pull problem", "No image pull fails", "Nothing has to be mended.")),
        (results.empty, ("No image-pull problem", "No pod's image pull fails", "Nothing has to be mended.")),
        (results.other_trouble, ("unwell for another reason", "CrashLoopBackOff", "oc logs web-1", "Only reads")),
        (results.undetermined, ("Undetermined", "What is known", "It may be", "oc get secrets -n default -o json")),
        (results.several, ("4 image pulls fail (43 pods): 2 causes, 1 case not determined.",)),
    ],
    ids=["healthy", "no pods", "not an image pull problem", "undetermined", "several"],
)
def test_every_kind_of_verdict_reads_well_at_the_top(make: Callable[[], RunResult], told: tuple[str, ...]) -> None:
    head = Page(to_html(make())).all("header")[0].text
    for text in told:
        assert text in head


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (results.undetermined, ["Verdict: insufficient-evidence"]),
        (results.other_trouble, ["Verdict: not-an-image-pull-problem"]),
        (results.healthy, []),
        (results.empty, []),
    ],
    ids=["undetermined", "not an image pull problem", "healthy", "no pods"],
)
def test_a_verdict_that_is_no_cause_is_not_called_one(make: Callable[[], RunResult], line: list[str]) -> None:
    page = Page(to_html(make()))
    assert [e.text for e in page.with_class("cause-line")] == line


def test_a_healthy_case_has_no_list_of_things_to_do() -> None:
    page = Page(to_html(results.healthy()))
    assert not [e for e in page.elements if e.attributes.get("id") == "case-1-remedy"]


def test_every_part_of_a_case_is_there() -> None:
    text = Page(to_html(results.run(), seconds=2.5)).all("body")[0].text
    for part in (
        "Counter-tests",
        "credentials rejected",
        "accepted",
        "Other causes that were considered",
        "username-mismatch",
        "the node's error is of another kind",
        "2026-11-24 02:16:18",
        "to 02:16:59",
        "Every step of the document",
        "What could not be read",
        "the login lacks a right",
        "oc auth can-i get secrets -n shop",
        "https://api.example:6443",
        "v1.31.2",
        "pod = web-1",
        "One note.",
        "2.5 s",
        "Because: Refused with the pod's copy",
    ):
        assert part in text


def test_problems_are_open_and_the_rest_is_folded() -> None:
    page = Page(to_html(results.run()))
    steps = {e.attributes["class"].split()[-1]: "open" in e.attributes for e in page.with_class("step")}
    assert steps == {"problem": True, "unknown": False, "ok": False, "skipped": False}


def test_cases_are_grouped_by_cause_and_the_first_to_mend_stands_first() -> None:
    page = Page(to_html(results.several()))
    rows = [e.text for e in page.all("a") if e.attributes["href"].startswith("#case-") and "/" in e.text]
    assert rows == ["shop/web-1/app", "shop/db-0/sidecar", "shop/job-1/app", "shop/batch-7/app"]
    assert "40 pods of Deployment web fail alike" in page.all("main")[0].text
    assert [e.attributes["id"] for e in page.all("article")] == [f"case-{n}" for n in range(1, 5)]


def test_the_pages_of_the_causes_are_in_the_file() -> None:
    page = Page(to_html(results.several()))
    ids = {e.attributes.get("id") for e in page.all("h3")}
    assert {"cause-stale-secret-copy", "cause-registry-not-covered"} <= ids


def test_a_cause_that_a_page_names_is_code_or_leads_to_its_page() -> None:
    """The pages name their rivals in brackets, for their own index; none is left to be read."""
    main = Page(to_html(results.several())).all("main")[0]
    assert "[credentials-rejected]" not in main.text
    assert "credentials-rejected" in main.text


def test_each_section_leads_to_the_documents_own() -> None:
    targets = {e.attributes["href"] for e in Page(to_html(results.run())).all("a")}
    assert {DOCUMENT, f"{DOCUMENT}#img-pull-token"} <= targets


def test_hostile_text_is_shown_and_stays_text() -> None:
    """The words are there to be read, without a control character, and no element came of them."""
    source = to_html(results.hostile())
    assert "&lt;script&gt;alert(1)" in source
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", source)
    assert "{{ 7*7 }}" in source


@pytest.mark.parametrize(
    "make", [results.run, results.hostile, results.undetermined], ids=["usual", "hostile", "undetermined"]
)
def test_one_case_stays_below_300_kib(make: Callable[[], RunResult]) -> None:
    assert len(to_html(make()).encode()) < 300 * 1024


def test_a_case_with_many_pods_and_events_stays_below_300_kib() -> None:
    case = results.case(pods=5_000)
    assert len(to_html(results.run(replace(case, events=case.events * 2_000))).encode()) < 300 * 1024


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_recorded_cases_make_a_page(bundle: Path) -> None:
    result = judged(bundle)
    source = to_html(result)
    assert Page(source).mismatched == []
    assert len(source.encode()) < 300 * 1024
    if result.verdict.cause:
        assert result.verdict.cause in source


@KINDS
def test_the_same_result_gives_the_same_page(make: Callable[[], RunResult]) -> None:
    assert to_html(make(), seconds=1.0) == to_html(make(), seconds=1.0)


@pytest.mark.parametrize("spelling", ["{}", "\x1b[1m{}", "<b>{}</b>"], ids=["plain", "after colour", "in tags"])
def test_no_credential_is_shown(own_vault: Vault, spelling: str) -> None:
    key = "aB3&dE6<gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"
    own_vault.register(key, "key")
    case = results.case()
    case = replace(case, message="x" * 3_990 + spelling.format(key))
    source = to_html(results.run(case))
    assert "aB3" not in source
    assert own_vault.findings(source) == []


def test_a_credential_with_an_escape_inside_is_not_shown(own_vault: Vault) -> None:
    key = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"
    own_vault.register(key, "key")
    source = to_html(results.run(replace(results.case(), message=f"{key[:9]}\x1b[1m{key[9:]}")))
    assert key[:9] not in source


def test_a_command_is_shown_whole() -> None:
    """Every character of it, since it is there to be copied."""
    command = "oc create -f - <<'EOF'\nkind: Secret\nmetadata: {name: \"a&b\"}\nEOF"
    case = results.case()
    claim = replace(case.diagnosis.causes[0], remedy=(change("Make it.", command),))
    case = replace(case, diagnosis=replace(case.diagnosis, causes=(claim,)))
    page = Page(to_html(results.run(case)))
    assert [e.text for e in page.all("code") if e.inside[-1] == "pre"].count(command) == 2
