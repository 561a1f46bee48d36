"""A pull secret that the pod names does not exist in its project.

## What it is
The pod names a pull secret that its project does not hold. The kubelet warns (`FailedToRetrieveImagePullSecret`:
`Unable to retrieve some image pull secrets (<secret>); attempting to pull the image may not succeed.`), asks
without it, and is turned away.

## Why it happens
The secret was never copied into this project, its name is mistyped, or somebody tidied it up. A secret is seen by
pods of its own project only.

## How it is told from its rivals
**confirmed** where reading the secret gives 404, no other secret covers the registry, and the pull was anonymous or
the kubelet named it; beside other secrets of the pod only where the registry takes `default`'s of that name, since a
name may be a leftover. **likely** where it may not be read but the kubelet missed it three times or more. **The event
alone proves nothing**: it also comes once, at start, before the kubelet's cache is filled.
- [`no-pull-secret`] – the pod names none. [`pull-secret-not-linked`] – another, fitting secret is in the project.
- [`credentials-rejected`] – a credential was sent, so this absence is not what failed.
- `Forbidden` is not missing: then it is [`insufficient-evidence`].
- A pod may run well beside this event: its image is public, is on the node, or another secret serves.

## How to fix it
```sh
kubectl get pod <pod> -n <project> -o jsonpath='{.spec.imagePullSecrets}'
kubectl get secret <secret> -n <project>
# changes: the project gets a copy; later changes of the original do not reach it
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl create -n <project> -f -
```
Under the name that the pod already uses, no new pod is needed. The document's `sed` renames some secrets: check.

## See also
- Step `image-pull/4.2`: <https://cloud.ibm.com/docs/containers?topic=containers-registry#copy_imagePullSecret>
- <https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/>
"""

from __future__ import annotations

