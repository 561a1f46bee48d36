"""No secret that the pod uses has an entry for the image's registry.

## What it is
The pod's secrets are there, readable and well-formed, and none has an entry that matches the image's registry. The
kubelet sends nothing; the node says what it says of an anonymous pull.

## Why it happens
The secret is for another region (`us.icr.io` for an image at `uk.icr.io`), for the public host while the image
names the private one, for another port, for `icr.io` while the image is regional; or the image moved and the secret
did not.

## How it is told from its rivals
**confirmed** where all secrets of the pod were read, none matches, and the pull is proved to have been anonymous or
the image to be private; else **likely**.
- [`deprecated-domain`] – an entry names the same registry by its old or new domain.
- [`no-pull-secret`] – the pod names none but OpenShift's generated ones. [`pull-secret-not-linked`] – a secret of
  the project would match. [`pull-secret-type-wrong`] – an ignored secret would.
- [`credentials-rejected`] – an entry matched, was sent, and refused.

## How to fix it
An entry matches as the kubelet does it: scheme and `/v1/`, `/v2/` are dropped, ports must be equal, a path is a
plain prefix, and a star stands for one part of the name (`*.icr.io` is `us.icr.io`, never `private.us.icr.io`).
```sh
kubectl get secret <secret> -n <project> -o json | jq '.data[".dockerconfigjson"] | @base64d | fromjson | .auths | keys'
# changes: the project gets the secret for all regions (cp.icr.io and other registries are not in it)
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl apply -n <project> -f -
# changes: the pods are made anew, once the service account names it (see pull-secret-not-linked)
kubectl rollout restart deployment/<name> -n <project>
```

## See also
- Steps `api-key/3.4` and `token/4`:
  <https://cloud.ibm.com/docs/containers?topic=containers-registry#copy_imagePullSecret>
- <https://kubernetes.io/docs/concepts/containers/images/#config-json>
"""

from __future__ import annotations

from runbook_lib.causes.doubt import try_again
from runbook_lib.causes.holding import went_anonymous
from runbook_lib.causes.judging import absence_is_proved, anonymous_is_enough, auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import Action
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("registry-not-covered", "No pull secret covers the image's registry", "api-key/3.4")
def registry_not_covered(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The pod's secrets are there and readable, and none has a matching entry: the pull goes anonymous."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None:
        return None
    if credentials.matches:
        return Against(f"{credentials.matches[0].secret.name} has an entry for {ref.registry}")
    used = [n.secret for n in pod_secrets.relevant_to(image.image) if isinstance(n.secret, PullSecret)]
    readable = [s for s in used if s.fault is None and s.entries]
    if error is None or not readable or anonymous_is_enough(tests):
        return None
    if not went_anonymous(error, credentials, pod_secrets, image):
        return None
    held = sorted({host for s in readable for host in s.hosts})
    gone = [n.name for n in pod_secrets.relevant_to(image.image) if n.is_missing]
    return speaks(
        confirmed_if(not gone and absence_is_proved(error, tests)),
        (
            f"The pod uses {', '.join(s.name for s in readable)}, with entries for {', '.join(held)}: "
            f"none matches {ref.registry}.",
            f"{', '.join(gone)} does not exist, so what it would cover is not known." if gone else "",
            quote(error),
        ),
        excluded_by=(f"an entry that matches {ref.locator}", "a pull that sent a credential"),
        remedy=_remedy(c, pod, ref, tuple(s.name for s in used)),
    )


def _remedy(c: Commands, pod: Pod, ref: ImageRef, used: tuple[str, ...]) -> tuple[Action, ...]:
    """A new value of a secret that the pod names is read at the next attempt; a new name needs a new pod."""
    again = remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload)
    if not ref.registry.is_ibm:
        return (
            remedy.create_pull_secret(c, pod.namespace, "registry-credential", str(ref.registry), "<username>"),
            again,
        )
    look = remedy.list_hosts(c, "default", "all-icr-io")
    if "all-icr-io" in used:
        return (look, remedy.copy_secret(c, "all-icr-io", pod.namespace, replace=True), *try_again(c, pod))
    return (look, remedy.copy_secret(c, "all-icr-io", pod.namespace), again)
