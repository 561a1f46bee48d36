"""Unmodified clients reach the lab's hosts by the standard variables alone, and no other host."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time

import pytest
import requests

from runbook_lib.lab.wire import Wire

CURL = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
URLLIB = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())"
REQUESTS = "import sys, requests; print(requests.get(sys.argv[1], timeout=5).text)"
CLIENTS = [
    pytest.param(["curl", "-sS", "-m", "5"], id="curl", marks=CURL),
    pytest.param([sys.executable, "-c", URLLIB], id="urllib"),
    pytest.param([sys.executable, "-c", REQUESTS], id="requests"),
]


def run(command: list[str], url: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, url], env=env, capture_output=True, text=True, timeout=20, check=False)


@pytest.mark.parametrize("command", CLIENTS)
class TestClients:
    def test_a_host_of_the_lab_is_reached_under_its_real_name(self, wire: Wire, command: list[str]) -> None:
        done = run(command, "https://private.us.icr.io/v2/?a=b", wire.environ())
        assert '"host":"private.us.icr.io"' in done.stdout, done.stderr
        assert '"path":"/v2/","query":"a=b"' in done.stdout

    def test_every_other_host_is_refused(self, wire: Wire, command: list[str]) -> None:
        done = run(command, "https://example.org/", wire.environ())
        assert done.returncode != 0
        assert "403" in done.stderr

    def test_the_users_own_proxy_settings_do_not_lead_past_the_lab(self, wire: Wire, command: list[str]) -> None:
        own = {
            "no_proxy": ".icr.io",
            "NO_PROXY": "*",
            "ALL_PROXY": "socks5://127.0.0.1:9",
            "HTTP_PROXY": "http://x:1",
        }
        done = run(command, "https://us.icr.io/", {**os.environ, **own, **wire.env})
        assert '"host":"us.icr.io"' in done.stdout, done.stderr


def test_the_environment_overwrites_both_spellings_of_each_proxy_variable(wire: Wire) -> None:
    assert {name for name, value in wire.env.items() if value == wire.proxy_url} == {
        *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    }
    assert wire.env["NO_PROXY"] == wire.env["no_proxy"] == "127.0.0.1,localhost"
    assert os.listdir(wire.env["SSL_CERT_DIR"]) == ["ca.pem"]


def test_the_lab_is_not_trusted_without_its_authority(wire: Wire) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            stranger.get("https://us.icr.io/", proxies={"https": wire.proxy_url}, timeout=5)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("us.icr.io:443", b"200"),
        ("US.ICR.IO:443", b"200"),
        ("registry.ng.bluemix.net:443", b"200"),
        ("us.icr.io:8443", b"403"),
        ("icr.io.example.org:443", b"403"),
        ("127.0.0.1:443", b"403"),
    ],
)
def test_connect_opens_only_the_labs_hosts_and_ports(wire: Wire, target: str, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", wire.port), timeout=5) as sock:
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert sock.recv(64).split()[1] == status


def test_plain_http_through_the_proxy_is_refused(wire: Wire) -> None:
    answer = requests.get("http://us.icr.io/", proxies={"http": wire.proxy_url}, timeout=5)
    assert answer.status_code == 403


def test_a_client_that_begins_with_tls_gets_the_host_of_its_sni(wire: Wire) -> None:
    context = ssl.create_default_context(cafile=wire.ca_file)
    with (
        socket.create_connection(("127.0.0.1", wire.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="uk.icr.io") as tls,
    ):
        tls.sendall(b"GET /x HTTP/1.1\r\nHost: ignored.example\r\nConnection: close\r\n\r\n")
        assert b'"host":"uk.icr.io"' in b"".join(iter(lambda: tls.recv(4096), b""))


def test_tls_to_a_name_that_is_not_the_labs_ends_in_an_alert(wire: Wire) -> None:
    context = ssl.create_default_context(cafile=wire.ca_file)
    with socket.create_connection(("127.0.0.1", wire.port), timeout=5) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="example.org")


def test_a_kept_alive_connection_answers_without_the_delay_of_nagle(client: requests.Session) -> None:
    client.get("https://us.icr.io/", timeout=5)
    start = time.perf_counter()
    for _ in range(20):
        client.get("https://us.icr.io/", timeout=5)
    assert time.perf_counter() - start < 20 * 0.035, "40 ms a reply is the mark of Nagle with delayed ACK"


def test_head_has_the_length_but_not_the_body(client: requests.Session) -> None:
    answer = client.head("https://us.icr.io/a", timeout=5)
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.content == b""
    assert client.get("https://us.icr.io/b", timeout=5).json()["path"] == "/b"


def test_a_chunked_body_and_a_repeated_header_arrive_whole(wire: Wire) -> None:
    context = ssl.create_default_context(cafile=wire.ca_file)
    with (
        socket.create_connection(("127.0.0.1", wire.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="uk.icr.io") as tls,
    ):
        tls.sendall(
            b"POST / HTTP/1.1\r\nHost: uk.icr.io\r\nAccept: a/b\r\nAccept: c/d\r\nConnection: close\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        answer = b"".join(iter(lambda: tls.recv(4096), b""))
    assert b'"body":"abcde"' in answer
    assert b'"accept":"a/b, c/d"' in answer


def test_a_defect_of_the_app_becomes_a_500_and_is_kept(wire: Wire, client: requests.Session) -> None:
    assert client.get("https://us.icr.io/fail", timeout=5).status_code == 500
    assert isinstance(wire.errors.pop(), RuntimeError)
