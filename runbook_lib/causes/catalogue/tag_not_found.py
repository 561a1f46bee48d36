"""The repository is there; the tag or the digest is not."""

from __future__ import annotations

from runbook_lib.causes.catalogue.image_not_found import look_up
from runbook_lib.causes.judging import auth_refusal, by_the_kubelet, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.pull_error import Detail, Kind
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("tag-not-found", "The repository has no such tag or digest", "image-pull/1")
def tag_not_found(
    case: CaseContainer,
    image: CaseImage,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The node is told "not found"; asked from here the registry knows the repository and not the tag."""
    ref, made = image.image.ref, tests_or_none(tests)
    error, refused = by_the_kubelet(failure, Kind.NOT_FOUND_REPO_OR_TAG), auth_refusal(failure, tests)
    if ref is None or (error is None and refused is None):
        return None
    if made is not None and made.accepted(Origin.POD, Origin.ANONYMOUS):
        return Against("the registry has the image, asked from here")
    told = [t for t in made.trials if t.answer.answer is Answer.TAG_UNKNOWN] if made else []
    if not told and (error is None or error.detail is not Detail.MANIFEST_UNKNOWN):
        return None
    close = told[0].answer.close_names if told else ()
    return speaks(
        confirmed_if(bool(told) and error is not None),
        (
            quote(error) if error else "Behind the refusal of the credential there is another fault.",
            f"Asked from here, {ref.registry} has the repository {ref.repository}, not {ref.wanted}."
            if told
            else "",
            f"It has: {', '.join(close)}." if close else "",
        ),
        excluded_by=(f"{ref.wanted} in the registry's list of tags",),
        remedy=look_up(case, image, c),
    )
