"""The narrow view of a page tells of each pod what the whole object tells."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model.kube_raw import pod_from
from runbook_lib.sources.pods import digest_of, read_page, sorted_out, trace_of
from tests.unit.triage.planted import well_pods

REASONS = st.sampled_from(["ImagePullBackOff", "ErrImagePull", "CrashLoopBackOff", "ContainerCreating", ""])
STATES = st.one_of(
    st.none(),
    st.just({}),
    st.just({"running": {"startedAt": "2026-11-01T00:00:00Z"}}),
    REASONS.map(lambda r: {"waiting": {"reason": r, "message": "said", "new": 1}}),
    st.just({"terminated": {"reason": "Error", "exitCode": 1}}),
)
SEEN = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b"])}, optional={"state": STATES, "restartCount": st.just(3)}
)
DECLARED = st.lists(
    st.sampled_from([{"name": "a", "image": "us.icr.io/x/a:1"}, {"name": "b", "image": "b", "env": []}])
)
MADE_BY = st.sampled_from(
    [
        ({"pod-template-hash": "h"}, [{"kind": "ReplicaSet", "name": "web-h", "controller": True}]),
        ({"deploymentconfig": "web"}, [{"kind": "ReplicationController", "name": "web-3", "controller": True}]),
        ({"app": "x"}, [{"kind": "Job", "name": "web-29000000", "controller": True}]),
        ({"app": "x"}, []),
    ]
)
METADATA = MADE_BY.map(lambda made: {"name": "web", "namespace": "shop", "labels": made[0], "ownerReferences": made[1]})
PODS = st.fixed_dictionaries(
    {"metadata": METADATA},
    optional={
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "containers": st.none() | DECLARED,
                "initContainers": DECLARED,
                "imagePullSecrets": st.none() | st.just([{"name": "s"}, {}]),
                "nodeName": st.just("n"),
            },
        ),
        "status": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "phase": st.sampled_from(["Running", "Pending", "Succeeded", "Failed", "Unknown"]),
                "containerStatuses": st.none() | st.lists(SEEN, max_size=2),
                "initContainerStatuses": st.lists(SEEN, max_size=1),
                "ephemeralContainerStatuses": st.lists(SEEN, max_size=1),
            },
        ),
    },
)


def body(*pods: Any, **metadata: str) -> bytes:
    return json.dumps({"kind": "PodList", "metadata": metadata, "items": list(pods)}).encode()


@settings(max_examples=100, deadline=None)
@given(PODS)
def test_a_failing_or_unwell_pod_is_never_taken_for_a_well_one(raw):
    page = read_page(body(raw))
    whole = pod_from(raw)
    if whole.failing or whole.is_unwell:
        assert len(page.looked_at) == 1
    if page.looked_at:
        ((narrow, kept),) = page.looked_at
        assert narrow.containers == whole.containers
        assert (narrow.failing, narrow.workload, narrow.pull_secrets) == (
            whole.failing,
            whole.workload,
            whole.pull_secrets,
        )
        assert pod_from(kept) == narrow


def test_a_page_with_one_odd_object_loses_no_other():
    """A type that the API does not promise: the page is read as raw JSON instead."""
    failing = {
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": [{"name": "app", "image": "x"}]},
        "status": {
            "phase": "Pending",
            "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "ErrImagePull"}}}],
        },
    }
    odd = {"metadata": {"name": 7, "namespace": "shop"}, "spec": {"containers": {"not": "a list"}}}
    page = read_page(body(odd, failing, **{"continue": "t"}))
    assert [p.name for p, _ in page.looked_at if p.failing] == ["web"]
    assert page.token == "t"


@pytest.mark.parametrize("answer", [b"", b"[]", b'"pods"', b"{}", b'{"items": 7}', b'{"items": [1', b"<html>"])
def test_what_is_no_list_is_refused(answer):
    with pytest.raises((msgspec.DecodeError, ValueError)):
        read_page(answer)


def test_a_list_of_null_is_empty():
    page = read_page(b'{"metadata": null, "items": null}')
    assert (page.looked_at, page.well, page.token) == ([], [], "")


def test_a_well_pod_leaves_where_its_images_run():
    running = {"name": "app", "state": {"running": {}}}
    raw = {
        "metadata": {"name": "web", "namespace": "shop", "ownerReferences": [{"kind": "Job", "name": "j-29000000"}]},
        "spec": {
            "nodeName": "worker-1",
            "imagePullSecrets": [{"name": "s"}],
            "containers": [{"name": "app", "image": "us.icr.io/shop/web:1.0", "imagePullPolicy": "Always"}],
        },
        "status": {"phase": "Running", "containerStatuses": [running]},
    }
    (narrow,) = read_page(body(raw)).well
    ((whole, _),) = sorted_out(iter([raw]))
    assert narrow == whole
    assert narrow.runs == (("us.icr.io/shop/web:1.0", "Always"),)
    assert (narrow.node, narrow.pull_secrets, narrow.made_by) == ("worker-1", ("s",), ("Job", "j-29000000"))


def test_a_pod_that_crashes_tells_too_that_its_image_was_given():
    crashed = {"name": "app", "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
    raw = {
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": [{"name": "app", "image": "x"}]},
        "status": {"phase": "Running", "containerStatuses": [crashed]},
    }
    ((pod, _),) = read_page(body(raw)).looked_at
    assert trace_of(pod).runs == (("x", ""),)


@settings(max_examples=100, deadline=None)
@given(st.lists(PODS, max_size=4), st.sampled_from(["", "the-next"]))
def test_the_digest_of_a_page_is_read_as_the_page(raws, token):
    page = body(*raws, **({"continue": token} if token else {}))
    assert read_page(digest_of(page)) == read_page(page)


def waiting_pod() -> dict[str, Any]:
    state = {"waiting": {"reason": "ErrImagePull"}}
    status = {"phase": "Pending", "containerStatuses": [{"name": "a", "state": state}]}
    return {"metadata": {"name": "web", "namespace": "shop"}, "status": status}


NO_DIGESTS = {
    "no JSON": b"<html>",
    "no list": b'{"kind": "Status"}',
    "a number that has no room": body({**waiting_pod(), "spec": {"priority": 1 << 70, "nodeName": 1}}),
    "not of this alphabet": b'{"items": [{"metadata": {"name": "\xff"}}]}',
}


@pytest.mark.parametrize("page", NO_DIGESTS.values(), ids=NO_DIGESTS.keys())
def test_what_has_no_digest_stays_as_it_is(page):
    """So that whoever reads it says what is wrong with it."""
    assert digest_of(page) == page


def test_a_digest_is_a_small_part_of_a_page_of_well_pods():
    pods = list(well_pods(500))
    page = body(*pods)
    assert len(digest_of(page)) < len(page) / 20
    assert len(read_page(digest_of(page)).well) == 500
