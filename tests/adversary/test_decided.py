"""Evidence that does decide: a cause is named, and the first to mend of several comes first."""

from __future__ import annotations

import pytest

from . import cluster as at
from . import objects
from . import words as node_says
from .cluster import diagnose, verdict
from .keys import BAD, GOOD, KNOWS_GOOD
from .objects import HOST, IMAGE, failed, pod, secret, unretrieved
from .test_never_confirmed import HARBOR, HUB, waits_with

DEFAULT = objects.default_secret({HOST: GOOD})
CREATING = objects.waiting("app", IMAGE, "ContainerCreating", "")
PAUSE = objects.event(
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "
    '"registry.k8s.io/pause:3.8": '
    "failed to pull image: dial tcp 10.1.2.3:443: i/o timeout",
    reason="FailedCreatePodSandBox",
    path="",
)

DECIDED = {
    "Docker Hub's own words for a wrong password": (
        [
            pod(image=HUB, secrets=("s",)),
            secret("s", {"https://index.docker.io/v1/": BAD}),
            failed(node_says.CRIO_HUB_PASSWORD, HUB),
        ],
        at.registry({}),
        ("credentials-rejected", "confirmed"),
    ),
    "the same, of an operator who may not read the secret": (
        [pod(image=HUB, secrets=("s",)), failed(node_says.CRIO_HUB_PASSWORD, HUB)],
        None,
        ("credentials-rejected", "likely"),
    ),
    "the kubelet cannot parse a secret that could not be read": (
        [pod(secrets=("s",)), failed(node_says.UNPARSABLE)],
        None,
        ("pull-secret-malformed", "confirmed"),
    ),
    "one leftover name, and a fitting secret of the wrong type": (
        [
            pod(secrets=("gone", "s")),
            secret("s", {HOST: GOOD}, type_="Opaque"),
            failed(node_says.ANONYMOUS_401),
            unretrieved("gone"),
        ],
        None,
        ("pull-secret-type-wrong", "confirmed"),
    ),
    "a missing name that default has a secret for, beside another: nobody asked whether it would do": (
        [
            pod(secrets=("all-icr-io", "s")),
            secret("s", {"uk.icr.io": GOOD}),
            DEFAULT,
            failed(node_says.ANONYMOUS_401),
            unretrieved("all-icr-io"),
        ],
        None,
        ("pull-secret-missing", "likely"),
    ),
    "a missing name that default has a secret for, beside another: the registry takes it": (
        [
            pod(secrets=("all-icr-io", "s")),
            secret("s", {"uk.icr.io": GOOD}),
            DEFAULT,
            failed(node_says.ANONYMOUS_401),
            unretrieved("all-icr-io"),
        ],
        KNOWS_GOOD,
        ("pull-secret-missing", "confirmed"),
    ),
    "a secret of the wrong type whose value was removed": (
        [
            pod(secrets=("s",)),
            objects.elided(secret("s", {HOST: GOOD}, type_="Opaque")),
            failed(node_says.ANONYMOUS_401),
        ],
        None,
        ("pull-secret-type-wrong", "likely"),
    ),
    "a registry that says not found to who has no credential": (
        [pod(image=HARBOR), failed(node_says.NOT_FOUND, HARBOR), objects.default_secret({"harbor.example.com": GOOD})],
        at.registry({GOOD[1]: at.ACCEPTED}, at.ABSENT),
        ("no-pull-secret", "confirmed"),
    ),
    "the waiting message is of the last attempt, and the event of one before": (
        [waits_with(node_says.REFUSED, secrets=("s",)), secret("s", {HOST: BAD}), failed(node_says.OAUTH_401)],
        KNOWS_GOOD,
        ("connection-refused", "confirmed"),
    ),
    "a broken secret beside words of the registry: it ends the next attempt, not the last": (
        [
            pod(secrets=("bad", "s")),
            secret("bad", payload="{oops"),
            secret("s", {HOST: BAD}),
            failed(node_says.OAUTH_401),
        ],
        KNOWS_GOOD,
        ("credentials-rejected", "likely"),
    ),
    "a registry that knows no such repository, asked by nobody": (
        [pod(image=HUB), failed(node_says.SCOPE, HUB)],
        at.registry({}, at.answer(at.Answer.REPOSITORY_UNKNOWN)),
        ("image-not-found", "likely"),
    ),
    "a rate limit while a secret is missing": (
        [
            pod(image=HUB, secrets=("gone",)),
            failed(node_says.HUB_429, HUB),
            unretrieved("gone"),
        ],
        None,
        ("rate-limited", "confirmed"),
    ),
}


