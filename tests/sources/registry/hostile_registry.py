"""A registry that answers as a test tells it, honestly or not, on a loopback port of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True)
class Reply:
    """One answer. `pieces` sends a body as it comes, without a length, or with `headless` everything from the
    status line on; `raw` are all the bytes there are.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    pieces: Callable[[threading.Event], Iterator[bytes]] | None = None
    raw: bytes | None = None
    headless: bool = False

    def with_headers(self, **headers: str) -> Reply:
        """Returns the same answer with further headers; `_` stands for `-`."""
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Reply(self.status, self.body, (*self.headers, *more), self.pieces, self.raw, self.headless)


@dataclass(frozen=True)
class Seen:
    """One request that arrived."""

    method: str
    path: str
    authorization: str
    body: bytes = b""
    range: str = ""

    @property
    def credential(self) -> str:
        """`username:password` of Basic, or the header as it came."""
        scheme, _, rest = self.authorization.partition(" ")
        return base64.b64decode(rest).decode() if scheme == "Basic" else self.authorization


Route = Reply | Callable[[Seen], Reply]


def json_reply(document: object, status: int = 200, content_type: str = "application/json") -> Reply:
    """Returns an answer in JSON."""
    return Reply(status, json.dumps(document).encode(), (("Content-Type", content_type),))


def error(status: int, code: str, message: str = "") -> Reply:
    """Returns an error in the distribution API's form."""
    return json_reply({"errors": [{"code": code, "message": message}]}, status)


def html(status: int, text: str = "Welcome to the guest network") -> Reply:
    """Returns a web page."""
    return Reply(status, f"<html><body>{text}</body></html>".encode(), (("Content-Type", "text/html"),))


def digest_of(body: bytes) -> str:
    """Returns the sha256 digest as registries write it."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def endless(stop: threading.Event) -> Iterator[bytes]:
    """Bytes without end."""
    while not stop.is_set():
        yield b" " * 65536


def drip(stop: threading.Event) -> Iterator[bytes]:
    """A byte every 50 ms, so that no single read ever waits for long."""
    while not stop.wait(0.05):
        yield b" "


def silence(stop: threading.Event) -> Iterator[bytes]:
    """Nothing, for as long as anyone waits."""
    stop.wait(5)
    yield b""


@dataclass
class HostileRegistry:
    """Routes by path without its query; all else is 404. Remembers every request. A context manager."""

    routes: dict[str, Route] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    seen: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, self._stop))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if self.tls:
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def port(self) -> int:
        """The port on loopback."""
        return int(self._server.server_address[1])

    @property
    def authority(self) -> str:
        """Host and port, as an image names the registry."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"{'https' if self.tls else 'http'}://{self.authority}"

    @property
    def credentials_seen(self) -> list[Seen]:
        """The requests that carried anything secret."""
        return [request for request in self.seen if request.authorization or b"password" in request.body]


def _handler(registry: HostileRegistry, stop: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 10

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen = Seen(
                self.command,
                self.path,
                self.headers.get("Authorization", ""),
                body,
                self.headers.get("Range", ""),
            )
            registry.seen.append(seen)
            route = registry.routes.get(self.path.partition("?")[0], error(404, "NOT_FOUND"))
            self._send(route if isinstance(route, Reply) else route(seen))

        def _send(self, reply: Reply) -> None:
            if reply.raw is not None:
                self.wfile.write(reply.raw)
                self.close_connection = True
                return
            if reply.headless and reply.pieces:
                self._stream(reply.pieces)
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            if reply.pieces:
                self.send_header("Connection", "close")
                self.end_headers()
                self._stream(reply.pieces)
                return
            if not any(name.lower() == "content-length" for name, _ in reply.headers):
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def _stream(self, pieces: Callable[[threading.Event], Iterator[bytes]]) -> None:
            self.close_connection = True
            for piece in pieces(stop):
                self.wfile.write(piece)

        do_GET = do_HEAD = do_POST = _answer

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
