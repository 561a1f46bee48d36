"""Steps 1 and 2: the image's name and tag, and the account's quota."""

from __future__ import annotations

from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Outcome, Plain, ok, problem, read, skipped, unknown
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseImage, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.remedy import list_images, manifest_inspect
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step

_WRONG_NAME = {
    Answer.TAG_UNKNOWN: "the repository is there, the tag or digest is not",
    Answer.REPOSITORY_UNKNOWN: "there is no such repository",
    Answer.NOT_FOUND: "there is no such image",
    Answer.PLATFORM_ABSENT: "the image has no manifest for the node's platform",
    Answer.MANIFEST_UNSUPPORTED: "the manifest is of a type that the runtime does not read",
}
_TOLD = {
    Kind.NOT_FOUND_REPO_OR_TAG: "The registry told the node that there is no such image",
    Kind.PLATFORM_MISMATCH: "The node found no manifest for its platform",
    Kind.MANIFEST_UNSUPPORTED: "The node cannot read the image's manifest",
    Kind.INVALID_IMAGE_NAME: "The kubelet takes the image for no valid reference",
    Kind.NEVER_PULL: "The pull policy is Never, and the image is not on the node",
}


def _about(ref: ImageRef, text: str) -> dict[str, Plain]:
    return {
        "image": text,
        "registry": str(ref.registry),
        "region": ref.registry.region or "not IBM Cloud's",
        "repository": ref.repository,
        "tag": ref.tag or "none",
        "digest": ref.digest or "none",
    }


@step("image-pull/1", "Verify the name and the tag of the image")
def image_name_and_tag(image: CaseImage, failure: PullFailure, tests: CounterTests | Unavailable) -> Outcome:
    """The name is a valid reference, and its registry has it. `ibmcloud cr images` needs the right region first."""
    ref = image.image.ref
    if ref is None:
        return problem(
            f"{image.image.text!r} is not a valid image reference: {image.image.problem}.",
            {"image": image.image.text},
        )
    evidence = _about(ref, image.image.text)
    look = list_images(ref) if ref.registry.is_ibm else (manifest_inspect(ref),)
    if not isinstance(tests, Unavailable):
        found = _from_here(tests)
        evidence["asked from here"] = [f"{t.label}: {t.answer.says}" for t in tests.trials]
        if found is not None:
            return found(evidence, look)
    told = _TOLD.get(failure.error.kind) if failure.failing and failure.error else None
    if told:
        return problem(f"{told}: {ref}.", evidence, *look)
    if not failure.failing:
        return ok(f"{ref} is a valid reference, and the node has it.", evidence)
    why = f"{tests}." if isinstance(tests, Unavailable) else "The registry's answers do not tell."
    return unknown(
        f"{ref} is a valid reference; whether the registry has it is not known. {why}", evidence, *look
    )


def _from_here(tests: CounterTests):  # type: ignore[no-untyped-def]
    if tests.accepted(*Origin):
        return lambda evidence, look: ok(f"The registry has {tests.image}, asked from here.", evidence, *look)
    for trial in tests.trials:
        wrong = _WRONG_NAME.get(trial.answer.answer)
        if wrong is None:
            continue
        close = trial.answer.close_names or trial.answer.platforms
        hint = f" It has: {', '.join(close)}." if close else ""
        return lambda evidence, look: problem(
            f"Asked from here, {wrong}: {tests.image}.{hint}", evidence, *look
        )
    return None


@step("image-pull/2", "Check the pull traffic and storage quota")
def traffic_and_quota(image: CaseImage, failure: PullFailure) -> Outcome:
    """Pull traffic over its limit blocks pulls; a full storage quota blocks pushes only, whatever the page says."""
    ref = image.image.ref
    look = read("See the quota and its use.", "ibmcloud cr quota")
    if ref is not None and not ref.registry.is_ibm:
        return skipped(f"{ref.registry} is not IBM Cloud Container Registry: it has no such quota.")
    if failure.error is not None and failure.failing and failure.error.kind is Kind.QUOTA_EXCEEDED:
        return problem(
            "The registry told the node that a quota is exceeded.", {"text": failure.error.says}, look
        )
    if not failure.failing:
        return ok("No pull fails, so no quota stands in its way.")
    return unknown("The account's quota was not read: there is no login to IBM Cloud here.", None, look)
