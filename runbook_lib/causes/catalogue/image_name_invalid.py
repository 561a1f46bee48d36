"""The image is not a valid reference, so nothing was ever asked of a registry.

## What it is
The pod's status is `InvalidImageName`; the event says `Failed to apply default image tag "…": couldn't parse image
name`. No registry was asked, and no credential matters.

## Why it happens
A capital letter in the repository, `https://` before the host, an empty tag (`web:`) because a variable of the
pipeline was not set, a space or a line break, `@sha256:` without 64 hexadecimal digits, an unfilled template
(`${TAG}`).

## How it is told from its rivals
**confirmed** where the kubelet itself refuses the name; **likely** where only the grammar of references does.
- [`image-not-found`], [`tag-not-found`] – a valid name; a registry was asked and has no such image.
- [`dns-failure`] – a valid name whose host nobody knows.
- `ImageInspectError` with a short name (`web:1.0` without a host) is CRI-O's refusal to guess the registry.

## How to fix it
A reference is `host[:port]/namespace/name:tag` or `…@sha256:digest`, lower case, without a scheme. Read the name as
it was stored, quotes around it, then mend it where it is made: the pipeline or the chart will write it again.
```sh
kubectl get pod <pod> -n <project> -o json | jq '.spec | (.initContainers // []) + .containers | map({name, image})'
# changes: the image of the workload, which makes its pods anew
kubectl set image deployment/<name> <container>=<region>.icr.io/<namespace>/<image>:<tag> -n <project>
```

## See also
- Step `image-pull/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/concepts/containers/images/#image-names>
"""

from __future__ import annotations

from runbook_lib.causes.doubt import tells
from runbook_lib.causes.judging import by_the_kubelet
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.finding import note
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, PullFailure


@cause("image-name-invalid", "The image is not a valid reference", "image-pull/1")
def image_name_invalid(case: CaseContainer, image: CaseImage, failure: PullFailure, c: Commands) -> Ruling:
    """The kubelet refuses the name (InvalidImageName), or the reference's grammar does."""
    refused = failure.failing and (
        failure.reason == "InvalidImageName" or by_the_kubelet(failure, Kind.INVALID_IMAGE_NAME) is not None
    )
    if image.image.ref is not None and not refused:
        return Against("the image is a valid reference") if failure.failing else None
    if not failure.failing:
        return None
    if not refused and failure.error is not None and tells(failure.said[0]):
        return Against("a registry, or the way to one, was asked for this image")
    return speaks(
        confirmed_if(refused),
        (
            f"{image.image.text!r} is no image reference: {image.image.problem}." if image.image.problem else "",
            f"The kubelet refuses it: {failure.reason or 'invalid image name'}.",
        ),
        excluded_by=("the kubelet asking a registry for this image",),
        remedy=(
            note("A repository is lower case; host/namespace/name:tag or @sha256:digest, without a scheme."),
            remedy.set_image(c, case, "<registry>/<namespace>/<image>:<tag>"),
        ),
    )
