"""Whether the image can be pulled with the secret's credential, tried from here."""

from __future__ import annotations

from runbook_lib.model.counter_tests import CounterTests, Trial
from runbook_lib.model.finding import Action, Outcome, Plain, note, ok, problem, skipped, unknown
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.pull_error import Detail, Kind
from runbook_lib.model.readings import CaseImage, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.remedy import pull_image
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.steps.credential_checks.asking import (
    let_in,
    lines,
    not_asked,
    nothing_to_ask,
    reached,
    told_to_the_node,
)
from runbook_lib.steps.credential_checks.denial import Surroundings, denied
from runbook_lib.steps.credential_checks.scope import OUTDATED, Scope

__all__ = ["Surroundings", "pulling"]

_WRONG_IMAGE = {
    Answer.TAG_UNKNOWN: "the repository is there, the tag or digest is not",
    Answer.REPOSITORY_UNKNOWN: "there is no such repository",
    Answer.NOT_FOUND: "there is no such image",
    Answer.PLATFORM_ABSENT: "the image has no manifest for the node's platform",
    Answer.MANIFEST_UNSUPPORTED: "the manifest is of a type that the runtime does not read",
}
_NODE_WAY = (
    "What differs is the node's way: its network, proxy, DNS or allow-list, or the pod is older than the secret. "
    "Check that the pod names this secret, itself or by its service account, and make the pod anew."
)


_PRIVATE_ONLY = "The account takes private connections only, and the node comes by the public way."
_NOT_THE_CREDENTIAL = "The credential is good; what stops the node is another thing (image-pull/symptom-2)."


def _is_refusal(failure: PullFailure) -> bool:
    return failure.error is not None and failure.error.kind in (Kind.UNAUTHORIZED, Kind.ACCESS_DENIED)


def pulling(
    scope: Scope,
    image: CaseImage,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    around: Surroundings,
) -> Outcome:
    """The credential reads the image; a denial has four causes, of which the document names one."""
    ref, nothing = image.image.ref, nothing_to_ask(scope, image, credentials, failure)
    if nothing is not None or ref is None:
        return nothing or unknown("The image is not a valid reference.")
    look = pull_image(ref)
    trials = () if isinstance(tests, Unavailable) else scope.trials(tests)
    if isinstance(tests, Unavailable) or not trials:
        return _told(ref, failure, around, not_asked(tests), look)
    if not reached(trials):
        said = f"Asked from here: {trials[0].answer.says.rstrip('.')}."
        return _told(ref, failure, around, said, look)
    evidence: dict[str, Plain] = {"asked from here": lines(trials)}
    accepted = [t for t in trials if t.answer.answer is Answer.ACCEPTED]
    if accepted:
        evidence["the node reports"] = failure.error.summary if failure.error else failure.reason
        evidence[OUTDATED] = "It calls this a case for IBM's support; mostly it is the pod or the node's network."
        return ok(
            f"Asked from here, {accepted[0].label} can pull {ref}.",
            evidence,
            look,
            note(_NODE_WAY if _is_refusal(failure) else _NOT_THE_CREDENTIAL),
        )
    rest = [t for t in trials if t.answer.answer is not Answer.CREDENTIALS_REJECTED]
    if not rest:
        return skipped(f"The login is refused (step {scope.step('login')}), so no pull is tried.", evidence)
    return _answered(scope, ref, rest[0], tests, failure, around, evidence, look)


def _told(ref: ImageRef, failure: PullFailure, around: Surroundings, why: str, look: Action) -> Outcome:
    error = told_to_the_node(failure, Kind.ACCESS_DENIED)
    if error is not None and error.detail is Detail.PRIVATE_ONLY:
        return problem(_PRIVATE_ONLY, {"the node was told": error.says, "not asked from here": why})
    if error is None:
        return unknown(f"Whether the credential may pull {ref} is not known. {why}", None, look)
    evidence: dict[str, Plain] = {"the node was told": error.says, "not asked from here": why}
    return denied(f"{ref.registry} denied the image to the node.", ref, None, around, evidence, look)


def _answered(
    scope: Scope,
    ref: ImageRef,
    trial: Trial,
    tests: CounterTests,
    failure: PullFailure,
    around: Surroundings,
    evidence: dict[str, Plain],
    look: Action,
) -> Outcome:
    answer, error = trial.answer, failure.error
    if answer.answer is Answer.DENIED:
        said = (
            f"{ref.registry} {'takes the login of' if let_in(trial) else 'hears'} {trial.secret} and denies the image."
        )
        return denied(said, ref, tests, around, evidence, look)
    if answer.answer in _WRONG_IMAGE:
        close = ", ".join(answer.close_names or answer.platforms)
        has = f" It has: {close}." if close else ""
        return problem(f"Asked from here, {_WRONG_IMAGE[answer.answer]}: {ref}.{has}", evidence, look)
    if answer.answer is Answer.QUOTA_EXCEEDED:
        return problem("The account's quota of pull traffic is used up (image-pull/2).", evidence, look)
    if answer.answer is Answer.PRIVATE_ONLY:
        if error is not None and error.detail is Detail.PRIVATE_ONLY:
            return problem(_PRIVATE_ONLY, evidence)
        return unknown("The account takes private connections only; from here it cannot be judged.", evidence)
    if answer.answer is Answer.RATE_LIMITED and error is not None and error.kind is Kind.RATE_LIMITED:
        return problem(f"{ref.registry} limits how often it is asked, from here and from the node.", evidence, look)
    step = scope.step("login")
    taken = f"The login is taken (step {step}), but" if let_in(trial) else "Asked from here,"
    return unknown(f"{taken} the pull cannot be judged: {answer.says.rstrip('.')}.", evidence, look)
