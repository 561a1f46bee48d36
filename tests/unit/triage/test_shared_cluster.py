"""A case in a triage sees the same neighbours as a case that lists the namespace for itself."""

from __future__ import annotations

import random

import pytest

from runbook_lib.causes.doubt import runs_elsewhere
from runbook_lib.model.kube_raw import pod_from
from runbook_lib.model.readings import Siblings, Target
from runbook_lib.sources.pages import Pages
from runbook_lib.sources.pods import trace_of
from runbook_lib.triage.shared_cluster import Noted, SharedCluster

IMAGE = "us.icr.io/shop/web:1.0"


def a_pod(name, node, *, created, secrets=("s",), policy="Always", state="running", image=IMAGE):
    states = {"running": {"running": {}}, "failing": {"waiting": {"reason": "ErrImagePull", "message": "m"}}}
    return {
        "metadata": {"name": name, "namespace": "shop", "creationTimestamp": created},
        "spec": {
            "nodeName": node,
            "imagePullSecrets": [{"name": s} for s in secrets],
            "containers": [{"name": "app", "image": image, "imagePullPolicy": policy}],
        },
        "status": {"phase": "Running", "containerStatuses": [{"name": "app", "state": states[state]}]},
    }


@pytest.mark.parametrize("seed", range(40))
def test_where_else_an_image_runs_is_known_as_from_the_whole_list(seed):
    """For every failing pod: whether another node runs it with the same secrets, and whether one pulled it lately."""
    chance = random.Random(seed)
    failing = a_pod("failing", "n1", created="2026-11-24T12:00:00Z", state="failing")
    others = [
        a_pod(
            f"p{n}",
            chance.choice(["n1", "n2", "n3", ""]),
            created=f"2026-11-24T{chance.randrange(24):02}:00:00Z",
            secrets=chance.choice([("s",), ("s", "t"), ()]),
            policy=chance.choice(["Always", "IfNotPresent"]),
            image=chance.choice([IMAGE, "other"]),
        )
        for n in range(chance.randrange(12))
    ]
    noted = Noted()
    noted.examples["shop", "failing"] = failing
    for raw in others:
        noted.note_running(trace_of(pod_from(raw)))
    pod = pod_from(failing)

    def siblings(raws):
        alike = [p for p in map(pod_from, raws) if p.name != "failing" and any(c.image == IMAGE for c in p.containers)]
        return Siblings(tuple(alike), IMAGE, pod.workload)

    for lately in (False, True):
        whole = runs_elsewhere(pod, siblings(others), pulled_lately=lately)
        listed = runs_elsewhere(pod, siblings(noted.pods_of("shop")), pulled_lately=lately)
        given = runs_elsewhere(pod, noted.siblings(Target("shop", "failing", "app")), pulled_lately=lately)
        assert set(listed) <= set(whole)
        assert bool(listed) == bool(whole)
        assert given == listed


def test_memory_is_bounded_by_images_and_not_by_pods():
    noted = Noted()
    noted.examples["shop", "failing"] = a_pod("failing", "n0", created="", state="failing")
    for n in range(500):
        noted.note_running(trace_of(pod_from(a_pod(f"p{n}", f"n{n}", created=f"2026-{n:04}"))))
    assert len(noted.pods_of("shop")) == 1 + 2


def failing_pod(namespace: str, name: str, image: str):
    raw = a_pod(name, "n1", created="", state="failing", image=image)
    return {**raw, "metadata": {**raw["metadata"], "namespace": namespace}}


class Secrets:
    """A cluster whose namespaces have no secrets, which counts how often it is asked for them."""

    def __init__(self):
        self.asked = []

    def page(self, resource, namespace="", *, fields="", after=""):
        self.asked.append(namespace)
        return 200, b'{"metadata": {}, "items": []}', ""


def test_the_secrets_of_a_namespace_are_read_again_only_where_another_registry_fails_there():
    """They are read while pods are still coming in, and of some no more is kept than those that fail need."""
    server, noted = Secrets(), Noted()
    shared = SharedCluster(None, noted, Pages(server))
    noted.examples["shop", "a"] = failing_pod("shop", "a", "us.icr.io/shop/web:1.0")
    shared.whole("secrets", "shop")
    noted.examples["shop", "b"] = failing_pod("shop", "b", "us.icr.io/shop/job:1.0")
    noted.examples["other", "c"] = failing_pod("other", "c", "quay.io/shop/web:1.0")
    shared.whole("secrets", "shop")
    assert server.asked == ["shop"]
    noted.examples["shop", "d"] = failing_pod("shop", "d", "quay.io/shop/web:1.0")
    shared.whole("secrets", "shop")
    shared.whole("secrets", "shop")
    assert server.asked == ["shop", "shop"]
    assert noted.registries("shop") == {"us.icr.io", "quay.io"}
    assert noted.registries("default") == {"us.icr.io", "quay.io"}
