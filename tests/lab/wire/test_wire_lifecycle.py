"""A lab starts at once, leaves nothing behind, and remembers requests but no credential."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from runbook_lib.lab.wire import Hang, Reply, Request, Wire
from runbook_lib.lab.wire.record import credential_kind

SECRET = "lab-secret-value"


def test_twenty_labs_leave_no_thread_no_descriptor_and_no_file() -> None:
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))
    folders = []
    for _ in range(20):
        with Wire(lambda _: Reply(204), ["*.icr.io"]) as wire:
            folders.append(Path(wire.ca_file).parent)
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= descriptors
    assert not any(folder.exists() for folder in folders)


def test_idle_tunnels_and_hanging_replies_end_when_the_lab_stops() -> None:
    threads = threading.active_count()
    with Wire(lambda _: Reply(200, delivery=Hang(60)), ["*.icr.io"]) as wire:
        idle = [socket.create_connection(("127.0.0.1", wire.port)) for _ in range(20)]
        idle[0].sendall(b"CONNECT us.icr.io:443 HTTP/1.1\r\n\r\n")
        assert idle[0].recv(100)
        hanging = threading.Thread(target=_get_nothing, args=(wire,))
        hanging.start()
        while not wire.requests or wire.requests[-1].method != "GET":
            time.sleep(0.005)
        start = time.monotonic()
    hanging.join(2)
    assert time.monotonic() - start < 1.5
    assert threading.active_count() <= threads
    for sock in idle:
        sock.close()


def _get_nothing(wire: Wire) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get("https://us.icr.io/", proxies={"https": wire.proxy_url}, verify=wire.ca_file, timeout=10)


def test_a_lab_that_is_not_running_says_so() -> None:
    with pytest.raises(RuntimeError, match="context manager"):
        _ = Wire(lambda _: Reply(204), []).port


@pytest.mark.parametrize(
    ("headers", "body", "kind"),
    [
        ({}, b"", "none"),
        ({"authorization": f"Basic {SECRET}"}, b"", "basic"),
        ({"authorization": f"Bearer {SECRET}"}, b"", "bearer"),
        ({"authorization": f"Digest {SECRET}"}, b"", "other"),
        ({"iam-apikey": SECRET}, b"", "api-key-header"),
        ({"content-type": "application/x-www-form-urlencoded"}, f"apikey={SECRET}".encode(), "form"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"grant_type=x", "none"),
    ],
)
def test_a_record_says_which_kind_of_credential_came(headers: dict[str, str], body: bytes, kind: str) -> None:
    assert credential_kind(Request("us.icr.io", "POST", "/", headers=headers, body=body)) == kind


def test_records_and_values_never_show_a_credential(wire: Wire, client: requests.Session) -> None:
    before = len(wire.requests)
    client.get(f"https://us.icr.io/x?scope=pull&token={SECRET}", auth=("iamapikey", SECRET), timeout=5)
    records = wire.requests[before:]
    last = records[-1]
    assert (last.method, last.path, last.status, last.has_authorization, last.credential) == (
        *("GET", "/x", 200),
        True,
        "basic",
    )
    assert "scope=pull" in last.query
    assert SECRET not in repr(records)
    assert SECRET not in repr(Request("h", "GET", "/", headers={"authorization": SECRET}, body=SECRET.encode()))
    assert SECRET not in repr(Reply(200, (), SECRET.encode()))


def test_a_refused_tunnel_and_a_failed_handshake_are_remembered(wire: Wire, client: requests.Session) -> None:
    before = len(wire.requests)
    for url in ("https://example.org/", "https://expired.icr.io/"):
        with pytest.raises(requests.exceptions.ConnectionError):
            client.get(url, timeout=5)
    while len(wire.requests) < before + 3:
        time.sleep(0.005)
    seen = [(record.method, record.host, record.status) for record in wire.requests[before:]]
    assert seen == [
        ("CONNECT", "example.org", 403),
        ("CONNECT", "expired.icr.io", 200),
        ("TLS", "expired.icr.io", 0),
    ]
