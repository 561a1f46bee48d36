"""Steps 1 and 2: the image's name and tag, and the account's quota."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from runbook_lib.model.account import Plan, Quota, RegistryImages
from runbook_lib.model.account.registry import UNLIMITED
from runbook_lib.model.account_readings import RegistryAccount
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action, Outcome, Plain, change, note, ok, problem, read, skipped, unknown
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseImage, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.remedy import list_images, manifest_inspect
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step
from runbook_lib.steps.saying import to_read

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
def image_name_and_tag(
    image: CaseImage,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    account: RegistryAccount | Unavailable,
) -> Outcome:
    """The name is a valid reference, and its registry has it. `ibmcloud cr images` needs the right region first."""
    ref = image.image.ref
    if ref is None:
        return problem(
            f"{image.image.text!r} is not a valid image reference: {image.image.problem}.",
            {"image": image.image.text},
        )
    evidence = _about(ref, image.image.text)
    look = list_images(ref) if ref.registry.is_ibm else (manifest_inspect(ref),)
    listing = None if isinstance(account, Unavailable) else account.images
    if isinstance(listing, RegistryImages):
        evidence["listed in your account"] = _listed(ref, listing)
    if not isinstance(tests, Unavailable):
        evidence["asked from here"] = [f"{t.label}: {t.answer.says}" for t in tests.trials]
        finding, said = _from_here(tests)
        if finding is not None:
            return finding(said, evidence, *look)
    told = _TOLD.get(failure.error.kind) if failure.failing and failure.error else None
    if told:
        return problem(f"{told}: {ref}.", evidence, *look)
    if isinstance(listing, RegistryImages):
        finding, said = _from_listing(ref, listing)
        if finding is not None:
            return finding(said, evidence, *look)
    if not failure.failing:
        return ok(f"{ref} is a valid reference, and the node has it.", evidence)
    why = tests.sentence if isinstance(tests, Unavailable) else "The registry's answers do not tell."
    if isinstance(listing, Unavailable):
        why += f" {listing.sentence}"
    return unknown(f"{ref} is a valid reference; whether the registry has it is not known. {why}", evidence, *look)


_Finding = tuple[Callable[..., Outcome] | None, str]


def _from_here(tests: CounterTests) -> _Finding:
    if tests.accepted(*Origin):
        return ok, f"The registry has {tests.image}, asked from here."
    for trial in tests.trials:
        wrong = _WRONG_NAME.get(trial.answer.answer)
        if wrong is not None:
            close = trial.answer.close_names or trial.answer.platforms
            hint = f" It has: {', '.join(close)}." if close else ""
            return problem, f"Asked from here, {wrong}: {tests.image}.{hint}"
    return None, ""


def _listed(ref: ImageRef, listing: RegistryImages) -> list[str]:
    where = f"account {listing.account_id}, {listing.host}"
    if listing.find(ref.repository, ref.wanted) is not None:
        return [f"yes, in {where}"]
    tags = listing.tags(ref.repository)
    if tags:
        return [f"no; {ref.repository} has the tags {', '.join(_closest(ref.tag, tags))} in {where}"]
    return [f"no, and no such repository, in {where}; another account or region may have it"]


def _closest(tag: str, tags: tuple[str, ...]) -> list[str]:
    return difflib.get_close_matches(tag, tags, n=5, cutoff=0.3) or list(tags[:5])


def _from_listing(ref: ImageRef, listing: RegistryImages) -> _Finding:
    """A repository that is listed belongs to the account, so that a tag missing there is missing indeed."""
    if listing.find(ref.repository, ref.wanted) is not None:
        return ok, f"{ref} is listed in your account."
    if ref.repository not in listing.repositories or (ref.digest and listing.untagged_unread is not None):
        return None, ""
    tags = listing.tags(ref.repository)
    has = f" It has: {', '.join(_closest(ref.tag, tags))}." if tags else ""
    return problem, f"Your account lists {ref.repository} without {ref.wanted}.{has}"


@step("image-pull/2", "Check the pull traffic and storage quota")
def traffic_and_quota(image: CaseImage, failure: PullFailure, account: RegistryAccount | Unavailable) -> Outcome:
    """Pull traffic over its limit blocks pulls; a full storage quota blocks pushes only, whatever the page says."""
    ref = image.image.ref
    look = read("See the quota and its use.", "ibmcloud cr quota")
    if ref is not None and not ref.registry.is_ibm:
        return skipped(f"{ref.registry} is not IBM Cloud Container Registry: it has no such quota.")
    if ref is None:
        return skipped("The image is not a valid reference (step 1): whose quota counts is not known.")
    counted = _quota_of(account)
    evidence = {} if isinstance(counted, Unavailable) else _used(*counted)
    if failure.error is not None and failure.failing and failure.error.kind is Kind.QUOTA_EXCEEDED:
        evidence["text"] = failure.error.says
        return problem("The registry told the node that a quota is exceeded.", evidence, look, *_mend())
    if not isinstance(counted, Unavailable):
        return _judged(*counted, ref, failure, evidence, look)
    if not failure.failing:
        return ok("No pull fails, so no quota stands in its way.")
    return unknown(counted.sentence, None, look, *to_read(counted))


def _quota_of(account: RegistryAccount | Unavailable) -> tuple[Quota, RegistryAccount] | Unavailable:
    if isinstance(account, Unavailable):
        return account
    return account.quota if isinstance(account.quota, Unavailable) else (account.quota, account)


def _mend() -> tuple[Action, ...]:
    return (
        change("Raise the limit of pull traffic.", "ibmcloud cr quota-set --traffic <megabytes>"),
        note("Pulls over the private network do not count; the next month starts at nothing."),
    )


def _megabytes(used: int, limit: int) -> str:
    allowed = "unlimited" if limit == UNLIMITED else f"{limit // 2**20} MB"
    return f"{used // 2**20} MB of {allowed}"


def _used(quota: Quota, account: RegistryAccount) -> dict[str, Plain]:
    return {
        "account": f"{quota.account_id}, {quota.host}",
        "plan": account.plan.name if isinstance(account.plan, Plan) else str(account.plan),
        "pull traffic of the month": _megabytes(quota.traffic_used, quota.traffic_limit),
        "storage": _megabytes(quota.storage_used, quota.storage_limit),
    }


def _judged(
    quota: Quota,
    account: RegistryAccount,
    ref: ImageRef,
    failure: PullFailure,
    evidence: dict[str, Plain],
    look: Action,
) -> Outcome:
    full = " Its storage is full, which blocks pushes only." if quota.storage_used_up else ""
    if not quota.traffic_used_up:
        return ok(f"The pull traffic of account {quota.account_id} is below its limit.{full}", evidence, look)
    said = f"The pull traffic of account {quota.account_id} is used up.{full}"
    if not failure.failing:
        return ok(f"{said} No pull fails yet.", evidence, look, *_mend())
    spaces = account.namespaces
    if not isinstance(spaces, Unavailable) and spaces.find(ref.namespace) is None:
        return unknown(
            f"{said} Whether {ref.namespace} is of that account is not known: it is not listed there.",
            evidence,
            look,
        )
    return problem(said, evidence, look, *_mend())
