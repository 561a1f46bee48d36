"""The registry has no such repository; from the text alone: no such repository, tag or digest.

## What it is
The registry answered 404: `repository name not known to registry`, `name unknown`, or containerd's `failed to
resolve reference "…": not found`, which says the same of a missing tag.

## Why it happens
The repository is written wrong, was renamed or removed, lies in another region's registry, or the push never
happened (or went to another account).

## How it is told from its rivals
**confirmed** where the node is told "not found" and the registry, asked from here, knows no such repository;
**likely** where the text stands alone, for it may be the tag.
- [`tag-not-found`] – the repository is there; from here the registry lists its tags.
- [`access-denied`], [`no-pull-secret`] – a registry that hides what it has says `denied` or `repository does not
  exist or may require authorization`: that proves neither.
- [`platform-mismatch`] – the image is there, not for this node. [`image-name-invalid`] – nothing was asked.

## How to fix it
`ibmcloud cr images` asks the region that the command line targets, not the image's, and shows one account only.
```sh
# changes: only which region this command line asks
ibmcloud cr region-set <region>
ibmcloud cr images --restrict <namespace>
skopeo list-tags docker://<region>.icr.io/<namespace>/<image>
# changes: the image of the workload, which makes its pods anew
kubectl set image deployment/<name> <container>=<region>.icr.io/<namespace>/<image>:<tag> -n <project>
```
If an image was deleted by mistake, it stays in the registry's trash for 30 days: `ibmcloud cr trash-list`.

## See also
- Step `image-pull/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/concepts/containers/images/>
"""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.causes.doubt import runs_elsewhere
from runbook_lib.causes.judging import auth_refusal, by_the_kubelet, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import Action
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Detail, Kind, PullError
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, PullFailure, Siblings
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("image-not-found", "The registry has no such image", "image-pull/1")
def image_not_found(
    case: CaseContainer,
    image: CaseImage,
    failure: PullFailure,
    siblings: Siblings | Unavailable,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The registry answers "not found" to the node; asked from here it names the repository as unknown."""
    ref, error, made = (
        image.image.ref,
        by_the_kubelet(failure, Kind.NOT_FOUND_REPO_OR_TAG),
        tests_or_none(tests),
    )
    refused = auth_refusal(failure, tests)
    if ref is not None and error is None and refused is not None:
        return _behind(case, image, refused, made, c)
    if ref is None or error is None or error.detail is Detail.MANIFEST_UNKNOWN:
        return None
    if made is not None and any(t.answer.answer is Answer.ACCEPTED for t in made.trials):
        return Against("the registry has the image, asked from here")
    answers = {t.answer.answer for t in made.trials} if made else set()
    if Answer.TAG_UNKNOWN in answers:
        return Against("the registry knows the repository, and not the tag")
    unknown = Answer.REPOSITORY_UNKNOWN in answers
    served = () if unknown else runs_elsewhere(case.pod, siblings, pulled_lately=True)
    return speaks(
        Confidence.POSSIBLE if served else confirmed_if(unknown),
        (
            quote(error),
            *ran(case.pod, siblings),
            f"Asked from here, {ref.registry} knows no repository {ref.repository}." if unknown else "",
        ),
        excluded_by=("the repository in the registry's list", "the same name being found from here"),
        remedy=look_up(case, image, c),
    )


def _behind(
    case: CaseContainer, image: CaseImage, refused: PullError, made: CounterTests | None, c: Commands
) -> Ruling:
    """Behind a refusal the image may be absent too: a registry that hides what is there hides what is not."""
    answers = {t.answer.answer for t in made.trials} if made else set()
    if answers & {Answer.ACCEPTED, Answer.TAG_UNKNOWN}:
        return Against("the registry has the repository, asked from here")
    unknown = Answer.REPOSITORY_UNKNOWN in answers
    if not unknown and Kind.NOT_FOUND_REPO_OR_TAG not in refused.also:
        return None
    return speaks(
        Confidence.LIKELY if unknown else Confidence.POSSIBLE,
        (
            f"Asked from here, there is no repository {image.image.text}: another fault behind the refusal."
            if unknown
            else "A registry that hides private images answers alike where there is no such image.",
            quote(refused),
        ),
        excluded_by=("the image being given to any credential",),
        remedy=look_up(case, image, c),
    )


def ran(pod: Pod, siblings: Siblings | Unavailable) -> tuple[str, ...]:
    """What a sibling on another node tells: the image was there once, and this node may ask another host for it."""
    nodes = runs_elsewhere(pod, siblings)
    if not nodes:
        return ()
    return (
        f"The same image runs on {', '.join(nodes)}: it was in the registry when that node pulled it, or this node "
        "asks a mirror.",
    )


def look_up(case: CaseContainer, image: CaseImage, c: Commands, known: tuple[str, ...] = ()) -> tuple[Action, ...]:
    """How to find the right name, and how to put it in the workload; the other way round where tags are known."""
    ref = image.image.ref
    mend = remedy.set_image(c, case, f"{ref.locator if ref else '<registry>/<image>'}:<tag>")
    if ref is None:
        return (mend,)
    look = remedy.list_images(ref) if ref.registry.is_ibm else (remedy.manifest_inspect(ref),)
    if not known:
        return (*look, mend)
    if mend.command:
        mend = replace(mend, text=f"In the workload, name a tag that is there: {', '.join(known)}.")
    return (mend, *look)
