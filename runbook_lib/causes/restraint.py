"""What holds a claim back from CONFIRMED, whichever rule made it: this machine is not the node, and sees not all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runbook_lib.causes.doubt import (
    MIRROR_TOO,
    asked_elsewhere,
    is_last_word,
    mirrors_failed,
    node_is_silent,
    runs_elsewhere,
)
from runbook_lib.causes.holding import all_tried
from runbook_lib.causes.judging import auth_refusal, is_denial, is_refused_login, of_the_image, tests_or_none
from runbook_lib.causes.rule import Cause
from runbook_lib.model.account_readings import PullIdentities
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Claim, Confidence
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import PullError
from runbook_lib.model.readings import CaseImage, Credentials, PodSecrets, PullFailure, Siblings
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.resolve import Resolver

_OF_A_CREDENTIAL = frozenset({Credentials, PullIdentities})
"""Readings that a rule needs where it judges the credentials that the pod holds."""


def held_back(cause: Cause, claim: Claim, readings: Resolver) -> Claim:
    """Returns the claim as sure as it may be, with the reasons that hold it back."""
    claim = _from_here(cause, claim, readings)
    failure = readings.read(PullFailure)
    error = None if isinstance(failure, Unavailable) else auth_refusal(failure)
    if error is None:
        return claim
    for reason in _rivals(cause, error, readings):
        sure = Confidence.LIKELY if claim.confidence is Confidence.CONFIRMED else claim.confidence
        claim = replace(claim, confidence=sure, because=(*claim.because, reason))
    return claim


def _from_here(cause: Cause, claim: Claim, readings: Resolver) -> Claim:
    """Holds a claim at LIKELY where what was asked from here is not what the node met.

    The node itself no longer tells, or its last attempt ended otherwise. Where another host than the image's
    registry refused it, the claim is no more than POSSIBLE until that registry was asked.
    """
    failure = readings.read(PullFailure)
    if not any(need.reading is CounterTests for need in cause.needs):
        return claim
    error = None if isinstance(failure, Unavailable) else auth_refusal(failure)
    if error is not None and asked_elsewhere(error):
        most = Confidence.POSSIBLE if tests_or_none(readings.read(CounterTests)) is None else Confidence.LIKELY
        return replace(claim, confidence=max(claim.confidence, most, key=lambda confidence: confidence.rank))
    if claim.confidence is not Confidence.CONFIRMED:
        return claim
    if isinstance(failure, Unavailable) or node_is_silent(failure) or not is_last_word(failure):
        return replace(claim, confidence=Confidence.LIKELY)
    return claim


def _rivals(cause: Cause, error: PullError, readings: Resolver) -> Iterator[str]:
    """What else may have been refused than the credentials that were looked at, a sentence each."""
    pod, failure = readings.read(Pod), readings.read(PullFailure)
    image, credentials, secrets = readings.read(CaseImage), readings.read(Credentials), readings.read(PodSecrets)
    if isinstance(pod, Unavailable) or isinstance(failure, Unavailable) or of_the_image(failure) is None:
        return
    if nodes := runs_elsewhere(pod, readings.read(Siblings), pulled_lately=True):
        yield (
            f"A pod with the same secrets was given this image on {', '.join(nodes)}: this node may lack a credential "
            "of its own, or ask another host."
        )
    if mirrors_failed(error):
        yield MIRROR_TOO
    if isinstance(image, Unavailable) or isinstance(credentials, Unavailable) or isinstance(secrets, Unavailable):
        return
    ref = image.image.ref
    if ref is not None and ref.registry.nodes_log_in and not credentials.usable:
        yield f"Nodes may have a credential of their own for {ref.registry}: that one may be what is missing."
    of_credential = not _OF_A_CREDENTIAL.isdisjoint(need.reading for need in cause.needs)
    refused = is_refused_login(error) or is_denial(error)
    if of_credential and refused and not all_tried(credentials, secrets, image):
        yield "Another secret of the pod, which could not be read, may hold the credential that was refused."
