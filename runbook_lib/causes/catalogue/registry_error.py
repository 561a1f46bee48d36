"""The registry, or a proxy in front of it, answers with a 5xx.

## What it is
`500 Internal Server Error`, `502 Bad Gateway`, `503 Service Unavailable`, `504 Gateway Timeout`, or `unexpected
status code … 5xx`: the registry, its token endpoint or a proxy before it failed at the request.

## Why it happens
An outage or maintenance of the registry, a proxy that does not reach it, a pull-through cache whose upstream is
away, or a registry of one's own whose storage is full.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words and the image is not given from here;
**likely** where it is: the fault may have passed, or it may be the proxy's.
- [`network-timeout`], [`connection-refused`] – no answer with a status came at all.
- [`rate-limited`] – `429` is your count. [`access-denied`] – `403` is a refusal, and does not pass by waiting.
- Pods of other images at the same registry fail too; if only one image does, look at that image.

## How to fix it
```sh
curl -sSI --max-time 10 https://<registry>/v2/
curl -sSI --max-time 10 https://<region>.icr.io/api/v1/messages
oc debug node/<node> -- chroot /host curl -sSI --max-time 10 https://<registry>/v2/
kubectl get events -A --field-selector reason=Failed
```
401 for the first line and 200 or 204 for the second mean that the registry is well. Wait: the kubelet tries again
by itself, at most every five minutes. See <https://cloud.ibm.com/status> before you change anything.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://cloud.ibm.com/status>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

registry_error = cause(
    "registry-error", "The registry answers with an error of its own", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.SERVER_ERROR,
        excluded_by=("the registry answering this request",),
        remedy=remedies.wait,
        of_node=False,
        lasting=False,
    )
)
