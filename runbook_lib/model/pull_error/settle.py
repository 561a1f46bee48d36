"""What the way of the pull adds to the telling words: the same words mean different things at different
steps."""

from __future__ import annotations

from typing import NamedTuple

from .evidence import Evidence
from .layers import is_wrapped
from .lexicon import Found, Weight
from .value import CredentialSent, Detail, Kind, Phase

_IMAGE_WORDS = (
    "image", "manifest", "blob", "digest", "registry", "repositor", " tag", "trust", "sign", "vulnerab",
    "failed verification", "unknown: ",
)  # fmt: skip
_RIVALS_OF_DENIED = {
    CredentialSent.NO: (Kind.UNAUTHORIZED, Kind.MISSING_SECRET),
    CredentialSent.YES: (Kind.INVALID_SECRET, Kind.UNAUTHORIZED),
    CredentialSent.UNKNOWN: (
        Kind.MISSING_SECRET, Kind.UNAUTHORIZED, Kind.INVALID_SECRET, Kind.NOT_FOUND_REPO_OR_TAG,
    ),
}  # fmt: skip
_RIVALS_OF_UNAUTHORIZED = {
    CredentialSent.NO: (Kind.MISSING_SECRET,),
    CredentialSent.YES: (Kind.INVALID_SECRET, Kind.ACCESS_DENIED),
    CredentialSent.UNKNOWN: (Kind.MISSING_SECRET, Kind.INVALID_SECRET),
}
_HIDES_REPOSITORIES = ("access to the requested resource is not authorized", "to access repository")
"""quay.io and Harbor answer so for repositories that do not exist as well."""
_HUB_PAIR = "requested access to the resource is denied unauthorized: "


class Verdict(NamedTuple):
    """Kind, rivals, detail and phase, as they are reported."""

    kind: Kind
    also: tuple[Kind, ...]
    detail: Detail | None
    phase: Phase | None


_ONLY_THE_STATE = ("imagepullbackoff", "errimagepull")


def settle(evidence: Evidence, best: Found, sent: CredentialSent, phase: Phase | None) -> Verdict:
    """Gives the verdict on a message, its rivals each once and without the kind itself."""
    verdict = _settled(evidence, best, sent, phase)
    if not verdict.also:
        return verdict
    return verdict._replace(also=tuple(dict.fromkeys(kind for kind in verdict.also if kind is not verdict.kind)))


def _settled(evidence: Evidence, best: Found, sent: CredentialSent, phase: Phase | None) -> Verdict:
    meaning = best.meaning
    kind = meaning.kind
    if phase is Phase.ADMISSION:
        return _admission(evidence.text)
    if kind in (Kind.CONNECTION_REFUSED, Kind.NETWORK_TIMEOUT, Kind.OTHER, Kind.DNS):
        return _network(evidence, best, phase)
    if kind is Kind.UNAUTHORIZED:
        return _unauthorized(evidence, best, sent, phase)
    if kind is Kind.ACCESS_DENIED:
        return _denied(evidence, best, sent, phase)
    if kind is Kind.NOT_FOUND_REPO_OR_TAG:
        return _not_found(evidence, best, phase)
    return Verdict(kind, meaning.also, meaning.detail, phase)


def _admission(text: str) -> Verdict:
    if not any(word in text for word in _IMAGE_WORDS):
        return Verdict(Kind.OTHER, (Kind.IMAGE_POLICY_DENIED,), Detail.NOT_A_PULL, Phase.ADMISSION)
    also: list[Kind] = []
    if "credential" in text or "pullsecret" in text or "pull secret" in text:
        also.append(Kind.MISSING_SECRET)
    if "invalid image name" in text or "invalid reference" in text:
        also.append(Kind.INVALID_IMAGE_NAME)
    if "content trust" in text or "trust data" in text or "signature" in text or "signed" in text:
        also.append(Kind.SIGNATURE)
    return Verdict(Kind.IMAGE_POLICY_DENIED, tuple(also), None, Phase.ADMISSION)


def _network(evidence: Evidence, best: Found, phase: Phase | None) -> Verdict:
    """A lookup that fails for whatever reason is a matter of name resolution; so is one through a proxy."""
    text, kind, also, detail = evidence.text, best.meaning.kind, best.meaning.also, best.meaning.detail
    if "proxyconnect" in text:
        detail, phase = Detail.PROXY, phase or Phase.CONNECT
    if kind is not Kind.DNS and "lookup " in text[max(0, best.start - 400) : best.start] and "dial" in text:
        rivals = also if kind is Kind.OTHER else (kind, *also)
        return Verdict(Kind.DNS, rivals, detail, Phase.DNS)
    says_no_more = "back-off pulling image" in text or text.strip() in _ONLY_THE_STATE
    if kind is Kind.OTHER and detail is None and says_no_more and not evidence.found:
        detail = Detail.CAUSE_NOT_IN_TEXT
    return Verdict(kind, also, detail, phase)


