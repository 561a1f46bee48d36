"""The image is private, and neither the pod nor its service account names a pull secret for it.

## What it is
The node asked without a credential and was turned away: `failed to fetch anonymous token … 401`, `Authorization
required`, or, for a private namespace at IBM, `403 Forbidden`.

## Why it happens
The pod is in a project other than `default`. IBM Cloud puts `all-icr-io` into `default` only, and links it to the
`default` service account there; every other project has to be given its copy.

## How it is told from its rivals
**confirmed** where the project's secrets were read, none fits, and either the node says that it pulled anonymously
and got 401, or the image proves private from here; else **likely**.
- [`pull-secret-not-linked`] – a fitting secret is in the project already: link it, do not copy.
- [`pull-secret-missing`] – the pod names a secret, and it does not exist.
- [`registry-not-covered`], [`pull-secret-type-wrong`] – it names one that does not help.
- OpenShift's generated `<service_account>-dockercfg-xxxxx` is for the internal registry: it does not count. A node
  may hold credentials of its own (the global pull secret), which no look at the pod shows.

## How to fix it
Patch the list by `add`, never by a merge: `-p '{"imagePullSecrets":[…]}'` replaces it and drops OpenShift's own.
```sh
# changes: the project gets a copy; later changes of the original do not reach it
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl create -n <project> -f -
# changes: the service account's list (Kubernetes: see pull-secret-not-linked), then the pods, which keep the old list
oc secrets link <service_account> all-icr-io --for=pull -n <project>
kubectl rollout restart deployment/<name> -n <project>
```

## See also
- Steps `image-pull/3` and `image-pull/4.2`:
  <https://cloud.ibm.com/docs/containers?topic=containers-registry#copy_imagePullSecret>
- <https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/>
"""

from __future__ import annotations

from runbook_lib.causes.doubt import PAST_THE_MANIFEST
from runbook_lib.causes.holding import fitting
from runbook_lib.causes.judging import absence_is_proved, anonymous_is_enough, auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import Action
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.kube import Pod, ServiceAccount
from runbook_lib.model.pull_error import CredentialSent
from runbook_lib.model.readings import (
    CaseImage,
    Commands,
    DefaultSecrets,
    PodSecrets,
    ProjectSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable


@cause("no-pull-secret", "No pull secret is named for a private image", "image-pull/3")
def no_pull_secret(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    account: ServiceAccount | Unavailable,
    project: ProjectSecrets | Unavailable,
    default: DefaultSecrets | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The pod names no secret that could be for this registry, and the registry turns the pull away."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    named = pod_secrets.relevant_to(image.image)
    if error is not None and error.phase in PAST_THE_MANIFEST:
        return Against("the registry has let the node read the manifest")
    if named:
        return Against(f"the pod names {', '.join(n.name for n in named)}") if failure.failing else None
    if anonymous_is_enough(tests):
        return Against("the registry gives the image without a credential")
    if ref is None or error is None or ref.registry.kind is RegistryKind.OPENSHIFT_INTERNAL:
        return None
    if isinstance(project, ProjectSecrets) and fitting(project.secrets, ref):
        return None  # pull-secret-not-linked says it better
    if error.credential_sent is CredentialSent.YES:
        return Against("the node sent a credential: it has one of its own")
    generated = [n.name for n in pod_secrets.named]
    later = sorted(set(account.pull_secrets) - set(generated)) if isinstance(account, ServiceAccount) else []
    return speaks(
        confirmed_if(isinstance(project, ProjectSecrets) and absence_is_proved(error, tests)),
        (
            f"Pod {pod.name} names no pull secret"
            + (f" but {', '.join(generated)}, generated for the internal registry." if generated else "."),
            f"Service account {pod.service_account} names none either."
            if isinstance(account, ServiceAccount) and not later
            else "",
            f"Service account {pod.service_account} names {', '.join(later)} now: the pod is older than that."
            if later
            else "",
            quote(error),
        ),
        excluded_by=("a pull secret on the pod", "the registry giving the image without a credential"),
        remedy=(remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload),)
        if later
        else _remedy(c, pod, account, default, ref.registry.is_ibm, str(ref.registry)),
    )


def _remedy(
    c: Commands,
    pod: Pod,
    account: ServiceAccount | Unavailable,
    default: DefaultSecrets | Unavailable,
    is_ibm: bool,
    host: str,
) -> tuple[Action, ...]:
    name = "all-icr-io" if is_ibm else "registry-credential"
    first: tuple[Action, ...] = (remedy.create_pull_secret(c, pod.namespace, name, host, "<username>"),)
    if is_ibm:
        copy = (remedy.copy_secret(c, name, pod.namespace),) if pod.namespace != "default" else ()
        empty = isinstance(default, DefaultSecrets) and not default.icr
        first = ((remedy.apply_pull_secrets(c),) if empty or not copy else ()) + copy
    known = account if isinstance(account, ServiceAccount) else ServiceAccount(pod.namespace, pod.service_account)
    return (
        *first,
        remedy.link_secret(c, known, name),
        remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload),
    )
