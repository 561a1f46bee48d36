"""The lab's one port: a proxy that leads the lab's host names to an app, over real TCP and real TLS.

Unmodified clients reach it by the standard variables of `env` alone. Every host that is not the lab's is
refused, so that a mistake in practice cannot touch a real account. That holds for clients that use the proxy:
it is no sandbox.
"""

from __future__ import annotations

import os
import ssl
import tempfile
import threading
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from runbook_lib.lab.wire.authority import Authority, Flaw
from runbook_lib.lab.wire.connections import Connections
from runbook_lib.lab.wire.environment import client_environment
from runbook_lib.lab.wire.handler import Handler, failure
from runbook_lib.lab.wire.host_faults import HostFault, WrongCertificate
from runbook_lib.lab.wire.messages import App, Reply, Request
from runbook_lib.lab.wire.record import RequestRecord

LOCAL_NAMES = ("localhost", "127.0.0.1")


class WireServer(ThreadingHTTPServer):
    """The listening socket and what its handlers share."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.connections = Connections()
        self.ports = wire.ports
        self.tls = wire.authority.context(*LOCAL_NAMES)
        self.tls.sni_callback = self._choose_certificate
        super().__init__(("127.0.0.1", 0), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Takes note of the socket in the accepting thread, so that none can slip in after the server has
        stopped.
        """
        self.connections.add(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Writes nothing: a client that leaves early is no event."""

    def serves(self, host: str) -> bool:
        """Returns whether the host is one of the lab's."""
        return self._wire.serves(host)

    def host_fault(self, host: str) -> HostFault | None:
        """Returns what is wrong with the host, if anything."""
        return self._wire.host_fault(host)

    def note(self, record: RequestRecord) -> None:
        """Remembers a request."""
        self._wire.note(record)

    def answer(self, request: Request) -> Reply:
        """Returns the app's reply; its failure becomes a 500 and is kept for the test to see."""
        try:
            return self._wire.app(request)
        except Exception as error:
            self._wire.errors.append(error)
            return failure(error)

    def _choose_certificate(
        self, sock: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> int | None:
        if name is None or name in LOCAL_NAMES:
            return None
        name = name.lower()
        fault = self.host_fault(name)
        if not self.serves(name) or (fault and not isinstance(fault, WrongCertificate)):
            return int(ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
        flaw: Flaw = fault.kind if isinstance(fault, WrongCertificate) else ""
        sock.context = self._wire.authority.context(name, flaw=flaw)
        sock.server_name_indicated = name  # type: ignore[union-attr]  # read back by the handler
        return None


class Wire:
    """A CONNECT proxy and TLS server on 127.0.0.1 that answers for `hosts` with `app`; a context manager.

    `hosts` are names or patterns (`*.icr.io`); `ports` those that CONNECT may name; `host_faults` maps names
    or patterns to what is wrong with that host, the first that fits counts. `errors` holds what the app
    raised.
    """

    def __init__(
        self,
        app: App,
        hosts: Iterable[str],
        *,
        ports: Iterable[str] = ("443",),
        host_faults: Mapping[str, HostFault] | None = None,
    ) -> None:
        self.app = app
        self.hosts = tuple(host.lower() for host in hosts)
        self.ports = frozenset(ports)
        self.host_faults = dict(host_faults or {})
        self.authority = Authority()
        self.errors: list[Exception] = []
        self._records: list[RequestRecord] = []
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._server: WireServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._directory = tempfile.TemporaryDirectory(prefix="practice-lab-")
        self.authority.write(self._directory.name)
        self._server = WireServer(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._thread and self._directory:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server.connections.close_all()
            self._directory.cleanup()

    def serves(self, host: str) -> bool:
        """Returns whether the host is one of the lab's."""
        return any(fnmatchcase(host, pattern) for pattern in self.hosts)

    def host_fault(self, host: str) -> HostFault | None:
        """Returns what is wrong with the host, if anything."""
        return next((f for pattern, f in self.host_faults.items() if fnmatchcase(host, pattern)), None)

    def note(self, record: RequestRecord) -> None:
        """Remembers a request; called before the reply leaves, so that a client's next line can read it."""
        self._records.append(record)

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """What has reached the lab so far, in order."""
        return tuple(self._records)

    @property
    def port(self) -> int:
        """The loopback port; raises RuntimeError before the lab is entered."""
        if self._server is None:
            raise RuntimeError("the lab's network is not running: use it as a context manager")
        return int(self._server.server_address[1])

    @property
    def proxy_url(self) -> str:
        """The proxy's URL, for HTTPS_PROXY."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ca_file(self) -> str:
        """The path of the lab's CA certificate in PEM."""
        return self.authority.ca_file

    @property
    def env(self) -> dict[str, str]:
        """The variables that lead an unmodified client to the lab."""
        return client_environment(self.proxy_url, self.ca_file, os.path.dirname(self.ca_file))

    def environ(self, **extra: str) -> dict[str, str]:
        """Returns this process's environment with the lab's variables and `extra` on top, for a child
        process.
        """
        return {**os.environ, **self.env, **extra}
