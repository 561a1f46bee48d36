"""The node's resolver does not know the registry's name.

## What it is
`dial tcp: lookup <registry> on <resolver>: no such host`, or a lookup that ends in `i/o timeout` or `server
misbehaving`. The registry was never asked.

## Why it happens
A mistyped host in the image's name, a node whose resolver is down or lacks a private zone, a VPN or endpoint
gateway that is gone, or an image named by a cluster service (`name.svc.cluster.local`): nodes do not use the
cluster's DNS.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words.
- [`image-name-invalid`] – the kubelet refuses the name itself; here it is a valid name that nobody knows.
- [`network-timeout`] – the timeout is at an address (`dial tcp 10.0.0.1:443`), not at `lookup`.
- [`connection-refused`] – the name resolved, and the address said no.
- [`sandbox-image-unavailable`] – the same words in `FailedCreatePodSandBox`, about the pause image.

## How to fix it
Resolve the name on that node; other nodes may do better. The pod's `dnsPolicy` plays no part in a pull.
```sh
kubectl get pod <pod> -n <project> -o wide
oc debug node/<node> -- chroot /host getent hosts <registry>
oc debug node/<node> -- chroot /host cat /etc/resolv.conf
# Kubernetes: kubectl debug node/<node> -it --image=<image> -- chroot /host getent hosts <registry>
```
Mend the node's resolver, or the host in the image. A node that was replaced or restarted takes its settings anew.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/tasks/debug/debug-cluster/kubectl-node-debug/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

dns_failure = cause("dns-failure", "The node cannot resolve the registry's name", "image-pull/symptom-2", page=__doc__)(
    told_by_node(
        Kind.DNS,
        excluded_by=("the name resolving on the node",),
        remedy=remedies.resolve,
    )
)
