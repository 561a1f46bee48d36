"""An admission webhook or a policy of the node (allowed registries) refuses the image.

## What it is
Something in the cluster refuses the image before, or instead of, the registry: `admission webhook "…" denied the
request`, `registry X is blocked in /etc/containers/registries.conf`, `Running image … is rejected by policy`.

## Why it happens
OpenShift's `image.config.openshift.io/cluster` allows or blocks registries; Portieris or another admission webhook
checks images; `policy.json` of the node rejects a registry.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words without another reading; else **likely**.
- [`signature-rejected`] – the image's signature was looked for and is missing or wrong; here the name was enough.
- [`access-denied`] – `denied` came from the registry, with a 403; a policy's refusal names the policy or the
  webhook.
- CRI-O's reason `SignatureValidationFailed` is given for both: read the words behind it.
- With a webhook there may be no pod at all: see the events of the ReplicaSet (`FailedCreate`).

## How to fix it
```sh
kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations
oc get image.config.openshift.io/cluster -o yaml
kubectl get events -n <project> --field-selector reason=FailedCreate
oc debug node/<node> -- chroot /host cat /etc/containers/policy.json
```
Ask whoever owns the policy to allow the registry, or take the image from one that is allowed. A change of
`image.config.openshift.io/cluster` is rolled out to the nodes, which may be drained one after another.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

image_policy_denied = cause(
    "image-policy-denied", "A policy does not let this image in", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.IMAGE_POLICY_DENIED,
        excluded_by=("a policy that names this registry",),
        remedy=remedies.policy,
        of_node=False,
    )
)
