"""The image is not a valid reference, so nothing was ever asked of a registry."""

from __future__ import annotations

from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.finding import note
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, PullFailure


@cause("image-name-invalid", "The image is not a valid reference", "image-pull/1")
def image_name_invalid(case: CaseContainer, image: CaseImage, failure: PullFailure, c: Commands) -> Ruling:
    """The kubelet refuses the name (InvalidImageName), or the reference's grammar does."""
    refused = failure.failing and (
        failure.reason == "InvalidImageName"
        or (failure.error is not None and failure.error.kind is Kind.INVALID_IMAGE_NAME)
    )
    if image.image.ref is not None and not refused:
        return Against("the image is a valid reference") if failure.failing else None
    if not failure.failing:
        return None
    pod = case.pod
    name = case.container.name if case.container else ""
    return speaks(
        confirmed_if(refused),
        (
            f"{image.image.text!r} is no image reference: {image.image.problem}."
            if image.image.problem
            else "",
            f"The kubelet refuses it: {failure.reason or 'invalid image name'}.",
        ),
        excluded_by=("the kubelet asking a registry for this image",),
        remedy=(
            note("A repository is lower case; host/namespace/name:tag or @sha256:digest, without a scheme."),
            remedy.set_image(c, pod.namespace, pod.workload, name, "<registry>/<namespace>/<image>:<tag>"),
        ),
    )
