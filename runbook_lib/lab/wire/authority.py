"""The lab's certificate authority: real certificates for real host names, trusted only by those who are told
to.

Certificates are issued when a host is first asked for, so that a pattern such as `*.icr.io` costs nothing,
and may be issued wrongly on purpose (expired, other name, foreign authority) so that clients give their true
messages.
"""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import trustme

Flaw = Literal["", "expired", "wrong-name", "foreign-authority"]


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


class Authority:
    """Issues server contexts by host name, each signed by one authority made for this lab.

    `pem` is its public certificate, `ca_file` the path where `write` has put it.
    """

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="Practice lab", organization_unit_name="not for production")
        self._foreign: trustme.CA | None = None
        self._contexts: dict[tuple[tuple[str, ...], Flaw], ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.pem: bytes = self._ca.cert_pem.bytes()
        self.ca_file = ""

    def write(self, directory: str | Path) -> str:
        """Writes the public certificate to `directory`/ca.pem and returns its path."""
        path = Path(directory) / "ca.pem"
        path.write_bytes(self.pem)
        self.ca_file = str(path)
        return self.ca_file

    def context(self, *hosts: str, flaw: Flaw = "") -> ssl.SSLContext:
        """Returns the server context whose certificate names `hosts`, issued at the first call."""
        with self._lock:
            key = (hosts, flaw)
            if key not in self._contexts:
                context = _server_context()
                self._issue(hosts, flaw).configure_cert(context)
                self._contexts[key] = context
            return self._contexts[key]

    def _issue(self, hosts: tuple[str, ...], flaw: Flaw) -> trustme.LeafCert:
        if flaw == "expired":
            past = datetime.now(UTC) - timedelta(days=2)
            return self._ca.issue_cert(*hosts, not_before=past - timedelta(days=90), not_after=past)
        if flaw == "wrong-name":
            return self._ca.issue_cert("another-host.invalid")
        if flaw == "foreign-authority":
            self._foreign = self._foreign or trustme.CA(organization_name="Somebody else")
            return self._foreign.issue_cert(*hosts)
        return self._ca.issue_cert(*hosts)
