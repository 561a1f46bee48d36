"""The secret's type and its data key do not agree, so the kubelet passes over it without a word.

## What it is
The pod names a secret, the secret is there and holds the right credential, and the kubelet passes over it: its type
is not the one that goes with its key. **There is no event for it**; the pull is anonymous.

## Why it happens
`kubectl create secret generic` (or a vault's operator) makes type `Opaque`. The kubelet takes
`kubernetes.io/dockerconfigjson` with the key `.dockerconfigjson`, or `kubernetes.io/dockercfg` with `.dockercfg`,
and nothing else.

## How it is told from its rivals
**confirmed** where the ignored secret would cover the registry, nothing else does, and the pull is proved to have
been anonymous or the image to be private; else **likely**.
- [`pull-secret-malformed`] – the type is right and the content cannot be used.
- [`registry-not-covered`] – type and content are right, for other hosts; both faults may be in one secret.
- [`credentials-rejected`] – something was sent, so it was not ignored.
- A look at the content alone (the document's steps 3.2 and 3.3) finds everything in order: look at `type`.

## How to fix it
The type of a secret cannot be changed: it has to be deleted and made again, under the same name.
```sh
kubectl get secret <secret> -n <project> -o json | jq '{type, keys: (.data | keys)}'
# changes: the secret is deleted and made again with the type of its key
kubectl get secret <secret> -n <project> -o json |
  jq '{apiVersion, kind, type: "kubernetes.io/dockerconfigjson", metadata: {name: .metadata.name}, data}' |
  kubectl replace --force -n <project> -f -
```
The pod needs no change: the kubelet reads the secret again at its next attempt, within five minutes.

## See also
- Steps `api-key/3.2` and `token/2`:
  <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets>
"""

from __future__ import annotations

from runbook_lib.causes.holding import went_anonymous
from runbook_lib.causes.judging import absence_is_proved, anonymous_is_enough, auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import change
from runbook_lib.model.keyring import key_matches
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_secret import Fault, PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("pull-secret-type-wrong", "The pull secret has the wrong type", "api-key/3.2")
def pull_secret_type_wrong(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """A secret of the pod would cover the registry if the kubelet read it, and nothing else does."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    ignored = [s for s in credentials.ignored if s.fault is Fault.TYPE_WRONG]
    if not ignored:
        return Against("type and key of each secret agree") if failure.failing and pod_secrets.read else None
    if ref is None or error is None or anonymous_is_enough(tests):
        return None
    fits = [s for s in ignored if any(key_matches(e.key, ref) and e.has_credential for e in s.entries)]
    undecided = [s for s in ignored if s.elided and not s.entries]
    if not went_anonymous(error, credentials, pod_secrets, image):
        return None
    secret = (fits or undecided or ignored)[0]
    return speaks(
        confirmed_if(bool(fits) and absence_is_proved(error, tests)),
        (
            f"{secret.name} has the type {secret.type} with the key {', '.join(secret.data_keys)}: "
            "the kubelet reads neither.",
            f"It would cover {ref.registry}." if fits else "",
            "" if fits or undecided else f"It has no entry for {ref.registry} either: that has to be added.",
            quote(error),
        ),
        excluded_by=("a credential having been sent",),
        remedy=_remedy(c, pod, secret),
    )


def _remedy(c: Commands, pod: Pod, secret: PullSecret):  # type: ignore[no-untyped-def]
    name, ns = remedy.q(secret.name), remedy.q(pod.namespace)
    key = next((k for k in secret.data_keys if k.startswith(".docker")), ".dockerconfigjson")
    return (
        change(
            "Make it again with the right type (a secret's type cannot be changed).",
            f'{c.kubectl} get secret {name} -n {ns} -o json | jq \'.type="kubernetes.io/{key[1:]}" | '
            f"del(.metadata.uid,.metadata.resourceVersion)' > secret.json && {c.kubectl} delete secret {name} -n {ns} "
            f"&& {c.kubectl} create -f secret.json; rm -f secret.json",
        ),
    )
