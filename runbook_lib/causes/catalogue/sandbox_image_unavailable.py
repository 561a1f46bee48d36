"""The node cannot pull its pause image, so no container of the pod starts.

## What it is
`FailedCreatePodSandBox: … failed to get sandbox image "…/pause:…": failed to pull image …`: the node cannot pull
the pause image, in which every pod of it begins. The pod stays at `ContainerCreating`.

## Why it happens
The node cannot reach the registry of its pause image (often `registry.k8s.io`, in a closed network), the image was
removed from the node to make space, or the runtime's configuration names one that does not exist.

## How it is told from its rivals
**confirmed** where the failed image is the sandbox's: the words name it.
- [`dns-failure`], [`connection-refused`], [`network-timeout`], [`tls-untrusted`] – the same network faults about
  the *pod's* image. Here the pod's own images were not even tried, and its pull secrets play no part.
- [`not-an-image-pull-problem`] – `FailedCreatePodSandBox` about the network plug-in or a volume.
- All new pods of this node fail, and those of other nodes do not.

## How to fix it
The image and its registry are the node's setting: `sandbox_image` (containerd 1), `pinned_images.sandbox`
(containerd 2), `pause_image` (CRI-O).
```sh
kubectl get events -A --field-selector reason=FailedCreatePodSandBox
oc debug node/<node> -- chroot /host crictl info
# changes: no new pods on this node until it is well
kubectl cordon <node>
```
Let the node reach that registry, or name a pause image that it reaches; then restart the runtime. Workers that IBM
Cloud manages are replaced rather than edited.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/setup/production-environment/container-runtimes/#override-pause-image-containerd>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.judging import quote
from runbook_lib.causes.rule import Ruling, cause, speaks
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, PullFailure


@cause("sandbox-image-unavailable", "The node cannot pull its pause image", "image-pull/symptom-2")
def sandbox_image_unavailable(pod: Pod, image: CaseImage, failure: PullFailure, c: Commands) -> Ruling:
    """FailedCreatePodSandBox names the sandbox image: the pod's own images were not even tried."""
    error = failure.error
    if not failure.failing or error is None or not error.of_sandbox_image:
        return None
    return speaks(
        Confidence.CONFIRMED,
        (quote(error), f"The sandbox image is {error.image}." if error.image else ""),
        excluded_by=("a sandbox made on this node",),
        remedy=remedies.sandbox(c, pod, image),
    )
