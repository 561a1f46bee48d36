"""Asks every cause of the catalogue and draws the verdict: ranked, with rivals, or undetermined."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_lib.causes.doubt import newer_than_failure
from runbook_lib.causes.judging import auth_refusal
from runbook_lib.causes.restraint import held_back
from runbook_lib.causes.rule import Against, Cause, Speaks
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.diagnosis import (
    INSUFFICIENT,
    NOT_A_PULL_PROBLEM,
    Claim,
    Confidence,
    Diagnosis,
    Excluded,
    Verdict,
    VerdictStatus,
)
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import Credentials, PodSecrets, PullFailure, Target
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.resolve import Resolver

_REFINED_BY = {
    "credentials-rejected": (
        "registry-token-retired",
        "username-mismatch",
        "stale-secret-copy",
        "api-key-disabled",
        "service-id-missing",
    ),
    "access-denied": (
        "iam-policy-missing",
        "other-account",
        "entitlement-missing",
        "private-only-account",
        "network-restricted",
        "internal-registry-permission",
        "stale-secret-copy",
    ),
    "image-not-found": ("tag-not-found",),
}
"""Causes that tell the same fault more exactly than the key does."""

_MENDED_BEFORE = {"default-secrets-missing": "pull-secret-missing"}

_DECIDES = ("secret ", "secrets of", "events of", "service account", "the registry", "node ")
"""Readings by how much they would decide, most first."""


def diagnose(catalogue: Sequence[Cause], readings: Resolver) -> Diagnosis:
    """Returns what the catalogue says of one case. The same evidence gives the same words."""
    claims: list[Claim] = []
    excluded: list[Excluded] = []
    unread: dict[str, Unavailable] = {}
    defects: list[str] = []
    for cause in catalogue:
        try:
            ruling = readings.call(cause.rule, cause.needs)
        except Exception as defect:
            defects.append(f"{cause.id}: {type(defect).__name__}")
            continue
        if isinstance(ruling, Speaks):
            claims.append(held_back(cause, cause.told(ruling), readings))
        elif isinstance(ruling, Against):
            excluded.append(cause.excluded(ruling))
        elif isinstance(ruling, Unavailable):
            unread[str(ruling)] = ruling
    claims.sort(key=lambda claim: claim.confidence.rank)
    claims, told_better = _refined(claims)
    claims = _first_things_first(claims)
    missing = _unread(readings, unread)
    verdict = _verdict(claims, readings, missing)
    undecided = verdict.status is VerdictStatus.UNDETERMINED or verdict.confidence is Confidence.LIKELY
    return Diagnosis(
        verdict=verdict,
        causes=tuple(claims),
        excluded=(*told_better, *excluded),
        unread=missing,
        decides=(_next_attempt(readings, claims) or _decides(missing)) if undecided else "",
        defects=tuple(defects),
    )


def _refined(claims: list[Claim]) -> tuple[list[Claim], list[Excluded]]:
    """Drops a broad claim where one that is as sure, or likely at least, tells the same fault exactly.

    `access-denied` says that nothing readable tells why: with a likely reason it has nothing to say.
    """
    held = {claim.id: claim for claim in claims}
    kept, told_better = [], []
    for claim in claims:
        better = [
            held[i]
            for i in _REFINED_BY.get(claim.id, ())
            if i in held and held[i].confidence.rank <= max(claim.confidence.rank, Confidence.LIKELY.rank)
        ]
        if better:
            told_better.append(Excluded(claim.id, f"{better[0].id} tells it more exactly"))
        else:
            kept.append(claim)
    return kept, told_better


def _first_things_first(claims: list[Claim]) -> list[Claim]:
    """Puts a fault ahead of one that cannot be mended before it: no copy without what it is a copy of."""
    held = {claim.id: claim for claim in claims}
    for first, then in _MENDED_BEFORE.items():
        if first in held and then in held and held[first].confidence is not Confidence.POSSIBLE:
            claims = [claim for claim in claims if claim.id != first]
            claims.insert([claim.id for claim in claims].index(then), held[first])
    return claims


def _unread(readings: Resolver, found: dict[str, Unavailable]) -> tuple[Unavailable, ...]:
    """Everything that could not be read, once each, also inside collections; what does not apply is left out."""
    for value in readings.taken().values():
        if isinstance(value, Unavailable):
            found.setdefault(str(value), value)
    secrets = readings.read(PodSecrets)
    if not isinstance(secrets, Unavailable):
        for named in secrets.unread:
            refusal = named.secret
            if not isinstance(refusal, Unavailable):
                what = f"secret {refusal.namespace}/{refusal.name}"
                refusal = Unavailable(what, Why.ELIDED, "its value was removed from the evidence")
            found.setdefault(str(refusal), refusal)
    silent = (Why.NOT_APPLICABLE, Why.DEFECT)
    return tuple(u for _, u in sorted(found.items()) if u.why not in silent and not u.says_absent)


def _next_attempt(readings: Resolver, claims: Sequence[Claim]) -> str:
    """Points to the kubelet's next attempt where no cause is left and the pod's credential is good, or newer."""
    if claims:
        return ""
    failure, keys, tests = readings.read(PullFailure), readings.read(Credentials), readings.read(CounterTests)
    if isinstance(failure, Unavailable) or isinstance(keys, Unavailable) or not failure.failing:
        return ""
    again = "Wait for the kubelet's next attempt (within five minutes), or delete the pod: what that one says decides."
    newer = [m.secret for m in keys.usable if newer_than_failure(failure, m.secret)]
    if newer:
        return f"{newer[0].name} was made at {newer[0].created}, after the last attempt that is told of. {again}"
    if isinstance(tests, CounterTests) and tests.accepted(Origin.POD) and auth_refusal(failure):
        return (
            "Asked from here, the registry gives the image to the pod's own credential: it was mended since, or the "
            f"node's way to the registry differs. {again}"
        )
    return ""


def _decides(missing: Sequence[Unavailable]) -> str:
    """Names the one reading that would decide most, and how to take it."""
    for start in _DECIDES:
        for refusal in missing:
            if refusal.what.startswith(start):
                return f"{refusal.what[0].upper()}{refusal.what[1:]}. {refusal.remedy}".strip()
    return ""


def _but(readings: Resolver) -> str:
    """Names the pod's other containers whose pull fails, where the case is about one that is well."""
    pod = readings.read(Pod)
    failing = () if isinstance(pod, Unavailable) else pod.failing
    return f" Container {', '.join(c.name for c in failing)} of the same pod waits for its image." if failing else ""


