"""The widgets: they act on what is open, and what goes wrong in them shows."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from runbook_lib.interactive.failing import SHOWN, Listing, failing_pulls
from runbook_lib.interactive.panel import Panel
from runbook_lib.model.kube_raw import pod_from
from runbook_lib.model.problem import BadInput
from runbook_lib.model.unavailable import Unavailable, Why
from tests.unit.interactive.evidence import pod


def listing(*pods, where="", refused=None):
    return Listing(failing_pulls(map(pod_from, pods)), len(pods), where, refused)


SMALL = listing(pod("billing"), pod("web", reason="ErrImagePull"), pod("batch", "jobs"), where="shop")


@dataclass
class Desk:
    """Keeps what the widgets ask for."""

    listing: Listing = SMALL
    open: str = "billing"
    done: list[str] = field(default_factory=list)
    fault: Exception | None = None

    def look_everywhere(self):
        self.done.append("everywhere")
        self.listing = listing(pod("far", "elsewhere"))

    def pick(self, namespace, name):
        if self.fault:
            raise self.fault
        self.done.append(f"{namespace}/{name}")
        self.open = name

    def refresh(self):
        self.done.append("refresh")

    def is_open(self, pull):
        return pull.pod == self.open


class Maker:
    """Stands for the thread that makes the report."""

    def start(self, progress, made):
        progress("image_pull", 3, 30)
        self.progress, self.made = progress, made


def panel(desk=None, *, attended=True):
    return Panel(desk or Desk(), Maker(), attended=attended)


def lines(shown):
    return [label.strip(" ▸").partition(" ")[0] for label, _ in shown.list.options]


def test_the_open_pod_is_marked_in_the_list():
    shown = panel()
    assert lines(shown) == ["jobs/batch", "shop/billing", "shop/web"]
    assert shown.list.value.pod == "billing"
    assert shown.list.options[1][0].startswith("▸ ")


def test_filters_narrow_the_list_and_say_how_many_match():
    shown = panel()
    shown.reason.value = "ErrImagePull"
    assert lines(shown) == ["shop/web"]
    assert "3 pods with a failing pull, of 3 in namespace shop; 1 match." in shown.count.value
    shown.reason.value = ""
    shown.workload.value = "b"
    assert lines(shown) == ["jobs/batch", "shop/billing", "shop/web"]
    shown.namespace.value = "jobs"
    assert lines(shown) == ["jobs/batch"]


def test_narrowing_opens_nothing():
    desk = Desk()
    shown = panel(desk)
    shown.workload.value = "web"
    shown.workload.value = ""
    assert desk.done == []


def test_a_picked_pod_is_opened_once_and_said():
    desk = Desk()
    shown = panel(desk)
    shown.list.index = 2
    assert desk.done == ["shop/web"]
    assert "shop/web is open now" in shown.said.value
    assert shown.list.value.pod == "web"


def test_all_namespaces_are_read_when_they_are_asked_for():
    desk = Desk()
    shown = panel(desk)
    shown.namespace.value = shown.namespace.options[-1][1]
    assert desk.done == ["everywhere"]
    assert lines(shown) == ["elsewhere/far"]
    assert shown.namespace.value == ""


def test_five_thousand_pods_make_a_list_of_a_hundred():
    desk = Desk(listing(*(pod(f"web-{n:04}", f"team-{n % 50}") for n in range(5000))), open="web-4999")
    shown = panel(desk)
    assert len(shown.list.options) == SHOWN
    assert shown.list.value.pod == "web-4999"
    assert "the first 100 are listed" in shown.count.value
    shown.workload.value = "web-12"
    assert len(shown.list.options) == 100
    shown.namespace.value = "team-7"
    assert len(shown.list.options) == 2


def test_what_may_not_be_listed_is_said_with_the_right_that_is_missing():
    refused = Unavailable("pods", Why.FORBIDDEN, "the login may not list pods", "Ask for the role view.")
    shown = panel(Desk(listing(where="shop", refused=refused)))
    assert "the login may not list pods" in shown.count.value
    assert "Ask for the role view." in shown.count.value


FAULTS = {
    "bad input is its sentence": (BadInput("There is no pod web.", "Refresh."), "There is no pod web. Refresh."),
    "a defect is named": (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    "and stays text": (ValueError("<img src=x onerror=y>"), "ValueError: &lt;img src=x onerror=y&gt;"),
}


@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS)
def test_a_callback_that_raises_shows(fault, said):
    shown = panel(Desk(fault=fault))
    shown.list.index = 2
    assert "rb-error" in shown.said.value
    assert said in shown.said.value


@pytest.mark.parametrize("fault", [fault for fault, _ in FAULTS.values()], ids=FAULTS)
def test_a_callback_that_raises_fails_a_run_that_nobody_attends(fault):
    shown = panel(Desk(fault=fault), attended=False)
    with pytest.raises(type(fault)):
        shown.list.index = 2


def test_the_report_is_made_once_at_a_time_with_progress():
    shown = panel()
    shown.report_button.click()
    assert shown.report_button.disabled
    assert (shown.bar.value, shown.bar.max, shown.bar.layout.display) == (3, 30, "")
    assert "Making the report: image_pull, cell 3 of 30" in shown.said.value
    shown._report.made("The report is there, after 4 s.", False)
    assert not shown.report_button.disabled
    assert shown.bar.layout.display == "none"
    assert "The report is there" in shown.said.value


def test_a_report_that_fails_is_one_sentence():
    shown = panel()
    shown.report_button.click()
    shown._report.made("No report was made. There is no pod web.", True)
    assert "rb-error" in shown.said.value
    assert "There is no pod web." in shown.said.value


def test_hostile_names_are_options_without_markup_or_hidden_characters():
    hostile = pod("<b>x</b>\x1b[31m\u202e" + "A" * 10_000)
    shown = panel(Desk(listing(hostile, where="<s>n</s>")))
    label = shown.list.options[0][0]
    assert len(label) <= 170
    assert not set("\x1b\u202e") & set(label)
    assert "<s>" not in shown.count.value
