"""Cards and tables in every form: they say the same, and nothing of a name or a message is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest
from markdown_it import MarkdownIt

from runbook_lib.interactive.cards import FINDING_TYPE, RUN_TYPE, FindingCards
from runbook_lib.interactive.rows import SHOWABLE, rows_of
from runbook_lib.interactive.tables import Tables
from runbook_lib.interactive.verdict import VerdictCard
from runbook_lib.model.finding import Finding, Status, change, note, read
from runbook_lib.model.kube import Event
from runbook_lib.model.pull_secret import PullSecret, RegistryEntry
from runbook_lib.model.readings import DefaultSecrets, PodEvents
from runbook_lib.model.result import RunResult
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.providers import PROVIDERS
from runbook_lib.vault import Vault, use
from tests.unit.report import results

HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(1)</script> [l](javascript:x) **b** | `c` $x$ \x1b[31m\u202e\u200b"
    + "A" * 10_000
)
_OURS = {"div", "span", "bdi", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"} | {
    "ul", "li", "p", "b", "br", "code", "pre", "small", "wbr"
}  # fmt: skip


def finding(text: str = "all-icr-io covers us.icr.io.", status: Status = Status.PROBLEM) -> Finding:
    return Finding(
        "image-pull/3",
        text,
        status,
        text,
        evidence=((text, text), ("registries", [text, text]), ("read", True), ("none", None)),
        next=(read(text, f"oc get pods {text}"), change(text, "oc delete pod x"), note(text)),
    )


CARDS = {
    "finding": lambda text: FindingCards((finding(text),), (text,)),
    "findings of several cases": lambda text: FindingCards((finding(text), finding(text, Status.OK)), (text, text)),
    "verdict": lambda text: VerdictCard(results.hostile(text)),
    "table": lambda text: Tables(((text, PodEvents((Event(text, text, text, last=text),))),)),
    "what could not be read": lambda text: Tables(((text, Unavailable(text, Why.FORBIDDEN, text, text)),)),
}


class Elements(HTMLParser):
    """Collects what a browser would make of a card."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attributes}


@pytest.mark.parametrize("make", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize("stale", ["", HOSTILE], ids=["fresh", "stale"])
def test_hostile_text_is_no_markup_in_any_form(make, stale):
    bundle = make(HOSTILE).bundle(stale)
    html = Elements(bundle["text/html"])
    assert html.names <= _OURS
    assert html.attributes <= {"class", "style", "role", "scope", "open", "aria-label"}
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(bundle["text/markdown"])
    assert not {"img", "script", "a"} & Elements(rendered).names
    for form in ("text/plain", "text/markdown", "text/html"):
        assert not re.search("[\x1b\u202e\u200b]", bundle[form])
    assert len(bundle["text/plain"]) < 40_000, "what is shown is bounded"


@pytest.mark.parametrize("make", CARDS.values(), ids=CARDS)
def test_a_stale_card_says_why_in_every_form(make):
    bundle = make("web").bundle("shop/web was opened since")
    for form in ("text/plain", "text/markdown", "text/html"):
        assert "stale: shop/web was opened since" in bundle[form].replace("\\", "").replace("<bdi>", "")


def test_a_credential_is_in_no_form(tmp_path):
    with use(Vault()) as vault:
        vault.register("K9&s3cr3t<value>'7", "key")
        bundle = FindingCards((finding("the key K9&s3cr3t<value>'7 was sent"),), ("web",)).bundle()
    assert not re.search("s3cr3t|K9&amp;", str(bundle))


def test_the_json_types_hold_the_values_themselves():
    found = finding()
    bundle = FindingCards((found,), ("shop/web",)).bundle()
    assert msgspec.convert(bundle[FINDING_TYPE]["findings"], tuple[Finding, ...]) == (found,)
    assert bundle[FINDING_TYPE]["cases"] == ["shop/web"]
    run = results.run()
    assert msgspec.convert(VerdictCard(run).bundle()[RUN_TYPE], RunResult) == run


def test_a_finding_tells_status_evidence_and_commands_in_every_form():
    bundle = FindingCards((finding(),), ("web",)).bundle()
    assert bundle["text/plain"] == "✗ Problem all-icr-io covers us.icr.io."
    for form in ("text/markdown", "text/html"):
        assert "oc delete pod x" in bundle[form]
        assert "makes a change" in bundle[form]
        assert "only reads" in bundle[form]


def test_a_verdict_says_what_could_not_be_read_and_how_to_get_it():
    run = results.undetermined()
    gap = run.cases[0].diagnosis.unread[0]
    bundle = VerdictCard(run).bundle()
    for form in ("text/markdown", "text/html"):
        assert gap.remedy.partition("`")[0].strip() in bundle[form].replace("\\", "")


def test_every_reading_has_a_table():
    assert set(PROVIDERS) == SHOWABLE
    with pytest.raises(TypeError, match="dict has no table"):
        rows_of({})


def test_a_secret_for_many_hosts_is_one_row_without_its_password():
    with use(Vault()) as vault:
        password = vault.register("s3cr3t-value-of-a-key", "key")
        entries = tuple(RegistryEntry(host, "iamapikey", password) for host in ("icr.io", "us.icr.io"))
    secret = PullSecret("default", "all-icr-io", "kubernetes.io/dockerconfigjson", (), entries)
    (row,) = rows_of(DefaultSecrets((secret,)))
    assert row["registries"] == "icr.io, us.icr.io"
    assert (row["username"], row["password"]) == ("iamapikey", "set")
    assert "s3cr3t" not in str(Tables((("secrets", DefaultSecrets((secret,))),)).bundle())


def test_the_frame_holds_all_rows_and_the_page_a_part():
    events = PodEvents(tuple(Event("Failed", "Warning", f"message {n}") for n in range(300)))
    tables = Tables((("events", events), ("again", events)))
    assert len(tables.frame) == 600
    assert list(tables.frame.loc["again"]["message"])[-1] == "message 299"
    assert "100 more rows are not shown." in tables.bundle()["text/html"]
