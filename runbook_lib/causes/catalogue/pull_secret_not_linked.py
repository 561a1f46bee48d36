r"""A fitting secret is in the project, but the pod does not use it.

## What it is
The project holds a secret that covers the image's registry, and the failing pod does not name it: it asked
anonymously.

## Why it happens
The secret was copied and never added to a service account; the pod runs under another service account than the one
that has it; or the pod is **older than the link**: the list is copied into a pod when it is created, and only if
the pod names no secret itself.

## How it is told from its rivals
**confirmed** where the pod has nothing to send, the fitting secret is there, and the pull is proved to have been
anonymous or the image to be private; else **likely**.
- [`no-pull-secret`] – the project holds no fitting secret: copy one first.
- [`registry-not-covered`], [`pull-secret-type-wrong`] – the pod does name a secret; it does not help.
- [`pull-secret-missing`] – the pod names one that does not exist.

## How to fix it
The list of a service account is atomic: `kubectl patch … -p '{"imagePullSecrets":[…]}'` **replaces** it, and on
OpenShift drops `default-dockercfg-*`. Add to it, then make the pods anew. Where the account has no list yet, add
`"path":"/imagePullSecrets","value":[{"name":"<secret>"}]`. `--for=mount` does not help pulls.
```sh
kubectl get pod <pod> -n <project> -o jsonpath='{.spec.serviceAccountName} {.spec.imagePullSecrets}'
# changes: the service account's list, on OpenShift
oc secrets link <service_account> <secret> --for=pull -n <project>
# changes: the same on Kubernetes
kubectl patch serviceaccount <service_account> -n <project> --type=json \
  -p '[{"op":"add","path":"/imagePullSecrets/-","value":{"name":"<secret>"}}]'
# changes: the pods are made anew
kubectl rollout restart deployment/<name> -n <project>
```

## See also
- Step `image-pull/4.3`: <https://cloud.ibm.com/docs/containers?topic=containers-registry#store_imagePullSecret>
- <https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#add-imagepullsecrets-to-a-service-account>
"""

from __future__ import annotations

from runbook_lib.causes.holding import fitting, went_anonymous
from runbook_lib.causes.judging import absence_is_proved, anonymous_is_enough, auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import Action
from runbook_lib.model.kube import Pod, ServiceAccount
from runbook_lib.model.readings import (
    CaseImage,
    Commands,
    Credentials,
    PodSecrets,
    ProjectSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable


@cause("pull-secret-not-linked", "The project's pull secret is not used by the pod", "image-pull/4.3")
def pull_secret_not_linked(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    project: ProjectSecrets,
    account: ServiceAccount | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """Nothing that the pod names covers the registry; a secret of its project does."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None or error is None or anonymous_is_enough(tests):
        return None
    unused = [s for s in fitting(project.secrets, ref) if s.name not in pod.pull_secrets]
    if not unused:
        return Against("the project holds no other secret for this registry")
    if credentials.usable:
        return Against("the pod already uses a secret that covers this registry")
    if not went_anonymous(error, credentials, pod_secrets, image):
        return None
    linked = [s for s in unused if isinstance(account, ServiceAccount) and s.name in account.pull_secrets]
    secret = (linked or unused)[0]
    again = remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload)
    mend: tuple[Action, ...] = (again,)
    if not linked and isinstance(account, ServiceAccount):
        mend = (remedy.link_secret(c, account, secret.name), again)
    return speaks(
        confirmed_if(absence_is_proved(error, tests)),
        (
            f"Secret {secret.name} of {pod.namespace} covers {ref.registry}; the pod does not name it.",
            f"Service account {pod.service_account} names it now: the pod is older than that."
            if linked
            else f"Service account {pod.service_account} does not name it either.",
            quote(error),
        ),
        excluded_by=("the pod naming the secret", "a pull that sent a credential"),
        remedy=mend,
    )
