"""What one pull error means, what it leaves open, and where to look next, in words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .advice import BY_KIND, UNAUTHORIZED_BY_SENT, Advice
from .advice_by_detail import BY_DETAIL
from .value import CredentialSent, Detail, Kind, PullError

_ABOUT_LOGIN = (Kind.UNAUTHORIZED, Kind.ACCESS_DENIED)
_NAMES = {
    Kind.UNAUTHORIZED: "a login that is missing or not accepted",
    Kind.ACCESS_DENIED: "a lack of rights",
    Kind.MISSING_SECRET: "a pull secret that is missing or not used",
    Kind.INVALID_SECRET: "a pull secret that cannot be used",
    Kind.NOT_FOUND_REPO_OR_TAG: "a repository or tag that does not exist",
    Kind.PLATFORM_MISMATCH: "an image for another platform",
    Kind.MANIFEST_UNSUPPORTED: "a kind of manifest that the runtime does not read",
    Kind.INVALID_IMAGE_NAME: "an invalid image name",
    Kind.NEVER_PULL: "a pull policy that forbids pulling",
    Kind.QUOTA_EXCEEDED: "a quota that is used up",
    Kind.RATE_LIMITED: "a limit on the rate of pulls",
    Kind.DNS: "a name that does not resolve",
    Kind.CONNECTION_REFUSED: "a refused connection",
    Kind.NETWORK_TIMEOUT: "a connection that is too slow or blocked",
    Kind.TLS_UNTRUSTED: "a TLS connection that is not trusted",
    Kind.SERVER_ERROR: "an error of the registry itself",
    Kind.DISK_FULL: "a full disk",
    Kind.IMAGE_POLICY_DENIED: "a policy",
    Kind.SIGNATURE: "a missing or refused signature",
    Kind.OTHER: "something else",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One pull error in words: two sentences of meaning, what stays open, and the next places to look."""

    meaning: str
    does_not_tell: str
    look_next: tuple[str, ...]


def explain(error: PullError) -> Explanation:
    """Gives the meaning of an error without claiming more than its words do."""
    advice = _advice(error)
    doubts = [advice.does_not_tell]
    if error.kind in _ABOUT_LOGIN and error.credential_sent is CredentialSent.UNKNOWN:
        doubts.append("The words do not show whether a credential was sent.")
    if error.also:
        doubts.append(f"The words do not exclude {_either(error.also)}.")
    if error.attempts:
        doubts.append(f"{len(error.attempts)} credentials were tried; this speaks of the attempt that came furthest.")
    if error.truncated:
        doubts.append("The message is cut or was too long, so that its telling words may be missing.")
    first = (
        error.summary
        if not error.of_sandbox_image
        else f"{error.summary[:-1]} (the node's pause image, not the pod's)."
    )
    return Explanation(f"{first} {advice.second}", " ".join(doubts), _filled(advice.look_next, error))


def to_json(error: PullError) -> dict[str, Any]:
    """Gives the ten keys that ``runbook explain --format jsonl`` prints, as plain values."""
    return {
        "kind": str(error.kind),
        "also": [str(kind) for kind in error.also],
        "phase": str(error.phase) if error.phase is not None else None,
        "registry": error.registry,
        "image": error.image,
        "status": error.status,
        "credential_sent": str(error.credential_sent),
        "runtime": str(error.runtime),
        "says": error.says,
        "summary": error.summary,
    }


def _advice(error: PullError) -> Advice:
    if error.detail is not None and error.detail in BY_DETAIL:
        if error.detail is Detail.MAY_NOT_EXIST and error.kind is Kind.NOT_FOUND_REPO_OR_TAG:
            return BY_KIND[error.kind]
        return BY_DETAIL[error.detail]
    if error.kind is Kind.UNAUTHORIZED and error.credential_sent in UNAUTHORIZED_BY_SENT:
        return UNAUTHORIZED_BY_SENT[error.credential_sent]
    return BY_KIND[error.kind]


def _either(kinds: tuple[Kind, ...]) -> str:
    names = [_NAMES[kind] for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _filled(lines: tuple[str, ...], error: PullError) -> tuple[str, ...]:
    image, registry = error.image or "IMAGE", error.registry or "the registry"
    host = error.host or error.registry or "the registry"
    return tuple(
        line.replace("{image}", image).replace("{registry}", registry).replace("{host}", host) for line in lines
    )
