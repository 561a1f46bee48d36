"""The wire: HTTP/1.1 over TLS on loopback, one thread a connection, with a log of requests and a hook for
faults.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .api import KubeApi, refusal_reply
from .refusals import ApiRefusal, bad_request
from .request import Reply, Request, parse
from .store import ObjectStore
from .users import User


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One answered request, for tests that prove what a client asked; `user` is empty where none was
    recognised.
    """

    time: datetime
    user: str
    verb: str
    resource: str
    namespace: str
    name: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class FaultReply:
    """What goes wrong with one answer.

    With `status` the given answer is sent in place of the true one; `hang` waits that many seconds first;
    `reset` ends the connection without an answer; `truncate` sends only so many bytes of the body that
    Content-Length announces.
    """

    status: int | None = None
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())
    hang: float = 0.0
    reset: bool = False
    truncate: int | None = None


Fault = Callable[[Request], FaultReply | None]


class WireServer(ThreadingHTTPServer):
    """Accepts connections and keeps what the handlers share."""

    daemon_threads = True
    block_on_close = False  # handlers are woken and joined by `end_connections`
    request_queue_size = 128

    def __init__(self, context: ssl.SSLContext, store: ObjectStore, users: Mapping[str, User]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.context = context
        self.catalogue = store.catalogue
        self.clock = store.clock
        self.api = KubeApi(store, users, f"127.0.0.1:{self.server_address[1]}")
        self.fault: Fault | None = None
        self.records: list[RequestRecord] = []
        self.defects: list[Exception] = []
        self.stopping = threading.Event()
        self._live: dict[threading.Thread, socket.socket] = {}
        self._guard = threading.Lock()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves one connection, known to the server from the first moment so that a stop finds it."""
        with self._guard:
            if self.stopping.is_set():
                request.close()
                return
            self._live[threading.current_thread()] = request
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._live.pop(threading.current_thread(), None)

    def upgraded(self, connection: socket.socket) -> None:
        """Remembers the TLS socket in place of the plain one that it detached."""
        with self._guard:
            self._live[threading.current_thread()] = connection

    def end_connections(self, patience: float = 5.0) -> None:
        """Wakes every handler that waits on its client and waits for it to end."""
        self.stopping.set()
        with self._guard:
            live = list(self._live.items())
        for _, connection in live:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread, _ in live:
            thread.join(patience)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no error of the server."""


class _Handler(BaseHTTPRequestHandler):
    server: WireServer
    connection: socket.socket
    protocol_version = "HTTP/1.1"
    server_version = "kube-apiserver"
    sys_version = ""
    disable_nagle_algorithm = True  # with unbuffered writes, Nagle's algorithm costs 40 ms an answer
    wbufsize = -1
    timeout = 60

    def handle(self) -> None:
        try:
            wrapped = self.server.context.wrap_socket(self.connection, server_side=True, do_handshake_on_connect=False)
            self.connection = wrapped
            self.server.upgraded(wrapped)  # before the handshake: a client may never finish it
            wrapped.do_handshake()
            self.rfile = self.connection.makefile("rb", -1)
            self.wfile = self.connection.makefile("wb", -1)
            super().handle()
        except OSError:  # the client went away, or did not trust the certificate
            self.close_connection = True

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.connection.close()

    def _answer(self) -> None:
        headers = {key.lower(): value for key, value in self.headers.items()}
        groups = tuple(self.headers.get_all("Impersonate-Group") or ())
        request = Request(self.command, self.path, {}, headers, b"")
        try:
            body = self._body()
            request = parse(self.server.catalogue, self.command, self.path, headers, body, groups)
            fault = self.server.fault(request) if self.server.fault else None
            if fault is not None and self._faulty(request, fault):
                return
            request = self.server.api.identify(request)
            reply = self.server.api.handle(request)
        except ApiRefusal as refusal:
            fault, reply = None, refusal_reply(refusal)
        except OSError:
            raise
        except Exception as defect:
            self.server.defects.append(defect)
            internal = ApiRefusal(500, "InternalError", f"Internal error occurred: {type(defect).__name__}")
            fault, reply = None, refusal_reply(internal)
        self._record(request, reply.status)
        if reply.stream is None:
            self._send(reply, (), None if fault is None else fault.truncate)
        else:
            self._stream(reply, reply.stream())

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - http.server's names

    def _body(self) -> bytes:
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            self.close_connection = True
            raise ApiRefusal(411, "", "the lab reads bodies with a Content-Length only")
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit():
            self.close_connection = True
            raise bad_request("bad Content-Length")
        return self.rfile.read(int(length))

    def _faulty(self, request: Request, fault: FaultReply) -> bool:
        """Does what the fault says; False when the true answer is still to be sent."""
        if fault.hang and self.server.stopping.wait(fault.hang):
            self.close_connection = True
            return True
        if fault.reset:
            self._record(request, 0)
            self.close_connection = True
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return True
        if fault.status is None:
            return False
        self._record(request, fault.status)
        self._send(Reply(fault.status, fault.body), fault.headers, fault.truncate)
        return True

    def _send(self, reply: Reply, headers: tuple[tuple[str, str], ...], truncate: int | None) -> None:
        self.send_response(reply.status)
        given = {key.lower() for key, _ in headers}
        if "content-type" not in given:
            self.send_header("Content-Type", reply.content_type)
        for key, value in headers:
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if truncate is not None:
            self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(reply.body if truncate is None else reply.body[:truncate])

    def _stream(self, reply: Reply, pieces: Iterator[bytes]) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for piece in pieces:
            if piece:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            elif self._client_gone():
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def _client_gone(self) -> bool:
        """Whether the client has closed, asked while nothing is to be sent (a client of a watch sends
        nothing).
        """
        self.connection.settimeout(0)
        try:
            return self.connection.recv(1) == b""
        except (ssl.SSLWantReadError, BlockingIOError):
            return False
        except OSError:
            return True
        finally:
            self.connection.settimeout(self.timeout)

    def _record(self, request: Request, status: int) -> None:
        resource = request.resource
        plural = "" if resource is None else resource.plural
        if plural and request.subresource:
            plural += f"/{request.subresource}"
        name = request.user.name if request.user else ""
        place = (request.namespace, request.name, request.path)
        self.server.records.append(RequestRecord(self.server.clock(), name, request.verb, plural, *place, status))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written to standard error; `records` is the log."""
