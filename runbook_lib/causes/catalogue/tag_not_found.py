"""The repository is there; the tag or the digest is not.

## What it is
`manifest unknown`, or `failed to resolve reference "…": not found` where the repository is known: the repository is
there and may be read; this tag or digest is not in it.

## Why it happens
A mistyped or not yet pushed tag, a build that failed before its push, a retention policy or a clean-up that removed
it, a tag that was moved while the workload pins the old digest, or a push to another region.

## How it is told from its rivals
**confirmed** where the node is told "not found" and the registry, asked from here, knows the repository and not the
tag; **likely** where the node's text alone says `manifest unknown`.
- [`image-not-found`] – the repository is unknown too; plain `not found` does not say which.
- [`access-denied`] – no answer about tags is given to who may not read.
- [`platform-mismatch`] – the tag is there and has nothing for this node's platform.
- Behind a refused credential there may be this fault as well: the report then names both, the credential first.

## How to fix it
```sh
skopeo list-tags docker://<region>.icr.io/<namespace>/<image>
# changes: only which region this command line asks
ibmcloud cr region-set <region>
ibmcloud cr images --restrict <namespace>/<image>
ibmcloud cr image-digests --restrict <namespace>/<image>
ibmcloud cr trash-list --restrict <namespace>
# changes: the image of the workload, which makes its pods anew
kubectl set image deployment/<name> <container>=<region>.icr.io/<namespace>/<image>:<tag> -n <project>
```
A deleted image stays in the trash for 30 days. A listing may leave out multi-architecture tags: ask the registry.

## See also
- Step `image-pull/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/concepts/containers/images/>
"""

from __future__ import annotations

from runbook_lib.causes.catalogue.image_not_found import look_up, ran
from runbook_lib.causes.doubt import runs_elsewhere
from runbook_lib.causes.judging import auth_refusal, by_the_kubelet, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.pull_error import Detail, Kind
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, PullFailure, Siblings
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("tag-not-found", "The repository has no such tag or digest", "image-pull/1")
def tag_not_found(
    case: CaseContainer,
    image: CaseImage,
    failure: PullFailure,
    siblings: Siblings | Unavailable,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The node is told "not found"; asked from here the registry knows the repository and not the tag."""
    ref, made = image.image.ref, tests_or_none(tests)
    error, refused = by_the_kubelet(failure, Kind.NOT_FOUND_REPO_OR_TAG), auth_refusal(failure, tests)
    if ref is None or (error is None and refused is None):
        return None
    if made is not None and any(t.answer.answer is Answer.ACCEPTED for t in made.trials):
        return Against("the registry has the image, asked from here")
    told = [t for t in made.trials if t.answer.answer is Answer.TAG_UNKNOWN] if made else []
    if not told and (error is None or error.detail is not Detail.MANIFEST_UNKNOWN):
        return None
    served = () if told else runs_elsewhere(case.pod, siblings, pulled_lately=True)
    close = told[0].answer.close_names if told else ()
    return speaks(
        Confidence.POSSIBLE if served else confirmed_if(bool(told) and error is not None),
        (
            quote(error) if error else "Behind the refusal of the credential there is another fault.",
            f"Asked from here, {ref.registry} has the repository {ref.repository}, not {ref.wanted}." if told else "",
            f"It has: {', '.join(close)}." if close else "",
            *ran(case.pod, siblings),
        ),
        excluded_by=(f"{ref.wanted} in the registry's list of tags",),
        remedy=look_up(case, image, c, close),
    )