@pytest.mark.parametrize(("items", "answers", "expected"), DECIDED.values(), ids=DECIDED)
def test_the_cause_is_named(items, answers, expected):
    forbidden = frozenset() if any(i["kind"] == "Secret" for i in items) else frozenset({"secrets"})
    assert verdict(diagnose(*items, answers=answers, forbidden=forbidden)) == expected


@pytest.mark.parametrize("container", ["", "app"], ids=["no container named", "the container named"])
def test_a_pod_without_a_sandbox_waits_for_the_nodes_pause_image(container):
    diagnosis = diagnose(pod(status=[CREATING]), PAUSE, container=container)
    assert verdict(diagnosis) == ("sandbox-image-unavailable", "confirmed")


@pytest.mark.parametrize(
    "status",
    [objects.running("app", IMAGE), objects.waiting("app", IMAGE)],
    ids=["the container runs", "its image is pulled"],
)
def test_a_sandbox_that_was_made_in_the_end_is_no_cause(status):
    diagnosis = diagnose(pod(status=[status]), PAUSE, container="")
    assert "sandbox-image-unavailable" not in {c.id for c in diagnosis.causes}


def test_a_container_that_waits_for_an_init_container_is_not_unwell_for_another_reason():
    other = "quay.io/x/y:1"
    status = objects.waiting("app", IMAGE, "PodInitializing", "")
    waiting = pod(status=[status], init=(("setup", other),), init_status=[objects.waiting("setup", other)])
    diagnosis = diagnose(waiting, container="app")
    assert diagnosis.verdict.cause is None
    assert "Container setup of the same pod waits for its image." in diagnosis.verdict.summary


def test_a_pull_under_way_is_no_other_reason():
    pulling = objects.event(f'Pulling image "{IMAGE}"', reason="Pulling", type_="Normal")
    diagnosis = diagnose(pod(status=[CREATING]), pulling, container="")
    assert diagnosis.verdict.cause is None


def test_an_error_of_making_a_container_is_none_of_its_pull():
    event = objects.event("Error: failed to create containerd container: get apparmor profile: not found")
    assert verdict(diagnose(pod(status=[CREATING]), event))[0] == "not-an-image-pull-problem"


@pytest.mark.parametrize("text", [node_says.REFUSED, node_says.NO_SUCH_HOST], ids=["refused", "no such host"])
def test_a_sibling_on_another_node_speaks_for_a_fault_of_this_node(text):
    elsewhere = pod("b", status=[objects.running("app", IMAGE)], node="worker-2", phase="Running")
    diagnosis = diagnose(pod(), elsewhere, failed(text))
    assert any("worker-2" in reason and "this node's" in reason for reason in diagnosis.causes[0].because)


def test_several_faults_are_told_the_first_to_mend_first():
    wrong_tag = at.answer(at.Answer.TAG_UNKNOWN, logged_in=True)
    diagnosis = diagnose(
        pod(secrets=("s",)),
        secret("s", {HOST: BAD}),
        DEFAULT,
        failed(node_says.OAUTH_401),
        answers=at.registry({GOOD[1]: wrong_tag}),
    )
    assert [c.id for c in diagnosis.causes][:2] == ["credentials-rejected", "tag-not-found"]


def test_a_refused_private_image_names_its_absence_as_a_rival():
    diagnosis = diagnose(pod(image=HUB), failed(node_says.SCOPE, HUB))
    assert {c.id: c.confidence.value for c in diagnosis.causes} == {
        "no-pull-secret": "likely",
        "image-not-found": "possible",
    }


@pytest.mark.parametrize(
    "raw",
    [
        {"spec": {"containers": None, "imagePullSecrets": None}, "status": None},
        {
            "spec": {"containers": [{"name": "app"}]},
            "status": {"containerStatuses": [objects.waiting("app", "", message="")]},
        },
        {
            "spec": {"containers": [{"name": "app", "image": "::"}]},
            "status": {"containerStatuses": [objects.waiting("app", "::")]},
        },
        {"spec": {"imagePullSecrets": [None, {}, {"name": ""}, "x"]}, "status": {"containerStatuses": [None, 3]}},
    ],
    ids=["nulls", "no image", "no reference", "wrong types"],
)
def test_objects_of_odd_shape_do_no_harm(raw):
    diagnosis = diagnose(
        {"kind": "Pod", "metadata": {"name": "web", "namespace": objects.NS}, **raw}, answers=KNOWS_GOOD
    )
    assert not diagnosis.defects
    assert at.confirmed(diagnosis) <= {"image-name-invalid", "not-an-image-pull-problem"}
