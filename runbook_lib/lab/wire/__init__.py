"""The lab's wire: real host names over loopback for unmodified clients.

`Wire(app, hosts)` is one port that is a CONNECT proxy and a TLS server; an app is a function from `Request`
to `Reply`. Faults are values: of a host (`host_faults`), of a reply's delivery (`delivery`), of single
replies (`injection`).
"""

from runbook_lib.lab.wire.authority import Authority
from runbook_lib.lab.wire.delivery import (
    WHOLE,
    Delivery,
    Drip,
    Endless,
    Hang,
    Reset,
    Truncate,
    Whole,
    gzip_bomb,
)
from runbook_lib.lab.wire.host_faults import (
    FAULT_HEADER,
    ConnectionRefused,
    ConnectTimeout,
    HandshakeReset,
    HandshakeTimeout,
    HostFault,
    NameNotFound,
    WrongCertificate,
)
from runbook_lib.lab.wire.injection import Fault, FaultyApp
from runbook_lib.lab.wire.messages import App, Reply, Request, json_reply, text_reply
from runbook_lib.lab.wire.record import RequestRecord
from runbook_lib.lab.wire.server import Wire

__all__ = [
    "FAULT_HEADER",
    "WHOLE",
    "App",
    "Authority",
    "ConnectTimeout",
    "ConnectionRefused",
    "Delivery",
    "Drip",
    "Endless",
    "Fault",
    "FaultyApp",
    "HandshakeReset",
    "HandshakeTimeout",
    "Hang",
    "HostFault",
    "NameNotFound",
    "Reply",
    "Request",
    "RequestRecord",
    "Reset",
    "Truncate",
    "Whole",
    "Wire",
    "WrongCertificate",
    "gzip_bomb",
    "json_reply",
    "text_reply",
]
