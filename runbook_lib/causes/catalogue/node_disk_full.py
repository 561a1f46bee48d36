"""The node cannot store the layers of the image.

## What it is
`no space left on device` while a layer is written or unpacked. The registry gave the image; name, network and
credential are right.

## Why it happens
Images and logs have filled the node's disk, one image is larger than what is free (unpacked it takes two to three
times its size), or inodes are used up. The kubelet removes unused images above 85 % only, and none that is in use.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words.
- [`pull-quota-exceeded`] – a quota of the *account*; the registry's storage quota stops pushes, never pulls.
- [`network-timeout`] – the copy of a layer ends for want of time, not of space.
- [`not-an-image-pull-problem`] – `Evicted` with `The node was low on resource` is the same disk, one step later.

## How to fix it
```sh
kubectl describe node <node>
oc debug node/<node> -- chroot /host df -h
oc debug node/<node> -- chroot /host df -i
# changes: no new pods on this node until it has space
kubectl cordon <node>
# changes: the node's unused images are removed; each is pulled again when it is needed
oc debug node/<node> -- chroot /host crictl rmi --prune
```
Where it comes back, give the workers larger disks, or make the image smaller.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/concepts/architecture/garbage-collection/#containers-images>
- <https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

node_disk_full = cause("node-disk-full", "The node has no space for the image", "image-pull/symptom-2", page=__doc__)(
    told_by_node(
        Kind.DISK_FULL,
        excluded_by=("free space on the node",),
        remedy=remedies.disk,
    )
)
