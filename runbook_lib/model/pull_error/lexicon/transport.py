"""What Go's network code says of names, connections and TLS."""

from __future__ import annotations

from runbook_lib.model.pull_error.value import Detail, Kind, Phase

from .meaning import Meaning, Phrases, Weight, mean

_BARE = ('\x02": ', "\x02: ", "proxyconnect tcp: ")
"""Where Go puts the reason phrase of a proxy that refuses CONNECT: behind the address, without a status."""

_REFUSALS = ("forbidden", "access denied", "bad request", "method not allowed", "filtered", "urlblocked")
_FAILURES = ("bad gateway", "service unavailable", "gateway timeout", "gateway time-out", "internal server error")


def proxies() -> Phrases:
    """Gives the refusals of a proxy on the way: no registry's answer stands behind an address as bare words."""
    refused = Meaning(
        Kind.OTHER, Weight.TRANSPORT, Phase.CONNECT, Detail.PROXY, (Kind.NETWORK_TIMEOUT, Kind.ACCESS_DENIED)
    )
    failed = Meaning(
        Kind.SERVER_ERROR, Weight.TRANSPORT, Phase.CONNECT, Detail.PROXY, (Kind.OTHER, Kind.NETWORK_TIMEOUT)
    )
    yield from mean(refused, "proxy authentication required", "proxyauthenticationrequired")
    for before in _BARE:
        yield from mean(refused, *(before + reason for reason in _REFUSALS))
        yield from mean(failed, *(before + reason for reason in _FAILURES))


def transport() -> Phrases:
    """Gives what fails before a registry can answer at all."""
    weight = Weight.TRANSPORT
    yield from mean(
        Meaning(Kind.DNS, weight, Phase.DNS),
        "no such host", "server misbehaving", "temporary failure in name resolution",
        "name or service not known",
        "could not resolve", "no address associated with", "nodename nor servname", "no dns",
        "name does not resolve",
        "cannot unmarshal dns", "dns lookup", "failed to resolve host", "getaddrinfo", " enotfound", " eai_again",
    )  # fmt: skip
    yield from mean(Meaning(Kind.DNS, weight, Phase.DNS), "dial tcp: lookup ")
    yield from mean(
        Meaning(Kind.CONNECTION_REFUSED, weight, Phase.CONNECT),
        "connection refused",
        "actively refused",
        " econnrefused",
    )
    yield from mean(Meaning(Kind.CONNECTION_REFUSED, Weight.HINT, Phase.CONNECT), "registryunavailable")
    yield from mean(
        Meaning(Kind.NETWORK_TIMEOUT, weight, Phase.CONNECT),
        "i/o timeout", "connection timed out", "operation timed out",
        "did not properly respond after a period", " etimedout",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.NETWORK_TIMEOUT, weight),
        "client.timeout", "context deadline exceeded", "request canceled", "timeout awaiting response",
        "timed out",
        "timeout exceeded", "deadline exceeded", "timeoutexception", "read timeout", "connect timeout",
    )  # fmt: skip
    yield from mean(Meaning(Kind.OTHER, weight, also=(Kind.NETWORK_TIMEOUT,)), "timed out waiting for the condition")
    yield from mean(Meaning(Kind.NETWORK_TIMEOUT, weight, Phase.TLS), "tls handshake timeout")
    yield from mean(
        Meaning(Kind.NETWORK_TIMEOUT, weight, Phase.CONNECT, Detail.NO_ROUTE, (Kind.CONNECTION_REFUSED,
        Kind.OTHER)),
        "no route to host", "network is unreachable", "host is unreachable", "unreachable network",
        "unreachable host", " ehostunreach", " enetunreach",
        "network is down",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.OTHER, weight, None, Detail.CONNECTION_CUT, (Kind.NETWORK_TIMEOUT,
        Kind.CONNECTION_REFUSED)),
        "connection reset by peer", "broken pipe", "forcibly closed", "use of closed network connection",
        "server closed idle connection", "connection closed", "goaway", "stream error",
        "internal_error; received",
        "client connection lost", "connection aborted", " econnreset", "socket hang up", "connection force closed",
        "connection broken",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.OTHER, Weight.HINT, None, Detail.CONNECTION_CUT, (Kind.NETWORK_TIMEOUT,)),
        "unexpected eof", ": eof", "context canceled", "short read", "context cancelled",
    )  # fmt: skip
    yield from proxies()

    def tls(detail: Detail, also: tuple[Kind, ...], *phrases: str, weight: Weight = weight) -> Phrases:
        return mean(Meaning(Kind.TLS_UNTRUSTED, weight, Phase.TLS, detail, also), *phrases)

    yield from tls(
        Detail.TLS_UNKNOWN_AUTHORITY, (),
        "signed by unknown authority", "self-signed certificate", "self signed certificate",
        "unable to get local issuer",
        "certificate is not trusted", "unknown certificate authority", "tls: bad certificate",
        "certificate verify failed",
    )  # fmt: skip
    yield from tls(
        Detail.TLS_NAME_MISMATCH, (),
        "certificate is valid for", "is not valid for any names", "cannot validate certificate for",
        "any ip sans",
        "relies on legacy common name", "does not match host", "but wanted to match",
        "doesn't match either of", "' doesn't match '",
        "is not valid for host",
    )  # fmt: skip
    yield from tls(
        Detail.TLS_EXPIRED,
        (),
        "has expired or is not yet valid",
        "certificate has expired",
        "is not yet valid",
    )
    yield from tls(
        Detail.TLS_PLAIN_HTTP, (Kind.OTHER,),
        "server gave http response to https client", "first record does not look like a tls handshake",
        "http request to an https server", "wrong version number", "http request was sent to https port",
        "malformed http response",
    )  # fmt: skip
    yield from tls(
        Detail.TLS_HANDSHAKE, (Kind.OTHER,),
        "tls: handshake failure", "remote error: tls:", "tls: internal error",
        "protocol version not supported",
        "tls: oversized record", "tls: unrecognized name", "ssl_error", "local error: tls:",
    )  # fmt: skip
    yield from tls(Detail.TLS_HANDSHAKE, (Kind.OTHER,), ": tls: ", weight=Weight.HINT)
    yield from tls(
        Detail.TLS_UNKNOWN_AUTHORITY, (), "x509:", "failed to verify certificate",
        "certificate is not standards compliant",
        weight=Weight.CODE,
    )  # fmt: skip
