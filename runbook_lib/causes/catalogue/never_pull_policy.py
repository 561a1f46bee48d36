r"""`imagePullPolicy: Never`, and the image is not on the node.

## What it is
The pod's status is `ErrImageNeverPull`: `Container image "…" is not present with pull policy of Never`. The kubelet
was told not to ask any registry, and does not.

## Why it happens
`imagePullPolicy: Never`, meant for images that are loaded onto the node beforehand, on a node where this image is
not (a new node, a garbage-collected image, another tag). Manifests from a developer's cluster often carry it.

## How it is told from its rivals
**confirmed** where the container's policy is `Never` in its spec; **likely** where the spec says otherwise: a
kubelet that checks who may use preloaded images says the same.
- [`image-not-found`], [`no-pull-secret`] – a registry was asked; here none was.
- [`node-disk-full`] – if the image was there yesterday, the kubelet may have removed it to make space.

## How to fix it
```sh
kubectl get pod <pod> -n <project> -o json | jq '.spec.containers | map({name, image, imagePullPolicy})'
oc debug node/<node> -- chroot /host crictl images
# changes: the policy in the workload, which makes its pods anew
kubectl patch deployment <name> -n <project> \
  -p '{"spec":{"template":{"spec":{"containers":[{"name":"<container>","imagePullPolicy":"IfNotPresent"}]}}}}'
```
A private image then needs a pull secret as well. An admission policy may set the pull policy back.

## See also
- Step `image-pull/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy>
"""

from __future__ import annotations

from runbook_lib.causes.judging import by_the_kubelet
from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model.finding import change
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseContainer, Commands, PullFailure
from runbook_lib.model.remedy import q


@cause("never-pull-policy", "The pull policy is Never and the image is not on the node", "image-pull/1")
def never_pull_policy(case: CaseContainer, failure: PullFailure, c: Commands) -> Ruling:
    """The kubelet says so; with another policy in the spec it may be its check of preloaded images."""
    said = failure.reason == "ErrImageNeverPull" or by_the_kubelet(failure, Kind.NEVER_PULL) is not None
    if not failure.failing or not said or case.container is None:
        return None
    never = case.container.pull_policy == "Never"
    kind, name = case.pod.workload
    return speaks(
        confirmed_if(never),
        (
            "The kubelet does not find the image on the node and may not pull it.",
            f"The container's imagePullPolicy is {case.container.pull_policy or 'not set'}.",
        ),
        excluded_by=("a pull policy other than Never",),
        remedy=(
            change(
                "Let the kubelet pull the image (or load it onto the node).",
                f"{c.kubectl} edit {kind.lower()}/{q(name)} -n {q(case.pod.namespace)}"
                "   # set imagePullPolicy: IfNotPresent",
            ),
        ),
    )
