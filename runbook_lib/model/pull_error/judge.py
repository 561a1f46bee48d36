"""From wrappers, names and telling words to one reading: kind, rivals, phase, and whether a credential was
sent."""

from __future__ import annotations

from typing import NamedTuple

from .evidence import Evidence
from .lexicon import Found, Meaning, Weight
from .names import Endpoint
from .settle import Verdict, settle
from .status import meaning_of
from .value import CredentialSent, Detail, Kind, Phase, Runtime

_PHASE_OF = {
    Endpoint.PING: Phase.CONNECT,
    Endpoint.TOKEN: Phase.TOKEN,
    Endpoint.MANIFEST: Phase.MANIFEST,
    Endpoint.BLOB: Phase.BLOB,
}
_OF_A_LOGIN = (Kind.UNAUTHORIZED, Kind.ACCESS_DENIED, Kind.INVALID_SECRET)
_OF_A_PULL = (
    "kubelet:pull", "kubelet:inspect", "kubelet:default-tag", "containerd:pull", "containerd:resolve",
    "containers-image:source", "docker:register",
)  # fmt: skip
"""Beside one of these, words about another trouble of the pod are of another event."""
_ANYWHERE = (Kind.RATE_LIMITED, Kind.DISK_FULL)
"""Kinds whose phase the words cannot give: a limit or a full disk may be met at several steps."""


class Reading(NamedTuple):
    """What one innermost message says, before it is put into words."""

    verdict: Verdict
    code: str | None
    sent: CredentialSent
    runtime: Runtime
    start: int
    """Where the telling words begin."""


def judge(evidence: Evidence) -> Reading:
    """Picks the weightiest words (of equal ones the innermost) and settles what the way of the pull adds."""
    best = _telling(evidence)
    sent = _sent(evidence)
    verdict = settle(evidence, best, sent, _phase(evidence, best.meaning))
    if verdict.phase is Phase.ADMISSION and verdict.also:
        sent = CredentialSent.UNKNOWN  # such a webhook may have asked the registry itself
    return Reading(verdict, _code(evidence, verdict.kind), sent, _runtime(evidence, best), best.start)


def _telling(evidence: Evidence) -> Found:
    found = evidence.found
    if evidence.status is not None:
        of_token = evidence.wraps("containers-image:token", "containerd:oauth-token", "containerd:anonymous-token")
        meaning = meaning_of(evidence.status, evidence.endpoint, of_token=of_token)
        if meaning is not None:
            found = [*found, Found(meaning, evidence.status_at, evidence.status_at + 3)]
    if not found:
        end = evidence.layers[-1].inner if evidence.layers else 0
        return Found(Meaning(Kind.OTHER, Weight.HINT), end, end)
    best = found[0] if len(found) == 1 else max(found, key=_rank)
    if best.meaning.detail is Detail.NOT_A_PULL and evidence.wraps(*_OF_A_PULL):
        rest = [other for other in found if other.meaning.detail is not Detail.NOT_A_PULL]
        return max(rest, key=_rank) if rest else best
    return best


def _rank(found: Found) -> tuple[int, int, int]:
    return found.meaning.weight, found.end, -found.start


def _sent(evidence: Evidence) -> CredentialSent:
    """The wrappers tell first, then the registry's own words, then the account in the token's address."""
    for layer in reversed(evidence.layers):
        if layer.wrapper.sent is not CredentialSent.UNKNOWN:
            return layer.wrapper.sent
    telling = [found for found in evidence.found if found.meaning.sent is not CredentialSent.UNKNOWN]
    if telling:
        return max(telling, key=_rank).meaning.sent
    if "authorization required" in evidence.text and evidence.at_ibm:
        return CredentialSent.NO
    return _account_in_address(evidence)


def _account_in_address(evidence: Evidence) -> CredentialSent:
    """dockerd and containers/image name the user in the token's address, where they have one; so none means
    none."""
    address = evidence.address
    if address is None or address.endpoint is not Endpoint.TOKEN:
        return CredentialSent.UNKNOWN
    query = address.path.partition("?")[2]
    if "account=" in query:
        return CredentialSent.YES
    if address.shouted:
        return CredentialSent.UNKNOWN
    by_get = evidence.text[max(0, address.start - 5) : address.start].strip(' "') == "get"
    whole = "scope=" in query and ("service=" in query or evidence.wraps("containers-image:ping"))
    if by_get and whole and not evidence.wraps("containerd:status", "containerd:request", "containerd:authorize"):
        return CredentialSent.NO
    return CredentialSent.UNKNOWN


def _phase(evidence: Evidence, meaning: Meaning) -> Phase | None:
    """The words' own phase where it is certain, else the address that was asked, else the innermost
    wrapper."""
    wrapped = _innermost_phase(evidence)
    asked = _PHASE_OF.get(evidence.endpoint) if evidence.endpoint else None
    if meaning.kind in _ANYWHERE and meaning.phase is not Phase.NAME:
        return wrapped if wrapped is Phase.TOKEN else asked or wrapped or meaning.phase
    if meaning.phase in (Phase.DNS, Phase.CONNECT, Phase.TLS):
        return meaning.phase
    if meaning.phase is not None and meaning.weight >= Weight.WORDS:
        return meaning.phase
    if wrapped is Phase.TOKEN:
        return wrapped
    if asked is Phase.CONNECT and meaning.kind in _OF_A_LOGIN:
        return Phase.TOKEN
    if asked is Phase.MANIFEST and wrapped in (Phase.VERIFY, Phase.PLATFORM):
        return wrapped
    return asked or wrapped or meaning.phase


def _innermost_phase(evidence: Evidence) -> Phase | None:
    for layer in reversed(evidence.layers):
        if layer.wrapper.phase is not None:
            return layer.wrapper.phase
    return None


def _code(evidence: Evidence, kind: Kind) -> str | None:
    """Gives the innermost code that fits the kind, else the innermost code."""
    codes = [found for found in evidence.found if found.meaning.code]
    if not codes:
        return None
    fitting = [found for found in codes if found.meaning.kind is kind]
    return max(fitting or codes, key=_end).meaning.code


def _end(found: Found) -> int:
    return found.end


def _runtime(evidence: Evidence, best: Found) -> Runtime:
    """The innermost wrapper of a runtime; else the author of the words; the kubelet's mere wrappers tell
    nothing."""
    for layer in reversed(evidence.layers):
        if layer.wrapper.runtime not in (Runtime.UNKNOWN, Runtime.KUBELET):
            return layer.wrapper.runtime
    if best.meaning.runtime is not Runtime.UNKNOWN:
        return best.meaning.runtime
    if evidence.wraps("kubelet:default-tag"):
        return Runtime.KUBELET
    named = (found.meaning.runtime for found in evidence.found)
    return next((runtime for runtime in named if runtime is not Runtime.UNKNOWN), Runtime.UNKNOWN)
