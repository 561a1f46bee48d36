"""Puts a reply on a connection in the way its delivery says."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from threading import Event

from runbook_lib.lab.wire.delivery import Drip, Endless, Hang, Reset, Truncate
from runbook_lib.lab.wire.messages import Reply


def send(handler: BaseHTTPRequestHandler, reply: Reply, stopping: Event) -> None:
    """Writes `reply` to the handler's connection; raises OSError when the client has left."""
    match reply.delivery:
        case Hang(seconds):
            handler.close_connection = True
            stopping.wait(seconds)
        case Reset():
            reset(handler)
        case Truncate(keep):
            _send_head(handler, reply, ("Content-Length", str(len(reply.body))))
            handler.wfile.write(reply.body[:keep])
            handler.close_connection = True
        case Drip(seconds, size):
            _send_head(handler, reply, ("Content-Length", str(len(reply.body))))
            _drip(handler, reply.body, seconds, size, stopping)
        case Endless(seconds, pause):
            _send_head(handler, reply, ("Transfer-Encoding", "chunked"))
            _repeat(handler, reply.body or b" " * 4096, seconds, pause, stopping)
        case _:
            _send_head(handler, reply, ("Content-Length", str(len(reply.body))))
            if handler.command != "HEAD":
                handler.wfile.write(reply.body)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Ends the connection with a TCP reset in place of an orderly close."""
    handler.close_connection = True
    with contextlib.suppress(OSError):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for end in (handler.rfile, handler.wfile, handler.connection):
        with contextlib.suppress(OSError, ValueError):
            end.close()


def _send_head(handler: BaseHTTPRequestHandler, reply: Reply, length: tuple[str, str]) -> None:
    handler.send_response(reply.status)
    for name, value in reply.headers:
        handler.send_header(name, value)
    if reply.status not in (204, 304) and not reply.header("content-length"):
        handler.send_header(*length)
    handler.end_headers()


def _drip(handler: BaseHTTPRequestHandler, body: bytes, seconds: float, size: int, stopping: Event) -> None:
    for start in range(0, len(body), size):
        handler.wfile.flush()
        if stopping.wait(seconds):
            break
        handler.wfile.write(body[start : start + size])


def _repeat(handler: BaseHTTPRequestHandler, body: bytes, seconds: float, pause: float, stopping: Event) -> None:
    end = time.monotonic() + seconds
    handler.close_connection = True
    while time.monotonic() < end and not stopping.wait(pause):
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
        handler.wfile.flush()
