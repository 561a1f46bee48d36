"""The registry has no such repository; from the text alone: no such repository, tag or digest."""

from __future__ import annotations

from runbook_lib.causes.judging import by_the_kubelet, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action
from runbook_lib.model.pull_error import Detail, Kind
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("image-not-found", "The registry has no such image", "image-pull/1")
def image_not_found(
    case: CaseContainer,
    image: CaseImage,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The registry answers "not found" to the node; asked from here it names the repository as unknown."""
    ref, error, made = (
        image.image.ref,
        by_the_kubelet(failure, Kind.NOT_FOUND_REPO_OR_TAG),
        tests_or_none(tests),
    )
    if ref is None or error is None or error.detail is Detail.MANIFEST_UNKNOWN:
        return None
    if made is not None and made.accepted(Origin.POD, Origin.ANONYMOUS):
        return Against("the registry has the image, asked from here")
    answers = {t.answer.answer for t in made.trials} if made else set()
    if Answer.TAG_UNKNOWN in answers:
        return Against("the registry knows the repository, and not the tag")
    unknown = Answer.REPOSITORY_UNKNOWN in answers
    return speaks(
        confirmed_if(unknown),
        (
            quote(error),
            f"Asked from here, {ref.registry} knows no repository {ref.repository}." if unknown else "",
        ),
        excluded_by=("the repository in the registry's list", "the same name being found from here"),
        remedy=look_up(case, image, c),
    )


def look_up(case: CaseContainer, image: CaseImage, c: Commands) -> tuple[Action, ...]:
    """How to find the right name, and how to put it in the workload."""
    ref = image.image.ref
    name = case.container.name if case.container else ""
    mend = remedy.set_image(
        c,
        case.pod.namespace,
        case.pod.workload,
        name,
        f"{ref.locator if ref else '<registry>/<image>'}:<tag>",
    )
    if ref is None:
        return (mend,)
    return (*(remedy.list_images(ref) if ref.registry.is_ibm else (remedy.manifest_inspect(ref),)), mend)
