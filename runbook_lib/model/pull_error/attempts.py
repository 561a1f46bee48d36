"""Messages that hold several errors: which of them is about the pull of this image.

The kubelet joins one error a credential into ``[A, B]``; containers/image puts mirrors first, as
``(Mirrors also failed: [mirror: A]): primary: B``; CRI-O tries an image as an artifact too and writes both.
"""

from __future__ import annotations

from .value import CredentialSent, Kind, PullError

_OPENERS = (
    "rpc error: code", "failed to pull", "unable to pull", "error response from daemon",
    "initializing source", "reading manifest",
    "pinging container", "unable to retrieve auth", "requesting bear", "copying system", "choosing image",
    "error reading manifest",
    "error initializing", "unable to parse auth", "unauthorized: ", "denied: ", "toomanyrequests",
    "manifest unknown", "get \"http",
    "head \"http", "get http", "registryunavailable", "signaturevalidationfailed", "unexpected status",
    "failed to resolve",
)  # fmt: skip
_MIRRORS, _MIRRORS_END = "(mirrors also failed: [", "]): "
_ARTIFACT = "; artifact err: "
_MOST = 16
_MOST_BRACKETS = 256
_TELLING = (
    Kind.OTHER, Kind.SERVER_ERROR, Kind.MISSING_SECRET, Kind.INVALID_SECRET, Kind.UNAUTHORIZED,
    Kind.CONNECTION_REFUSED,
    Kind.NETWORK_TIMEOUT, Kind.DNS, Kind.TLS_UNTRUSTED, Kind.RATE_LIMITED, Kind.ACCESS_DENIED,
)  # fmt: skip
"""From the least telling attempt upwards; a kind not named here tells the most (it came further than any
refusal)."""


def without_rivals(text: str, low: str) -> tuple[str, tuple[str, ...]]:
    """Drops what was said of mirrors and of the image as an artifact, and names the layers dropped."""
    dropped: list[str] = []
    artifact = low.find(_ARTIFACT)
    if artifact >= 0:
        text, low = text[:artifact], low[:artifact]
        dropped.append("cri-o:artifact")
    start = low.find(_MIRRORS)
    end = low.find(_MIRRORS_END, start) if start >= 0 else -1
    if end >= 0:
        text = text[:start] + text[end + len(_MIRRORS_END) :]
        dropped.append("containers-image:mirrors")
    return text, tuple(dropped)


def split_attempts(text: str, low: str) -> tuple[str, list[str]] | None:
    """Gives what stands before the bracket and the errors in it; None where no list of errors is found."""
    bracket = low.find("[")
    for _ in range(_MOST_BRACKETS):
        if bracket < 0 or low.startswith(_OPENERS, bracket + 1):
            break
        bracket = low.find("[", bracket + 1)
    else:
        return None
    if bracket < 0:
        return None
    closing = _closing(low, bracket)
    body, body_low = text[bracket + 1 : closing], low[bracket + 1 : closing]
    parts: list[str] = []
    start = comma = 0
    while len(parts) < _MOST:
        comma = body_low.find(", ", comma)
        if comma < 0:
            break
        if body_low.startswith(_OPENERS, comma + 2):
            parts.append(body[start:comma])
            start = comma + 2
        comma += 2
    parts.append(body[start:])
    return (text[:bracket], parts) if len(parts) > 1 else None


def most_telling(attempts: tuple[PullError, ...]) -> PullError:
    """Of several attempts, the one that came furthest speaks for all: a refused login hides what lies behind
    it."""
    return max(attempts, key=_telling)


def sent_in_all(attempts: tuple[PullError, ...]) -> CredentialSent:
    """The kubelet lists attempts only where several credentials matched, so one was offered unless a line
    denies it."""
    told = {attempt.credential_sent for attempt in attempts}
    if CredentialSent.YES in told or told == {CredentialSent.UNKNOWN}:
        return CredentialSent.YES
    return CredentialSent.NO if told == {CredentialSent.NO} else CredentialSent.UNKNOWN


def _telling(attempt: PullError) -> int:
    return _TELLING.index(attempt.kind) if attempt.kind in _TELLING else len(_TELLING)


def _closing(low: str, bracket: int) -> int:
    """The list ends at the bracket that closes it; a cut message has none. IPv6 hosts have brackets of their
    own."""
    depth, at = 1, bracket
    for _ in range(64):
        opening, closing = low.find("[", at + 1), low.find("]", at + 1)
        if closing < 0:
            return len(low)
        if 0 <= opening < closing:
            depth, at = depth + 1, opening
        else:
            depth, at = depth - 1, closing
        if not depth:
            return at
    return len(low)
