"""A watch tells which groups appear, change and resolve, and asks only about what is new."""

from __future__ import annotations

import pytest

from runbook_lib.judge import Selectors
from runbook_lib.lab import Lab
from runbook_lib.lab.kube import FaultReply
from runbook_lib.model.problem import BadInput
from runbook_lib.triage import Looking
from runbook_lib.triage.watching import Happened, watch


@pytest.fixture
def lab(monkeypatch):
    with Lab("two-failing-pods") as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


def turns(looking, *, times, between):
    """The turns of a watch whose pauses call `between` with their number."""
    now, number = [0.0], [0]

    def sleep(seconds):
        now[0] += seconds
        number[0] += 1
        between(number[0])

    return watch(looking, every=10.0, until=10.0 * (times - 1), clock=lambda: now[0], sleep=sleep)


def test_a_group_that_is_mended_resolves(lab):
    def mend(_number):
        lab.store.delete("pods", "shop", "billing")

    first, second = turns(Looking(Selectors()), times=2, between=mend)
    assert [c.happened for c in first.changes] == [Happened.APPEARED] * 2
    (change,) = second.changes
    assert change.happened is Happened.RESOLVED
    assert change.group.members[0].pod == "billing"


def test_a_pod_more_is_a_change_of_its_group(lab):
    def add(_number):
        pod = lab.store.get("pods", "shop", "web")
        pod["metadata"] = {"name": "web-2", "namespace": "shop", "uid": "u2"}
        lab.store.put_raw(pod)

    _, second = turns(Looking(Selectors()), times=2, between=add)
    assert [(c.happened, c.before, c.now) for c in second.changes] == [(Happened.CHANGED, 1, 2)]


def test_where_nothing_changes_nothing_is_told_and_no_registry_asked(lab):
    looking = Looking(Selectors())
    asked = []
    seen = list(turns(looking, times=3, between=lambda _n: asked.append(len(lab.requests.network))))
    assert [len(t.changes) for t in seen] == [2, 0, 0]
    assert len(lab.requests.network) == asked[0]


def test_a_cluster_that_does_not_answer_for_a_while_is_told_and_watched_on(lab):
    def fail(number):
        lab.server.fault = (lambda _r: FaultReply(status=403, body=b"{}")) if number == 1 else None

    first, second, third = turns(Looking(Selectors()), times=3, between=fail)
    assert first.triage is not None
    assert second.triage is None
    assert "may not list" in second.refused
    assert third.triage is not None
    assert third.changes == ()


def test_a_first_look_that_fails_is_an_error(lab):
    lab.server.fault = lambda _r: FaultReply(status=401, body=b"{}")
    with pytest.raises(BadInput):
        next(iter(turns(Looking(Selectors()), times=1, between=lambda _n: None)))


def test_after_a_while_the_same_failure_is_diagnosed_anew(lab):
    """The missing secret is made, with a key that is refused: the node's words may stay the same."""
    looking = Looking(Selectors(), stands=0.0)
    asked = []
    list(turns(looking, times=2, between=lambda _n: asked.append(len(lab.requests.network))))
    assert len(lab.requests.network) > asked[0]
