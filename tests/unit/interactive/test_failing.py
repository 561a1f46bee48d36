"""The list to pick from: what stands in it, how it is narrowed, and that it stays short."""

from __future__ import annotations

import time

import pytest

from runbook_lib.interactive.failing import SHOWN, Filter, Listing, bounded, failing_pulls, look, look_in
from runbook_lib.judge import Selectors, open_session
from runbook_lib.model.kube_raw import pod_from
from tests.unit.interactive.evidence import bundle, pod

PULLS = failing_pulls(
    pod_from(raw)
    for raw in (
        pod("web-abc-1", owner="web"),
        pod("web-abc-2", owner="web"),
        pod("batch", "jobs", "ErrImagePull"),
        pod("old", "shop", "InvalidImageName"),
    )
)
LISTING = Listing(PULLS, 9, "")

FILTERS = {
    "nothing": (Filter(), ["batch", "old", "web-abc-1", "web-abc-2"]),
    "namespace": (Filter(namespace="jobs"), ["batch"]),
    "reason": (Filter(reason="InvalidImageName"), ["old"]),
    "part of a workload": (Filter(workload=" WEB "), ["web-abc-1", "web-abc-2"]),
    "kind of a workload": (Filter(workload="deployment/"), ["web-abc-1", "web-abc-2"]),
    "part of a pod's name": (Filter(workload="abc-2"), ["web-abc-2"]),
    "all together": (Filter("shop", "ImagePullBackOff", "old"), []),
}


@pytest.mark.parametrize(("narrowed", "names"), FILTERS.values(), ids=FILTERS)
def test_filters_narrow_the_list(narrowed, names):
    assert [pull.pod for pull in LISTING.matching(narrowed)] == names


def test_the_list_knows_what_the_filters_may_choose():
    assert LISTING.namespaces == ["jobs", "shop"]
    assert LISTING.reasons == ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"]
    assert LISTING.workloads == 3


def test_five_thousand_pods_are_listed_in_a_second_and_few_are_shown():
    pods = [pod_from(pod(f"web-{n:04}", f"team-{n % 50}")) for n in range(5000)]
    began = time.perf_counter()
    listing = Listing(failing_pulls(pods), len(pods), "")
    narrowed = listing.matching(Filter(namespace="team-7", workload="web-4"))
    assert time.perf_counter() - began < 1
    assert len(listing.pulls) == 5000
    assert {pull.namespace for pull in narrowed} == {"team-7"}
    assert len(bounded(listing.pulls, None)) == SHOWN


def test_the_open_pod_stays_in_a_list_that_is_cut():
    pulls = failing_pulls(pod_from(pod(f"web-{n:04}")) for n in range(500))
    shown = bounded(pulls, pulls[-1])
    assert len(shown) == SHOWN
    assert shown[-1] == pulls[-1]
    assert bounded(pulls[:3], pulls[-1]) == list(pulls[:3]), "one that is filtered out is not shown"


def test_without_a_namespace_all_are_looked_through(tmp_path):
    session = open_session(Selectors(bundle=bundle(tmp_path, pod("web"), pod("batch", "jobs")), probe=False))
    assert [pull.pod for pull in look(session, "").pulls] == ["batch", "web"]
    assert [pull.pod for pull in look(session, "jobs").pulls] == ["batch"]
    assert look_in(session, "shop").pods == 1


def test_a_name_with_a_slash_is_selected_as_a_pod():
    """Evidence may hold any name; `a/b` would name a workload."""
    odd, plain = failing_pulls([pod_from(pod("deploy/web")), pod_from(pod("web"))])
    assert odd.selector == "pod/deploy/web"
    assert plain.selector == "web"
