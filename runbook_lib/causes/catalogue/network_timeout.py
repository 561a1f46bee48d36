"""Packets to the registry are dropped on their way, or it answers too slowly.

## What it is
`dial tcp <address>:443: i/o timeout`, `TLS handshake timeout`, `context deadline exceeded`, `Client.Timeout
exceeded`: the node sent packets, and no answer came in time.

## Why it happens
A firewall, security group or network ACL that drops TCP 443; outbound traffic protection of a VPC cluster
(`docker.io`, `quay.io` and `registry.redhat.io` are shut by default there); a proxy that the runtime does not know;
a registry or a line that is too slow for the image's size.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words and the image is not given from here;
**likely** where it is: the fault may have passed.
- [`connection-refused`] – an answer came at once, and it was no. [`dns-failure`] – the timeout is at `lookup`.
- [`registry-error`] – `503` or `504` is an answer. [`rate-limited`] – `429` is one too.
- A timeout while layers are copied, after the manifest was read, is a slow line rather than a shut one.

## How to fix it
```sh
oc debug node/<node> -- chroot /host curl -sSI --max-time 10 https://<registry>/v2/
oc debug node/<node> -- chroot /host systemctl show crio containerd --property=Environment
ibmcloud ks cluster get --cluster <cluster_name_or_ID>
# Kubernetes: kubectl debug node/<node> -it --image=<image> -- chroot /host curl -sSI https://<registry>/v2/
```
Any HTTP answer, 401 included, means that the way is open. Allow TCP 443 to `*.icr.io` (private connections have
names of their own: `private.<region>.icr.io`).

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_private>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

network_timeout = cause(
    "network-timeout", "The node does not reach the registry in time", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.NETWORK_TIMEOUT,
        excluded_by=("a connection from the node",),
        remedy=remedies.reach,
        lasting=False,
    )
)
