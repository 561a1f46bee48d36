"""A cluster behind a proxy of its own is reached through it, and the proxy's password is shown by nothing."""

from __future__ import annotations

import base64
import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from runbook_lib.lab import Lab
from runbook_lib.model.problem import BadInput
from runbook_lib.sources.cluster import open_cluster
from runbook_lib.vault import vault

PASSWORD = "the-proxys-pass%20word"


class Proxy(ThreadingHTTPServer):
    """Tunnels to loopback alone; remembers what it was asked with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.asked: list[tuple[str, str | None]] = []


class _Tunnel(BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        self.server.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        if host != "127.0.0.1":
            self.send_error(403)
            return
        with socket.create_connection((host, int(port)), timeout=5) as other:
            self.send_response_only(200)
            self.end_headers()
            ends = {self.connection: other, other: self.connection}
            while readable := select.select(list(ends), [], [], 5)[0]:
                for end in readable:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab("healthy") as running:
        yield running


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def behind(lab, tmp_path, monkeypatch):
    """Opens the lab's cluster behind the proxy of an address, in an environment where NO_PROXY exempts everything."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")

    def open_(address: str):
        document = yaml.safe_load(lab.kubeconfig.read_text())
        for entry in document["clusters"]:
            entry["cluster"]["proxy-url"] = address
        path = tmp_path / "config"
        path.write_text(yaml.safe_dump(document))
        return open_cluster(kubeconfig=str(path))

    return open_


def test_the_proxy_of_the_kubeconfig_is_used_whatever_no_proxy_says(behind, proxy):
    cluster = behind(f"http://127.0.0.1:{proxy.server_port}")
    assert cluster.identity().version
    assert {login for _, login in proxy.asked} == {None}


def test_its_login_is_sent_to_it_and_kept_from_everything_else(behind, proxy):
    cluster = behind(f"http://jo%40x:{PASSWORD}@127.0.0.1:{proxy.server_port}")
    assert cluster.identity().version
    sent = "Basic " + base64.b64encode(b"jo@x:the-proxys-pass word").decode()
    assert {login for _, login in proxy.asked} == {sent}
    for form in (PASSWORD, "the-proxys-pass word", sent):
        assert form not in vault().scrub(f"see {form}.")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("jo:p%C3%A9ss", "jo:p\u00e9ss"),
        ("jo:%D0%BF%D0%B0%D1%80", "jo:\u043f\u0430\u0440"),
        ("a-token-4711", "a-token-4711:"),
    ],
    ids=["accents", "another alphabet", "a token alone"],
)
def test_a_login_is_sent_as_the_bytes_that_were_meant(behind, proxy, written, sent):
    """UTF-8, as curl and kubectl send it."""
    assert behind(f"http://{written}@127.0.0.1:{proxy.server_port}").identity().version
    assert {login for _, login in proxy.asked} == {"Basic " + base64.b64encode(sent.encode()).decode()}


def test_the_login_of_the_environments_proxy_is_sent_too(lab, proxy, monkeypatch):
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://jo:{PASSWORD}@127.0.0.1:{proxy.server_port}")
    assert open_cluster(kubeconfig=str(lab.kubeconfig)).identity().version
    assert [login is not None for _, login in proxy.asked] == [True] * len(proxy.asked) != []


UNUSABLE = {
    "SOCKS": ("socks5://127.0.0.1:1080", "is a SOCKS proxy"),
    "no scheme": ("127.0.0.1:3128", "is no address that begins with http://"),
    "no address": ("http://[", "is no address"),
    "no port": ("http://127.0.0.1:0", "is no address"),
    "a token where the scheme should be": (f"{PASSWORD}:@proxy:3128", "is no address"),
    "a port that is none": ("http://127.0.0.1:99999", "is no address"),
}


@pytest.mark.parametrize(("address", "says"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_proxy_that_cannot_be_used_is_one_sentence(behind, address, says):
    with pytest.raises(BadInput) as told:
        behind(address)
    assert says in str(told.value)
    assert PASSWORD[:8] not in str(told.value)


def test_a_proxy_that_is_not_there_is_a_refusal(behind):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = behind(f"http://jo:{PASSWORD}@127.0.0.1:{port}").list("pods")
    assert "could not be read" in str(answer)
    assert PASSWORD not in repr(answer)
