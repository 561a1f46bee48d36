"""The emulated API server as one context manager: bound when it starts, gone with all its threads when it
ends.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from .kubeconfig import write_kubeconfig
from .store import ObjectStore
from .users import User
from .wire import Fault, RequestRecord, WireServer


class KubeServer:
    """Serves a store over TLS on 127.0.0.1 to the users whose bearer tokens it is given.

    `users` is read at every request, so that a test may let a token expire. `ca` lets several servers of a
    lab share one certificate authority; without it the server makes its own. Ending the server ends the
    store's watches too.
    """

    def __init__(self, store: ObjectStore, users: Mapping[str, User], *, ca: trustme.CA | None = None) -> None:
        self.store = store
        self._users = users
        self._ca = ca or trustme.CA(organization_name="practice lab")
        self.ca_pem: bytes = self._ca.cert_pem.bytes()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._ca.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        self._context = context
        self._wire: WireServer | None = None
        self._thread: threading.Thread | None = None
        self._fault: Fault | None = None

    def __enter__(self) -> Self:
        wire = WireServer(self._context, self.store, self._users)
        wire.fault = self._fault
        self._wire = wire
        self._thread = threading.Thread(
            target=wire.serve_forever, kwargs={"poll_interval": 0.05}, name="lab-kube", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wire = self._running
        wire.shutdown()
        if self._thread is not None:
            self._thread.join()
        wire.server_close()
        self.store.close()
        wire.end_connections()

    @property
    def _running(self) -> WireServer:
        if self._wire is None:
            raise RuntimeError("the server has not been started; use it in a with statement")
        return self._wire

    @property
    def port(self) -> int:
        """The port that the system chose."""
        return int(self._running.server_address[1])

    @property
    def url(self) -> str:
        """Where clients find the server."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """Every request answered so far, in the order of their answers."""
        return tuple(self._running.records)

    @property
    def defects(self) -> tuple[Exception, ...]:
        """Errors of the emulator itself, which clients saw as 500; a test may demand that there are none."""
        return tuple(self._running.defects)

    def forget_requests(self) -> None:
        """Starts the log of requests anew."""
        self._running.records.clear()

    @property
    def fault(self) -> Fault | None:
        """Asked before each request is answered; None for a server that works."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault | None) -> None:
        self._fault = fault
        if self._wire is not None:
            self._wire.fault = fault

    def kubeconfig(
        self, path: Path, contexts: Mapping[str, str], *, namespace: str | None = None, cluster: str = "lab"
    ) -> Path:
        """Writes a kubeconfig whose contexts (name → token) lead here; the first one is current."""
        return write_kubeconfig(Path(path), self.url, self.ca_pem, contexts, namespace, cluster)
