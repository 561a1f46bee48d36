"""What an exception of the connection means, as a value.

The exceptions of `requests` carry the request with its Authorization header, so none leaves this package:
their chain is searched for the telling one, and only that one's meaning goes on, in words of our own.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import urllib3.exceptions as urllib3_errors

from runbook_lib.model.registry_answer import Answer
from runbook_lib.sources.registry.wording import clean

_NAME_CODES = (62, 64)  # OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3}) ?(.*)", re.DOTALL)
_NO_BUNDLE = "Could not find a suitable TLS CA certificate bundle"
_NOT_TLS = re.compile(r"wrong.version.number|unknown.protocol|record.layer|http.request|packet.length", re.IGNORECASE)
_PROXY_WORDS = (
    (re.compile(r"no such host|not (be )?resol|lookup|\bdns\b|name or service", re.IGNORECASE), Answer.DNS),
    (re.compile(r"refused", re.IGNORECASE), Answer.REFUSED),
    (re.compile(r"time(d)?[ -]?out", re.IGNORECASE), Answer.TIMEOUT),
)
_MOST = 40
_E = TypeVar("_E", bound=BaseException)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no usable answer came: one of the outcomes, and a few words."""

    answer: Answer
    text: str


def explain(error: BaseException) -> Failure:
    """Returns what an exception of `requests`, `urllib3` or the socket means; never its own text."""
    chain = tuple(_chain(error))
    failure = _explain(chain)
    if failure.answer not in (Answer.TLS_NAME, Answer.TLS_UNTRUSTED) and _of(chain, urllib3_errors.ProxyError):
        return _at_proxy(chain, failure)
    return failure


def _explain(chain: tuple[BaseException, ...]) -> Failure:
    if tls := _of(chain, ssl.SSLCertVerificationError):
        answer = Answer.TLS_NAME if tls.verify_code in _NAME_CODES else Answer.TLS_UNTRUSTED
        return Failure(answer, clean(tls.verify_message or "the certificate does not verify", 200))
    if _of(chain, socket.gaierror, urllib3_errors.NameResolutionError):
        return Failure(Answer.DNS, "the host name has no address")
    if _of(chain, ConnectionRefusedError):
        return Failure(Answer.REFUSED, "the connection is refused")
    if _timed_out(chain):
        return Failure(Answer.TIMEOUT, "no answer within the time limit")
    if eof := _of(chain, ConnectionError, http.client.RemoteDisconnected, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        reset = isinstance(eof, ConnectionResetError) and not isinstance(eof, http.client.RemoteDisconnected)
        return Failure(Answer.REFUSED, "the connection is reset" if reset else "the connection is closed unanswered")
    if tls_other := _of(chain, ssl.SSLError):
        return _handshake(tls_other)
    if _of(chain, http.client.IncompleteRead, urllib3_errors.IncompleteRead, urllib3_errors.InvalidChunkLength):
        return Failure(Answer.MALFORMED, "the answer is cut short")
    if _of(chain, http.client.HTTPException, ValueError):
        return Failure(Answer.MALFORMED, "the answer is not HTTP, or the address is unusable")
    if any(str(e).startswith(_NO_BUNDLE) for e in chain):
        return Failure(Answer.TLS_UNTRUSTED, "the CA bundle that the environment names cannot be read")
    return Failure(Answer.REFUSED, "the host is not reached")


def _handshake(error: ssl.SSLError) -> Failure:
    reason = error.reason or str(error)
    if _NOT_TLS.search(reason):
        return Failure(Answer.MALFORMED, "what answers there does not speak TLS")
    if "UNRECOGNIZED_NAME" in reason.upper():
        return Failure(Answer.TLS_NAME, "the server does not serve this host name")
    if "CERTIFICATE" in reason.upper() or "PEM" in reason.upper():
        return Failure(Answer.TLS_UNTRUSTED, "the CA bundle cannot be read, or the certificate does not verify")
    return Failure(Answer.MALFORMED, clean(f"the TLS handshake fails: {reason}", 200))


def _at_proxy(chain: tuple[BaseException, ...], otherwise: Failure) -> Failure:
    """A proxy reports the failure behind it as a status of CONNECT, in words that differ between proxies."""
    tunnel = next((m for m in (_TUNNEL.search(str(e)) for e in chain if type(e) is OSError) if m), None)
    if not tunnel:
        return Failure(otherwise.answer, f"{otherwise.text} (at the proxy)")
    said = clean(f"{tunnel[1]} {tunnel[2]}", 200)
    text = f"the proxy answers {said}"
    for words, answer in _PROXY_WORDS:
        if words.search(tunnel[2]):
            return Failure(answer, text)
    return Failure(Answer.TIMEOUT if tunnel[1] == "504" else Answer.REFUSED, text)


def _timed_out(chain: tuple[BaseException, ...]) -> bool:
    """`NewConnectionError` is a kind of timeout only in urllib3's class tree."""
    return any(
        isinstance(e, TimeoutError)
        or (isinstance(e, urllib3_errors.TimeoutError) and not isinstance(e, urllib3_errors.NewConnectionError))
        or (isinstance(e, OSError) and "timed out" in str(e.strerror or "").lower())
        for e in chain
    )


def _of(chain: tuple[BaseException, ...], *kinds: type[_E]) -> _E | None:
    return next((e for e in chain if isinstance(e, kinds)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it holds: causes, contexts, urllib3's `reason`, and arguments."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < _MOST:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inside = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
        waiting += [e for e in inside if isinstance(e, BaseException)]
