"""Words that Go's network and registry packages give to every runtime."""

from __future__ import annotations

import zlib
from urllib.parse import urlsplit

from runbook_lib.lab.kubelet.failure import Transport, TransportFailure

DNS_SERVER = "172.21.0.10:53"
_KNOWN_CODES = frozenset(
    {
        "UNKNOWN",
        "UNSUPPORTED",
        "UNAUTHORIZED",
        "DENIED",
        "UNAVAILABLE",
        "TOOMANYREQUESTS",
        "NAME_INVALID",
        "NAME_UNKNOWN",
        "TAG_INVALID",
        "DIGEST_INVALID",
        "SIZE_INVALID",
        "BLOB_UNKNOWN",
        "MANIFEST_UNKNOWN",
        "MANIFEST_INVALID",
        "MANIFEST_UNVERIFIED",
        "MANIFEST_BLOB_UNKNOWN",
    }
)


def request_error(failure: TransportFailure) -> str:
    """Gives the error of an HTTP request that had no answer: method, address, cause."""
    return f'{failure.method.capitalize()} "{failure.url}": {cause(failure)}'


def cause(failure: TransportFailure) -> str:
    """Gives the cause alone, as Go's dialer or TLS handshake words it."""
    url = urlsplit(failure.url)
    host, port = url.hostname or "", url.port or 443
    match failure.reason:
        case Transport.DNS:
            return f"dial tcp: lookup {host} on {DNS_SERVER}: no such host"
        case Transport.REFUSED:
            return f"dial tcp {address(host)}:{port}: connect: connection refused"
        case Transport.TIMEOUT:
            return f"dial tcp {address(host)}:{port}: i/o timeout"
        case Transport.TLS_UNTRUSTED:
            return "tls: failed to verify certificate: x509: certificate signed by unknown authority"
        case Transport.TLS_NAME:
            other = failure.certificate_name
            valid = (
                f"valid for {other}, not {host}" if other else f"not valid for any names, but wanted to match {host}"
            )
            return f"tls: failed to verify certificate: x509: certificate is {valid}"


def address(host: str) -> str:
    """Gives a host the same address every time, out of the range that is kept for examples (RFC 5737)."""
    return f"198.51.100.{zlib.crc32(host.encode()) % 253 + 1}"


def registry_error(errors: tuple[tuple[str, str], ...]) -> str:
    """Gives a registry's own errors as Go's registry packages print them; empty where the body held none."""
    lines = [f"{code_words(code)}: {message}" for code, message in errors]
    if len(lines) < 2:
        return "".join(lines)
    return "errors:\n" + "".join(f"{line}\n" for line in lines)


def code_words(code: str) -> str:
    """Gives an error code in lower case with spaces; a code that the specification lacks is "unknown"."""
    return code.lower().replace("_", " ") if code in _KNOWN_CODES else "unknown"
