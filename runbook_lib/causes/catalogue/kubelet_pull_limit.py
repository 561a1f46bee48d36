r"""The kubelet holds pulls back by itself (registryPullQPS): no registry was asked.

## What it is
`pull QPS exceeded`: the kubelet held the pull back by itself. No registry was asked, so nothing about image,
network or credential is known to be wrong.

## Why it happens
Many pods start at once on one node (after a reboot, a drain, a rollout with `maxSurge`), or a few pods fail in a
loop and use up the allowance: `registryPullQPS` (5 a second) with `registryBurst` (10).

## How it is told from its rivals
**confirmed** by the words; they have no other reading.
- [`rate-limited`] – the *registry* answers `429` or `toomanyrequests`; it has a host and a status.
- Another cause may be hidden behind it: read the events of the pods beside it, and this pod's again in a minute.

## How to fix it
It passes by itself: the kubelet tries again, at most every five minutes. Where it does not, raise the limits.
```sh
kubectl get events -A --field-selector reason=Failed | grep "pull QPS exceeded"
kubectl get --raw /api/v1/nodes/<node>/proxy/configz | jq '.kubeletconfig | {registryPullQPS, registryBurst}'
# changes: fewer pulls; the image is taken from the node where it is there already
kubectl patch deployment <name> -n <project> \
  -p '{"spec":{"template":{"spec":{"containers":[{"name":"<container>","imagePullPolicy":"IfNotPresent"}]}}}}'
```
On OpenShift the limits stand in a `KubeletConfig`; changing it restarts the kubelet of each node of the pool.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

kubelet_pull_limit = cause(
    "kubelet-pull-limit", "The kubelet limits its own rate of pulls", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.RATE_LIMITED,
        excluded_by=("the registry having been asked",),
        remedy=remedies.kubelet_limit,
        only=(Detail.KUBELET_QPS,),
    )
)
