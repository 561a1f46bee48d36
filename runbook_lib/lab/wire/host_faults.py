"""What can be wrong with a host as a whole: it is not found, not reached, or not who it says it is.

A client behind a proxy never sees the broken connection itself, but the proxy's account of it: a status (502,
503, 504) whose reason phrase says what happened. That phrase is what requests, curl and Go clients show, so
the lab puts the cause into it, and into the header `X-Lab-Fault` for programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FAULT_HEADER = "X-Lab-Fault"


@dataclass(frozen=True, slots=True)
class ConnectionRefused:
    """Nothing listens at the host: the proxy says 502, or with `close` hangs up without a word."""

    answer: Literal["gateway", "close"] = "gateway"


@dataclass(frozen=True, slots=True)
class NameNotFound:
    """The host has no address: the proxy says 503 as common proxies do for a failed look-up."""


@dataclass(frozen=True, slots=True)
class ConnectTimeout:
    """The host does not answer: CONNECT stays unanswered for `seconds`; then the proxy says 504."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class HandshakeTimeout:
    """The tunnel opens, but the TLS handshake stays unanswered for `seconds`."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class HandshakeReset:
    """The tunnel opens and is reset at once, as some firewalls do."""


@dataclass(frozen=True, slots=True)
class WrongCertificate:
    """The host shows a certificate that is expired, for another name, or of an authority nobody trusts."""

    kind: Literal["expired", "wrong-name", "foreign-authority"]


NetworkFault = ConnectionRefused | NameNotFound | ConnectTimeout
HandshakeFault = HandshakeTimeout | HandshakeReset
HostFault = NetworkFault | HandshakeFault | WrongCertificate


def proxy_answer(fault: NetworkFault) -> tuple[int, str, str]:
    """Returns the status, the reason phrase and the `X-Lab-Fault` word with which a proxy reports the
    fault.
    """
    if isinstance(fault, ConnectionRefused):
        return 502, "Bad Gateway (connect: connection refused)", "connection-refused"
    if isinstance(fault, NameNotFound):
        return 503, "Service Unavailable (lookup: no such host)", "no-such-host"
    return 504, "Gateway Timeout (connect: i/o timeout)", "timeout"
