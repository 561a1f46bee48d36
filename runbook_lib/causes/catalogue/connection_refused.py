"""Nothing listens at the registry's address, as the node sees it.

## What it is
`dial tcp <address>:443: connect: connection refused`: the name resolved, a packet came back, and it said no. CRI-O
shows the reason `RegistryUnavailable` for it. No credential was looked at.

## Why it happens
A wrong port in the image's name, a registry or mirror that is down, a proxy that is not running, a firewall that
rejects rather than drops, or `localhost` in the image's name: that is the node, not your workstation.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words. That the registry answers from here excludes
nothing: this machine is not the node.
- [`network-timeout`] – nothing comes back at all (`i/o timeout`, `context deadline exceeded`).
- [`dns-failure`] – `no such host`; the connection was never tried.
- [`tls-untrusted`], [`tls-name-mismatch`] – the connection stands, and the handshake fails.
- [`sandbox-image-unavailable`] – the same words in `FailedCreatePodSandBox`, about the pause image.
- The same words about the runtime's socket (`containerd.sock`) are a fault of the node's runtime, not this one.

## How to fix it
Try it from the node; look at the address in the error: a private one may come from a proxy or an endpoint gateway.
```sh
kubectl get pod <pod> -n <project> -o wide
oc debug node/<node> -- chroot /host curl -sSI --max-time 10 https://<registry>/v2/
# Kubernetes: kubectl debug node/<node> -it --image=<image> -- chroot /host curl -sSI https://<registry>/v2/
```
An answer of 401 there means that the way is open. Allow TCP 443 to `*.icr.io`, or mend port, mirror or proxy.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/tasks/debug/debug-cluster/kubectl-node-debug/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

connection_refused = cause(
    "connection-refused", "The registry refuses the node's connection", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.CONNECTION_REFUSED,
        excluded_by=("a connection from the node",),
        remedy=remedies.reach,
        never=(Detail.RUNTIME_UNREACHABLE,),
    )
)