from runbook_lib.causes.doubt import PAST_THE_MANIFEST, last_attempt, newer_than_failure, try_again
from runbook_lib.causes.holding import all_known, fitting
from runbook_lib.causes.judging import (
    absence_is_proved,
    anonymous_is_enough,
    auth_refusal,
    quote,
    sent_nothing,
    tests_or_none,
)
from runbook_lib.causes.rule import Against, Ruling, Speaks, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import Action
from runbook_lib.model.keyring import key_matches
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, PullError
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import (
    CaseImage,
    Commands,
    Credentials,
    DefaultSecrets,
    NamedSecret,
    PodSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable

_COPIED = ("all-icr-io",)
"""What the document copies from `default`."""

_OFTEN = 3
"""One such event may come at a pod's start, before the kubelet's cache is filled; three are the secret's absence."""


@cause("pull-secret-missing", "A named pull secret does not exist in the project", "image-pull/4.2")
def pull_secret_missing(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    default: DefaultSecrets | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """A named secret is absent, the pull is refused for want of a credential, and no other secret helps."""
    named = pod_secrets.relevant_to(image.image)
    missing = [n.name for n in named if n.is_missing]
    suspected = [n.name for n in named if n.is_unread and n.name in failure.unretrieved]
    error = auth_refusal(failure, tests)
    if not missing and not suspected:
        if error is not None and (was := _was_missing(named, failure, error)):
            return _mended(c, pod, was, failure, error)
        if failure.failing and named and all_known(pod_secrets, image):
            return Against("every secret that the pod names exists")
        return None
    if credentials.usable:
        return Against(f"another secret of the pod ({credentials.usable[0].secret.name}) covers the registry")
    if error is None or anonymous_is_enough(tests):
        return None
    mend = tuple(_made(c, pod, name, image, default) for name in (missing or suspected))
    if error.phase in PAST_THE_MANIFEST:
        return None
    if missing:
        sure = (c.live or set(missing) <= set(failure.unretrieved)) and absence_is_proved(error, tests)
        return _absent(
            missing, error, failure, pod, mend, _rivals(missing, error, pod_secrets, credentials, image, tests), sure
        )
    if failure.unretrieved_count < _OFTEN or error.credential_sent is CredentialSent.YES:
        return None
    return speaks(
        Confidence.LIKELY,
        (
            f"The kubelet could not retrieve {', '.join(suspected)}, {failure.unretrieved_count} times, "
            f"last at {failure.unretrieved_last}.",
            quote(error),
        ),
        excluded_by=(f"secret {pod.namespace}/{suspected[0]} being there",),
        remedy=mend,
    )


def _made(c: Commands, pod: Pod, name: str, image: CaseImage, default: DefaultSecrets | Unavailable) -> Action:
    """How the project gets the secret: copied, where `default` holds one of this name or may; else under this name."""
    ref = image.image.ref
    if isinstance(default, Unavailable) or ref is None or any(s.name == name for s in default.secrets):
        return remedy.copy_secret(c, name, pod.namespace)
    covering = [s.name for s in fitting(default.secrets, ref) if s.name in _COPIED]
    if covering:
        return remedy.copy_secret(c, covering[0], pod.namespace, named=name)
    username = "iamapikey" if ref.registry.is_ibm else "<username>"
    return remedy.create_pull_secret(c, pod.namespace, name, str(ref.registry), username)


def _was_missing(named: tuple[NamedSecret, ...], failure: PullFailure, error: PullError) -> PullSecret | None:
    """A secret that the kubelet could not retrieve and that was made after the last failed attempt."""
    if error.credential_sent is CredentialSent.YES:
        return None
    late = (n.secret for n in named if isinstance(n.secret, PullSecret) and n.name in failure.unretrieved)
    return next((s for s in late if newer_than_failure(failure, s) and s.created > failure.unretrieved_last), None)


def _mended(c: Commands, pod: Pod, secret: PullSecret, failure: PullFailure, error: PullError) -> Speaks:
    return speaks(
        Confidence.LIKELY,
        (
            f"The kubelet could not retrieve {secret.name}; it is there now, made at {secret.created}, after the last "
            f"failed attempt at {last_attempt(failure)}: the fault is mended.",
            quote(error),
        ),
        excluded_by=("an attempt that is newer than the secret",),
        remedy=try_again(c, pod),
    )


def _rivals(
    missing: list[str],
    error: PullError,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    image: CaseImage,
    tests: CounterTests | Unavailable,
) -> Confidence:
    """How sure it can be that the absent secret is the one that is needed, beside the others that the pod names.

    A name may be a leftover: that `default` has a secret of it proves something where the registry accepts that one.
    """
    ref = image.image.ref
    there = [n.secret for n in pod_secrets.relevant_to(image.image) if isinstance(n.secret, PullSecret)]
    would_do = any(
        key_matches(e.key, ref) and e.has_credential
        for s in there
        if not s.is_read_by_kubelet
        for e in s.entries
        if ref is not None
    )
    if would_do or credentials.matches or not (all_known(pod_secrets, image) or sent_nothing(error)):
        return Confidence.POSSIBLE
    made = tests_or_none(tests)
    would_help = made is not None and any(t.secret in missing for t in made.accepted(Origin.DEFAULT))
    return Confidence.LIKELY if there and not would_help else Confidence.CONFIRMED


def _absent(
    missing: list[str],
    error: PullError,
    failure: PullFailure,
    pod: Pod,
    mend: tuple[Action, ...],
    at_most: Confidence,
    sure: bool,
) -> Speaks:
    told = any(name in failure.unretrieved for name in missing)
    if error.credential_sent is CredentialSent.YES:
        return speaks(Confidence.POSSIBLE, (f"{', '.join(missing)} does not exist.",), remedy=mend)
    return speaks(
        max(confirmed_if(sure), at_most, key=lambda confidence: confidence.rank),
        (
            f"The pod names {', '.join(missing)}; namespace {pod.namespace} has no such secret.",
            f"The kubelet could not retrieve it, {failure.unretrieved_count} times." if told else "",
            quote(error),
        ),
        excluded_by=("the secret being there", "another secret of the pod covering the registry"),
        remedy=mend,
    )
