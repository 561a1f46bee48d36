"""Terminals, logs and JSON bend a message; what it says stays."""

from __future__ import annotations

import json

import pytest

from runbook_lib.model.pull_error import CredentialSent, Kind, parse

PLAIN = (
    'Failed to pull image "us.icr.io/shop/web:1": rpc error: code = Unknown desc = failed to pull and '
    "unpack image "
    '"us.icr.io/shop/web:1": failed to resolve reference "us.icr.io/shop/web:1": failed to authorize: '
    "failed to fetch "
    "anonymous token: unexpected status from GET request to "
    "https://us.icr.io/oauth/token?scope=repository%3Ashop%2Fweb"
    "%3Apull&service=registry: 401 Unauthorized"
)
BENT = {
    "JSON string": json.dumps(PLAIN),
    "JSON in JSON": json.dumps(json.dumps(PLAIN)),
    "JSON object": json.dumps({"level": "error", "message": PLAIN}),
    "kubelet's log": f'E0101 10:00:00.0 7 x.go:1] "PullImage failed" err={json.dumps(PLAIN)} '
    'image="us.icr.io/shop/web:1"',
    "colours": "\x1b[31mWarning\x1b[0m " + PLAIN.replace("failed", "\x1b[1mfailed\x1b[0m"),
    "hard line breaks between words": PLAIN.replace(" ", "\n    ", 20),
    "hard line breaks anywhere": "\n".join(PLAIN[at : at + 61] for at in range(0, len(PLAIN), 61)),
    "typographic quotes": PLAIN.replace('"', "“", 1).replace('"', "”", 1),
    "HTML": PLAIN.replace('"', "&quot;").replace("&service", "&amp;service"),
    "zero-width characters": PLAIN.replace("code", "\u200bcode\ufeff"),
    "capitals": PLAIN.replace("failed", "Failed"),
    "a quotation": "\n".join(f"> {line}" for line in PLAIN.replace(": ", ":\n").splitlines()),
    "a frame": "\n".join(f"\u2502 {PLAIN[at : at + 61]}" for at in range(0, len(PLAIN), 61)),
    "YAML continuation": PLAIN.replace("desc = ", 'desc\\\n        \\ = '),
}  # fmt: skip


@pytest.mark.parametrize("message", BENT.values(), ids=BENT)
def test_a_bent_message_says_the_same(message: str) -> None:
    """Kind, status, credential and registry survive what a message goes through."""
    error = parse(message)
    assert (error.kind, error.status, error.credential_sent, error.registry) == (
        Kind.UNAUTHORIZED,
        401,
        CredentialSent.NO,
        "us.icr.io",
    )


@pytest.mark.parametrize(
    ("tail", "kind"),
    [
        ("dial tcp 192.0.2.1:443: connect: connection refu", Kind.CONNECTION_REFUSED),
        ("dial tcp 192.0.2.1:443: i/o timeo", Kind.NETWORK_TIMEOUT),
        ("x509: certificate signed by unkno", Kind.TLS_UNTRUSTED),
        ("net/http: request canceled (Client.Timeout exceeded while awaiting", Kind.NETWORK_TIMEOUT),
    ],
)
def test_a_cut_message_is_completed(tail: str, kind: Kind) -> None:
    """Where all that may follow agrees, the kind is told."""
    assert (
        parse(f'Failed to pull image "r.example/x:1": Head "https://r.example/v2/x/manifests/1": {tail}').kind is kind
    )


def test_a_cut_is_told() -> None:
    """A message that ends in dots is marked as cut, a whole one is not."""
    assert parse("failed to authorize: failed to fetch oauth token: unexpected status from GET request to...").truncated
    assert not parse(PLAIN).truncated


def test_both_ends_of_a_long_text_are_read() -> None:
    """A text of a megabyte is read at its two ends, and says so."""
    error = parse(f"{'x ' * 500_000}{PLAIN}")
    assert (error.kind, error.truncated) == (Kind.UNAUTHORIZED, True)
    assert parse(f"{PLAIN} {'x ' * 500_000}").kind is Kind.UNAUTHORIZED
