"""Lists are read at a pace, wait when the server is busy, and start again when a token is too old."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from runbook_lib.lab.kube import FaultReply
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.pages import Pace, Pages

GONE = json.dumps({"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}).encode()


class Scripted:
    """A server that answers what it is told to, in order, and remembers which page was asked for."""

    def __init__(self, *answers: tuple[int, bytes, str] | Unavailable) -> None:
        self.answers, self.asked = list(answers), []

    def page(self, resource: str, namespace: str = "", *, fields: str = "", after: str = "") -> Any:
        self.asked.append(after)
        return self.answers.pop(0)


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def page(*names: str, after: str = "") -> tuple[int, bytes, str]:
    return 200, json.dumps({"items": names, "next": after}).encode(), ""


def read(server: Scripted) -> tuple[list[str], Unavailable | None, Clock]:
    clock, taken = Clock(), []

    def take(body: bytes) -> str:
        decoded = json.loads(body)
        taken.extend(decoded["items"])
        return str(decoded["next"])

    refused = Pages(server, Pace(clock=clock, sleep=clock.sleep)).read("pods", "", take, again=taken.clear)
    return taken, refused, clock


def test_pages_follow_their_tokens():
    server = Scripted(page("a", after="t1"), page("b", after="t2"), page("c"))
    taken, refused, _ = read(server)
    assert (taken, refused, server.asked) == (["a", "b", "c"], None, ["", "t1", "t2"])


def test_a_busy_server_is_waited_for_as_long_as_it_asks():
    taken, refused, clock = read(Scripted((429, b"", "3"), (429, b"", "2"), page("a")))
    assert (taken, refused) == (["a"], None)
    assert clock.slept == [3.0, 2.0]


def test_without_retry_after_each_wait_is_twice_the_one_before():
    _, refused, clock = read(Scripted((503, b"", ""), (503, b"", ""), (503, b"", ""), page("a")))
    assert refused is None
    assert clock.slept == [0.25, 0.5, 1.0]


def test_a_server_that_stays_busy_is_given_up():
    _, refused, clock = read(Scripted(*[(429, b"", "7")] * 20))
    assert refused is not None
    assert refused.why is Why.SERVER_ERROR
    assert sum(clock.slept) <= 30.0


def test_an_old_token_starts_the_list_again_and_what_was_taken_is_dropped():
    server = Scripted(page("a", after="old"), (410, GONE, ""), page("a", after="new"), page("b"))
    taken, refused, _ = read(server)
    assert (taken, refused) == (["a", "b"], None)
    assert server.asked == ["", "old", "", "new"]


def test_a_list_that_changes_faster_than_it_is_read_is_given_up():
    _, refused, _ = read(Scripted(*[page("a", after="old"), (410, GONE, "")] * 3))
    assert refused is not None
    assert "faster" in refused.detail


@pytest.mark.parametrize(("status", "why"), [(403, Why.FORBIDDEN), (401, Why.UNAUTHENTICATED), (404, Why.NOT_FOUND)])
def test_a_refusal_is_not_asked_again(status, why):
    server = Scripted((status, b'{"kind": "Status", "reason": "NotFound"}', ""))
    _, refused, clock = read(server)
    assert refused is not None
    assert refused.why is why
    assert clock.slept == []


def test_a_page_that_is_none_is_said_to_be_none():
    _, refused, _ = read(Scripted((200, b"<html>", "")))
    assert refused is not None
    assert refused.why is Why.MALFORMED


def test_a_broken_connection_is_tried_once_more():
    broken = Unavailable("pods", Why.UNREACHABLE, "the connection broke")
    assert read(Scripted(broken, page("a")))[0] == ["a"]
    assert read(Scripted(broken, broken))[1] is broken


def test_the_pace_lets_a_burst_through_and_then_so_many_a_second():
    clock = Clock()
    pace = Pace(rate=10.0, burst=5.0, clock=clock, sleep=clock.sleep)
    for _ in range(5):
        pace.wait()
    assert clock.now == 0.0
    for _ in range(20):
        pace.wait()
    assert clock.now == pytest.approx(2.0)


def test_faults_on_the_wire_lose_no_pod_and_count_none_twice(planted, look):
    """The first page of pods is refused as too many requests, and a later token as too old."""
    seen: Counter[str] = Counter()

    def fault(request: Any) -> FaultReply | None:
        if request.resource is None or request.resource.plural != "pods":
            return None
        seen["pods"] += 1
        if seen["pods"] == 1:
            return FaultReply(429, b"too many", (("Retry-After", "0"),))
        if seen["pods"] == 4:
            return FaultReply(410, GONE)
        return None

    planted.server.fault = fault
    try:
        found = look(planted, probe=False)
    finally:
        planted.server.fault = None
    assert seen["pods"] == 1 + 2 + 1 + 3
    assert found.pods_seen == 1301
    assert found.failing_pods == 200
    assert len(found.groups) == 6
