"""The node cannot pull its pause image, so no container of the pod starts."""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.judging import quote
from runbook_lib.causes.rule import Ruling, cause, speaks
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, PullFailure


@cause("sandbox-image-unavailable", "The node cannot pull its pause image", "image-pull/symptom-2")
def sandbox_image_unavailable(pod: Pod, image: CaseImage, failure: PullFailure, c: Commands) -> Ruling:
    """FailedCreatePodSandBox names the sandbox image: the pod's own images were not even tried."""
    error = failure.error
    if not failure.failing or error is None or not error.of_sandbox_image:
        return None
    return speaks(
        Confidence.CONFIRMED,
        (quote(error), f"The sandbox image is {error.image}." if error.image else ""),
        excluded_by=("a sandbox made on this node",),
        remedy=remedies.sandbox(c, pod, image),
    )
