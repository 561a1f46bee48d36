"""One connection to the lab: a CONNECT, then TLS on the same socket, then requests until either side closes.

The tunnel is not spliced to a second port: after CONNECT the same socket is wrapped in TLS and the same
keep-alive loop goes on, which costs nothing a request. A client that comes with TLS at once (curl
--connect-to, --resolve) is served too; its host is then that of SNI.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from runbook_lib.lab.wire.host_faults import (
    FAULT_HEADER,
    ConnectionRefused,
    ConnectTimeout,
    HandshakeReset,
    HandshakeTimeout,
    NameNotFound,
    NetworkFault,
    proxy_answer,
)
from runbook_lib.lab.wire.messages import Reply, Request, text_reply
from runbook_lib.lab.wire.record import event, record_of
from runbook_lib.lab.wire.sending import reset, send

if TYPE_CHECKING:
    from runbook_lib.lab.wire.server import WireServer

MAX_BODY = 4 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Serves one connection; `tunnel` is the host once the connection is inside TLS."""

    protocol_version = "HTTP/1.1"
    server_version = "practice-lab"
    sys_version = ""
    disable_nagle_algorithm = True  # with unbuffered writes, Nagle and delayed ACK cost 40 ms a reply
    wbufsize = -1  # headers and body leave in one write; flushed after each request
    timeout = 60  # an idle or half-made connection cannot hold a thread for ever
    tunnel = ""

    @property
    def wire(self) -> WireServer:
        """The server of this connection, in its own type."""
        return cast("WireServer", self.server)

    def handle(self) -> None:
        """Serves the connection until it ends; a failure of the transport ends it without a trace
        elsewhere.
        """
        try:
            if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":
                self._start_tls("")
            super().handle()
        except (ssl.SSLError, OSError, ValueError) as error:
            if isinstance(error, ssl.SSLError):
                self.wire.note(event(self.tunnel, "TLS", 0, error.reason or "handshake failed"))

    def finish(self) -> None:
        """Closes the connection: wrapping detached the socket that the server would try to close."""
        self.wire.connections.discard(self.connection)
        with contextlib.suppress(OSError, ValueError):
            super().finish()
        with contextlib.suppress(OSError):
            self.connection.close()

    def do_CONNECT(self) -> None:
        """Opens a tunnel to one of the lab's hosts, or refuses it as the host's fault demands."""
        host, _, port = self.path.rpartition(":")
        host = host.strip("[]").lower()
        if self.tunnel or port not in self.wire.ports or not self.wire.serves(host):
            self._refuse_tunnel(host, 403, "Forbidden", "host-not-in-lab")
            return
        fault = self.wire.host_fault(host)
        if isinstance(fault, ConnectionRefused | NameNotFound | ConnectTimeout):
            self._fail_connect(host, fault)
            return
        self.wire.note(event(host, "CONNECT", 200))
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        if isinstance(fault, HandshakeReset):
            reset(self)
        elif isinstance(fault, HandshakeTimeout):
            self.close_connection = True
            self.wire.connections.stopping.wait(fault.seconds)
        else:
            self._start_tls(host)
            self.close_connection = False

    def _fail_connect(self, host: str, fault: NetworkFault) -> None:
        status, reason, word = proxy_answer(fault)
        if isinstance(fault, ConnectionRefused) and fault.answer == "close":
            self.wire.note(event(host, "CONNECT", 0, word))
            reset(self)
            return
        if isinstance(fault, ConnectTimeout):
            self.wire.connections.stopping.wait(fault.seconds)
        self._refuse_tunnel(host, status, reason, word)

    def _refuse_tunnel(self, host: str, status: int, reason: str, word: str) -> None:
        self.wire.note(event(host, "CONNECT", status, word))
        body = f"{host}: {word}\n".encode()
        self.send_response(status, reason)
        self.send_header(FAULT_HEADER, word)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _start_tls(self, host: str) -> None:
        self.tunnel = host
        plain = self.connection
        tls = self.wire.tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self.wire.connections.replace(plain, tls)
        self.connection = tls
        tls.do_handshake()
        self.tunnel = getattr(tls, "server_name_indicated", "") or host or "localhost"
        self.rfile = tls.makefile("rb", -1)
        self.wfile = tls.makefile("wb", -1)

    def _answer(self) -> None:
        body = self._read_body()
        target = urlsplit(self.path)
        if not self.tunnel:
            self.wire.note(event(target.hostname or "", self.command, 403, "plain-http"))
            send(self, text_reply(403, "the lab has no plain http\n"), self.wire.connections.stopping)
            return
        # a header may be repeated (the docker CLI sends one Accept a media type)
        headers = {name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers}
        request = Request(self.tunnel, self.command, target.path or "/", target.query, headers, body)
        reply = self.wire.answer(request)
        self.wire.note(record_of(request, reply.status, type(reply.delivery).__name__.lower()))
        send(self, reply, self.wire.connections.stopping)

    def _read_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        body = b""
        while size := int(self.rfile.readline(64).split(b";")[0] or b"0", 16):
            body += self.rfile.read(min(size, MAX_BODY - len(body)))
            self.rfile.readline(64)
        self.rfile.readline(64)
        return body

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Writes nothing: the records say what happened."""


def failure(error: Exception) -> Reply:
    """Returns the reply for a defect of the lab itself, so that the client does not hang on it."""
    return text_reply(500, f"the lab failed: {type(error).__name__}\n")
