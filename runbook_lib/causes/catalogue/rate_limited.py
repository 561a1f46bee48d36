"""The registry answers 429: too many pulls from this address or this account.

## What it is
`429 Too Many Requests`, `toomanyrequests: You have reached your pull rate limit`, `too many requests to registry`:
the registry counts pulls, and this address or account has had its share.

## Why it happens
Anonymous pulls from Docker Hub are counted by address, and all nodes behind one gateway share one; many nodes pull
at once after a rollout; or `imagePullPolicy: Always` asks again at each start.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words and the image is not given from here;
**likely** where it is: from another address, or later, the count is another one.
- [`kubelet-pull-limit`] – `pull QPS exceeded` has no host and no status: the kubelet's own limit.
- [`pull-quota-exceeded`] – IBM's traffic of the *month*, a `403` on a blob.
- [`registry-error`] – `503` is the registry's trouble, not your count.
- A registry that limits anonymous callers may do so because a credential was not sent: [`no-pull-secret`].

## How to fix it
Log in: a pull secret counts by user, with a higher limit. Or keep the image in your own registry. Otherwise wait:
the kubelet tries again by itself, at most every five minutes, and each try counts.
```sh
kubectl get events -A --field-selector reason=Failed | grep -i -e toomanyrequests -e "429"
# changes: the image in your own namespace
skopeo copy --all docker://<registry>/<image>:<tag> docker://<region>.icr.io/<namespace>/<image>:<tag>
```

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://docs.docker.com/docker-hub/usage/pulls/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

rate_limited = cause("rate-limited", "The registry limits the rate of pulls", "image-pull/symptom-2", page=__doc__)(
    told_by_node(
        Kind.RATE_LIMITED,
        excluded_by=("a pull being let through",),
        remedy=remedies.limited,
        of_node=False,
        never=(Detail.KUBELET_QPS,),
        lasting=False,
    )
)
