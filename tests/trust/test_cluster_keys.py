"""The keys of a kubeconfig: used for TLS, known to the vault, and in no file that stays."""

from __future__ import annotations

import base64
import http.server
import json
import ssl
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
import yaml

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.cluster import open_cluster

from .runs import in_environment

KEY = "-----BEGIN PRIVATE KEY-----"


class Version(http.server.BaseHTTPRequestHandler):
    """Answers every GET as the API server answers /version, to clients with a certificate."""

    def do_GET(self) -> None:
        body = json.dumps({"gitVersion": "v1.33.0", "groups": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Writes nothing."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Version)
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


def kubeconfig(folder: Path, server: str, authority: trustme.CA, *, with_key: bool = True) -> Path:
    leaf = authority.issue_cert("operator@shop.example")
    certificate = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    user = {
        "client-certificate-data": base64.b64encode(certificate).decode(),
        "client-key-data": base64.b64encode(leaf.private_key_pem.bytes()).decode(),
    }
    cluster = {"server": server, "certificate-authority-data": base64.b64encode(authority.cert_pem.bytes()).decode()}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user if with_key else {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_client_certificate_is_used_and_no_file_of_its_key_stays(tmp_path, server, authority, temporary):
    """The kernel of a report is ended by force, so that nothing may wait for the end of the interpreter."""
    with in_environment({"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}):
        cluster = open_cluster(kubeconfig=str(kubeconfig(tmp_path, server, authority)))
        assert list(temporary.iterdir()) == []
        assert cluster.identity().version == "v1.33.0"


def test_without_its_certificate_the_server_refuses(tmp_path, server, authority):
    """The test before this one can fail."""
    with in_environment({"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}):
        cluster = open_cluster(kubeconfig=str(kubeconfig(tmp_path, server, authority, with_key=False)))
        assert cluster.identity().version == ""


def test_the_key_is_known_to_the_vault(tmp_path, server, authority):
    """Whatever prints it, prints its name."""
    path = kubeconfig(tmp_path, server, authority)
    key = base64.b64decode(yaml.safe_load(path.read_text())["users"][0]["user"]["client-key-data"]).decode()
    with in_environment({}) as vault:
        open_cluster(kubeconfig=str(path))
        shown = vault.scrub(f"see {key.splitlines()[1]} and {key}")
    assert key.splitlines()[1] not in shown
    assert KEY not in shown


def test_a_key_that_is_none_is_bad_input(tmp_path, server, authority):
    """Named with file and context, without a traceback."""
    path = kubeconfig(tmp_path, server, authority)
    document = yaml.safe_load(path.read_text())
    document["users"][0]["user"]["client-key-data"] = base64.b64encode(b"no key").decode()
    path.write_text(yaml.safe_dump(document))
    with in_environment({}), pytest.raises(BadInput, match="cannot be used"):
        open_cluster(kubeconfig=str(path))


def test_no_token_goes_to_a_server_without_tls(tmp_path):
    """As kubectl: a bearer token over plain HTTP could be read by anybody on the way."""
    seen: list[str | None] = []

    class Listener(Version):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization"))
            super().do_GET()

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{httpd.server_address[1]}"}}],
        "users": [{"name": "u", "user": {"token": "a-token-of-some-length"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(document))
    with in_environment({"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}):
        open_cluster(kubeconfig=str(path)).identity()
    httpd.shutdown()
    httpd.server_close()
    assert seen == [None, None]
