"""Each fault of a host or of a reply reaches the client as such faults do, and ends by itself."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import requests

from runbook_lib.lab.wire import Delivery, Drip, Endless, Hang, Reply, Reset, Truncate, Wire, gzip_bomb
from runbook_lib.lab.wire.fault_data import faults_from
from runbook_lib.lab.wire.injection import FaultyApp
from runbook_lib.lab.wire.messages import Request, json_reply


@pytest.mark.parametrize(
    ("host", "error", "words"),
    [
        ("refused.icr.io", requests.exceptions.ProxyError, "502 Bad Gateway .*connection refused"),
        ("closed.icr.io", requests.exceptions.ConnectionError, "reset by peer|aborted"),
        ("nowhere.icr.io", requests.exceptions.ProxyError, "503 .*no such host"),
        ("slow.icr.io", requests.exceptions.ProxyError, "504 .*i/o timeout"),
        ("mute.icr.io", requests.exceptions.ReadTimeout, "timed out"),
        ("cut.icr.io", requests.exceptions.ConnectionError, "reset|EOF|aborted"),
        ("expired.icr.io", requests.exceptions.SSLError, "certificate has expired"),
        ("misnamed.icr.io", requests.exceptions.SSLError, "mismatch|not valid for"),
        ("foreign.icr.io", requests.exceptions.SSLError, "unable to get local issuer"),
    ],
)
def test_a_hosts_fault_gives_the_client_its_true_message(
    client: requests.Session, host: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        client.get(f"https://{host}/", timeout=0.6)


@pytest.fixture(scope="module")
def staged() -> Iterator[Callable[[Reply], Wire]]:
    """A lab whose next reply the test sets."""
    with Wire(lambda _: Reply(503), ["*.icr.io"]) as wire:

        def stage(reply: Reply) -> Wire:
            wire.app = lambda _: reply
            return wire

        yield stage


BODY = b'{"token":"0123456789"}'


@pytest.mark.parametrize(
    ("delivery", "error"),
    [
        (Hang(20), requests.exceptions.ReadTimeout),
        (Reset(), requests.exceptions.ConnectionError),
        (Truncate(5), requests.exceptions.ChunkedEncodingError),
        (Drip(20), requests.exceptions.ConnectionError),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, type) else "",
)
def test_a_faulty_delivery_is_an_error_within_the_clients_time_limit(
    staged: Callable[[Reply], Wire], delivery: Delivery, error: type[Exception]
) -> None:
    wire = staged(Reply(200, (), BODY, delivery))
    start = time.monotonic()
    with pytest.raises(error):
        requests.get("https://us.icr.io/", proxies={"https": wire.proxy_url}, verify=wire.ca_file, timeout=0.3)
    assert time.monotonic() - start < 3


def test_an_endless_body_goes_on_until_the_client_leaves(staged: Callable[[Reply], Wire]) -> None:
    wire = staged(Reply(200, (), b"x" * 1000, Endless(20)))
    with requests.get(
        "https://us.icr.io/", proxies={"https": wire.proxy_url}, verify=wire.ca_file, timeout=3, stream=True
    ) as answer:
        assert sum(len(chunk) for chunk, _ in zip(answer.iter_content(1000), range(500), strict=False)) > 100_000


def test_a_slow_body_arrives_whole_for_the_patient(staged: Callable[[Reply], Wire]) -> None:
    wire = staged(Reply(200, (), BODY, Drip(0.001, 4)))
    answer = requests.get("https://us.icr.io/", proxies={"https": wire.proxy_url}, verify=wire.ca_file, timeout=3)
    assert answer.content == BODY


def test_a_gzip_bomb_is_small_on_the_wire_and_large_in_memory() -> None:
    bomb = gzip_bomb(1024 * 1024)
    assert len(bomb) < 5_000
    assert len(gzip.decompress(bomb)) == 1024 * 1024


def answers(data: dict[str, Any], *requests_: Request) -> list[int]:
    app = FaultyApp(lambda _: json_reply(200, {}), faults_from(data)[1])
    return [app(request).status for request in requests_]


TOKEN = Request("us.icr.io", "GET", "/oauth/token")
PING = Request("us.icr.io", "GET", "/v2/")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"kind": "rate-limited"}, [429, 429, 429]),
        ({"kind": "server-error", "path": "/oauth/*"}, [503, 503, 200]),
        ({"kind": "server-error", "status": 500, "times": 1}, [500, 200, 200]),
        ({"kind": "server-error", "skip": 1}, [200, 503, 503]),
        ({"kind": "html", "host": "uk.icr.io"}, [200, 200, 200]),
        ({"kind": "reply", "status": 418, "method": "GET"}, [418, 418, 418]),
    ],
)
def test_a_replys_fault_befalls_the_requests_that_it_names(entry: dict[str, Any], expected: list[int]) -> None:
    assert answers({"replies": [entry]}, TOKEN, TOKEN, PING) == expected


def test_a_rate_limit_says_when_to_come_back() -> None:
    faults = faults_from({"replies": [{"kind": "rate-limited", "retry_after": 7}]})[1]
    assert faults[0].reply is not None
    assert faults[0].reply.header("retry-after") == "7"
    assert b"TOOMANYREQUESTS" in faults[0].reply.body


@pytest.mark.parametrize("data", [{"hosts": {"a": "broken"}}, {"replies": [{"kind": "x"}]}, {"other": {}}])
def test_a_fault_that_the_lab_does_not_know_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        faults_from(data)
