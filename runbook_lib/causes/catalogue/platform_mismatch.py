"""The image has no manifest for the node's operating system and architecture."""

from __future__ import annotations

from runbook_lib.causes.judging import by_the_kubelet, quote, tests_or_none
from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import note, read
from runbook_lib.model.kube import Node
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.remedy import q
from runbook_lib.model.unavailable import Unavailable


@cause("platform-mismatch", "The image has no manifest for the node's platform", "image-pull/1")
def platform_mismatch(
    image: CaseImage,
    node: Node | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The runtime finds no manifest for its platform in the image index."""
    error = by_the_kubelet(failure, Kind.PLATFORM_MISMATCH)
    if error is None:
        return None
    made = tests_or_none(tests)
    told = [t.answer for t in made.trials if t.answer.answer is Answer.PLATFORM_ABSENT] if made else []
    offers = told[0].platforms if told else ()
    return speaks(
        confirmed_if(bool(told) or not error.also),
        (
            quote(error),
            f"Node {node.name} is {node.os}/{node.architecture}." if isinstance(node, Node) else "",
            f"The image offers {', '.join(offers)}." if offers else "",
        ),
        excluded_by=("a manifest for this platform in the index",),
        remedy=(
            read(
                "See which platforms the image has.",
                f"skopeo inspect --raw {q('docker://' + image.image.text)}",
            ),
            note(
                "Build the image for this platform too, or keep the pod to fitting nodes by kubernetes.io/arch."
            ),
        ),
    )