def _unauthorized(evidence: Evidence, best: Found, sent: CredentialSent, phase: Phase | None) -> Verdict:
    meaning = best.meaning
    if _HUB_PAIR in evidence.text and evidence.text.find(_HUB_PAIR) <= best.end:
        hidden = (found for found in evidence.found if found.meaning.detail is Detail.MAY_NOT_EXIST)
        return _denied(evidence, next(hidden, best), sent, Phase.MANIFEST)
    also = meaning.also or _RIVALS_OF_UNAUTHORIZED[sent]
    if sent is CredentialSent.UNKNOWN and any(words in evidence.text for words in _HIDES_REPOSITORIES):
        also = (*also, Kind.ACCESS_DENIED, Kind.NOT_FOUND_REPO_OR_TAG)
    return Verdict(Kind.UNAUTHORIZED, also, meaning.detail, phase)


def _denied(evidence: Evidence, best: Found, sent: CredentialSent, phase: Phase | None) -> Verdict:
    meaning, kind = best.meaning, Kind.ACCESS_DENIED
    also, detail = meaning.also, meaning.detail
    if _under_login(evidence, best):
        return Verdict(Kind.UNAUTHORIZED, (Kind.INVALID_SECRET, Kind.MISSING_SECRET, kind), detail, Phase.TOKEN)
    if detail in (Detail.PRIVATE_ONLY, Detail.NETWORK_RESTRICTED):
        return Verdict(kind, also, detail, phase)
    if detail in (Detail.MAY_NOT_EXIST, Detail.INSUFFICIENT_SCOPE) and _official(evidence.image):
        return Verdict(Kind.NOT_FOUND_REPO_OR_TAG, (kind, Kind.UNAUTHORIZED), detail, phase)
    if phase is Phase.BLOB and meaning.weight < Weight.WORDS:
        if evidence.at_ibm:
            return Verdict(Kind.QUOTA_EXCEEDED, (kind,), Detail.PULL_TRAFFIC_QUOTA, phase)
        return Verdict(kind, (Kind.QUOTA_EXCEEDED, *also), detail, phase)
    return Verdict(kind, also or _RIVALS_OF_DENIED[sent], detail, phase)


def _not_found(evidence: Evidence, best: Found, phase: Phase | None) -> Verdict:
    """Where an old kubelet speaks of a secret, or a runtime of a platform, ``not found`` means that, not the
    image."""
    secret = evidence.text.rfind('secrets "', 0, best.start)
    if best.meaning.weight is Weight.HINT and secret >= 0 and best.start - secret < 300:
        return Verdict(Kind.MISSING_SECRET, (Kind.OTHER,), None, Phase.TOKEN)
    if best.meaning.weight is Weight.HINT and _of_another_object(evidence.text, best.start):
        return Verdict(Kind.OTHER, (Kind.MISSING_SECRET,), Detail.NOT_A_PULL, None)
    if best.meaning.weight is Weight.HINT and not _of_an_image(evidence):
        return Verdict(Kind.OTHER, (Kind.NOT_FOUND_REPO_OR_TAG,), None, None)
    if phase is Phase.PLATFORM:
        return Verdict(Kind.PLATFORM_MISMATCH, (Kind.NOT_FOUND_REPO_OR_TAG,), best.meaning.detail, phase)
    return Verdict(best.meaning.kind, best.meaning.also, best.meaning.detail, phase)


def _of_an_image(evidence: Evidence) -> bool:
    """Bare words such as *not found* may be of anything where no image, wrapper or word of images is beside them."""
    return (
        evidence.image is not None
        or is_wrapped(tuple(evidence.wrappers))
        or any(word in evidence.text for word in _IMAGE_WORDS)
    )


def _of_another_object(text: str, at: int) -> bool:
    """A secret that a container mounts or reads is no pull secret."""
    secret = text.rfind('secret "', 0, at)
    return secret >= 0 and at - secret < 300 and "pull" not in text[:secret]


def _official(image: str | None) -> bool:
    """Docker Hub's official images are all public: one that is denied does not exist."""
    if image is None:
        return False
    path = image.removeprefix("docker.io/")
    return path.startswith("library/") or (path == image and "/" not in path)


def _under_login(evidence: Evidence, best: Found) -> bool:
    """containers/image says *invalid username/password* of a 401 alone, whatever the registry adds."""
    before = [layer for layer in evidence.layers if layer.start <= best.start]
    return bool(before) and before[-1].wrapper.name == "containers-image:login"
