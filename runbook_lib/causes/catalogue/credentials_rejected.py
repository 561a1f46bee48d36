"""The registry refuses the username and password of the pull secret.

## What it is
The pod has a secret for this registry, the node sent it, and the login was refused. containerd: `failed to fetch
oauth token … 400` or `401`; IBM's own words: `The login credentials are not valid, or your IBM Cloud account is not
active`.

## Why it happens
A mistyped, replaced or deleted key; a password edited while `auth` still holds the old one (`auth` wins); a secret
made for another registry product; an account that is no longer active.

## How it is told from its rivals
**confirmed** where each credential of the pod is refused from here too; **likely** where the node's words stand
alone.
- [`no-pull-secret`], [`registry-not-covered`] – nothing was sent. containerd says `failed to fetch anonymous
  token`; CRI-O says `invalid username/password` for any 401, also when it sent nothing.
- [`access-denied`] – the login is accepted and the image refused (403).
- Told more exactly where they can be shown: [`registry-token-retired`], [`username-mismatch`],
  [`stale-secret-copy`], [`api-key-disabled`], [`service-id-missing`].
- [`network-restricted`] – an allow-list of the account refuses good credentials from a wrong address.

## How to fix it
```sh
kubectl get secret <secret> -n <project> -o json | jq '{type, keys: (.data | keys)}'
# changes: a new API key, and the icr-io secrets of the default project, within some minutes
ibmcloud oc cluster pull-secret apply --cluster <cluster_name_or_ID>
# changes: the project's copy (copies go stale each time the line above runs)
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl apply -n <project> -f -
```
The kubelet reads the secret at each attempt: a secret mended under its name needs no new pod.

## See also
- Step `api-key/3.5`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access>
"""

from __future__ import annotations

from runbook_lib.causes.doubt import last_attempt, newer_than_failure, try_again
from runbook_lib.causes.judging import auth_refusal, is_refused_login, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.account import KeyOwner, KeyState
from runbook_lib.model.account_readings import PullIdentities
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import Action
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, PullError
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable

_UNUSABLE = (KeyState.NOT_FOUND, KeyState.DISABLED, KeyState.EXPIRED)


@cause("credentials-rejected", "The registry refuses the username and password", "api-key/3.5")
def credentials_rejected(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    identities: PullIdentities | Unavailable,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The node sent a credential and was refused for it; from here the same credential is refused too."""
    error, made = auth_refusal(failure, tests), tests_or_none(tests)
    if error is None or image.image.ref is None:
        return None
    if error.credential_sent is CredentialSent.NO:
        return Against("the node sent no credential")
    mended = _mended(credentials, failure)
    accepted = made is not None and bool(made.accepted(Origin.POD))
    if accepted and not mended:
        return Against("the pod's credential is accepted, asked from here")
    if not is_refused_login(error):
        return None
    sent = error.credential_sent is CredentialSent.YES
    if not sent and (mended or not credentials.usable):
        return None
    if mended:
        return _of_a_predecessor(pod, mended, accepted, error, failure, c)
    refused = made is not None and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED)
    host = str(image.image.ref.registry)
    holder = credentials.usable[0].secret.name if credentials.usable else ""
    return speaks(
        confirmed_if(refused and _network_is_let_in(image.image.ref, made, identities)),
        (
            f"{holder} covers {host} with a username and a password." if holder else "",
            quote(error),
            "Asked from here, the registry refuses the same credential." if refused else "",
            "" if holder or credentials.complete else "Which secret it stands in could not be read.",
        ),
        excluded_by=(
            "the same credential being accepted",
            "an address allow-list of the account (it answers alike)",
        ),
        remedy=_remedy(c, pod, image, holder),
    )


def _mended(credentials: Credentials, failure: PullFailure) -> PullSecret | None:
    """The pod's first covering secret, where all of them were made after the last failed attempt."""
    secrets = [m.secret for m in credentials.usable]
    return secrets[0] if secrets and all(newer_than_failure(failure, s) for s in secrets) else None


def _of_a_predecessor(
    pod: Pod, secret: PullSecret, accepted: bool, error: PullError, failure: PullFailure, c: Commands
) -> Ruling:
    return speaks(
        Confidence.LIKELY,
        (
            f"The credential that was refused is gone: {secret.name} was made at {secret.created}, after the last "
            f"failed attempt at {last_attempt(failure)}.",
            quote(error),
            "Asked from here, the registry accepts the new one: the fault is mended." if accepted else "",
        ),
        excluded_by=("an attempt that is newer than the secret",),
        remedy=try_again(c, pod),
    )


def _network_is_let_in(ref: ImageRef, made: CounterTests | None, identities: PullIdentities | Unavailable) -> bool:
    """True where the login is refused for itself and not for the network that it comes from.

    IBM Cloud's address allow-list answers as to a wrong password, so a login that is let in from here, or
    IAM's own word on the key, has to stand beside the refusal.
    """
    if not ref.registry.is_ibm:
        return True
    others = made.of(Origin.DEFAULT, Origin.PROJECT, Origin.REPAIRED) if made is not None else ()
    if any(t.answer.logged_in for t in others):
        return True
    keys = identities.identities if isinstance(identities, PullIdentities) else ()
    known = [k.owner.state for k in keys if isinstance(k.owner, KeyOwner)]
    return bool(known) and all(state in _UNUSABLE for state in known)


def _remedy(c: Commands, pod: Pod, image: CaseImage, holder: str) -> tuple[Action, ...]:
    ref = image.image.ref
    name = holder or "<secret>"
    if ref is not None and ref.registry.is_ibm:
        apply = remedy.apply_pull_secrets(c)
        if pod.namespace == "default":
            return (apply,)
        return (apply, remedy.copy_secret(c, "all-icr-io", pod.namespace, replace=True))
    return (
        remedy.create_pull_secret(c, pod.namespace, name, str(ref.registry) if ref else "<registry>", "<username>"),
    )