def _verdict(claims: Sequence[Claim], readings: Resolver, missing: Sequence[Unavailable]) -> Verdict:
    failure, target = readings.read(PullFailure), readings.read(Target)
    where = "" if isinstance(target, Unavailable) else f"{target.namespace}/{target.pod}"
    if not isinstance(target, Unavailable) and target.container:
        where = f"container {target.container} of {where}"
    if isinstance(failure, Unavailable):
        return Verdict(VerdictStatus.UNDETERMINED, INSUFFICIENT, None, failure.sentence)
    first = claims[0] if claims else None
    if first is not None and first.id == NOT_A_PULL_PROBLEM:
        return Verdict(
            VerdictStatus.OK,
            first.id,
            first.confidence,
            f"No image pull fails in {where}: {first.because[0]}",
        )
    if not failure.failing:
        return Verdict(VerdictStatus.OK, None, None, f"No image pull fails in {where}.{_but(readings)}")
    if first is not None and first.confidence is not Confidence.POSSIBLE:
        return Verdict(
            VerdictStatus.PROBLEM, first.id, first.confidence, f"{first.title} ({where}): {first.because[0]}"
        )
    lacking = f" What could not be read: {', '.join(u.what for u in missing[:3])}." if missing else ""
    may_be = f" It may be {' or '.join(c.id for c in claims[:3])}." if claims else ""
    return Verdict(
        VerdictStatus.UNDETERMINED,
        INSUFFICIENT,
        None,
        f"The evidence does not tell why the pull fails ({where}).{may_be}{lacking}",
    )
