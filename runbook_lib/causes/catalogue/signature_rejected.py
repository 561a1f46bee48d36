"""The node demands a signature that the image does not have, or that does not verify.

## What it is
`SignatureValidationFailed`, `Source image rejected: A signature was required, but no signature exists`, `Invalid
GPG signature`, or a webhook that names a missing signature. The image was found; it is not let in.

## Why it happens
A policy demands signatures for this registry, and the image was pushed unsigned, signed with another key, copied
without its signatures, or the node lacks the public key.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words without another reading; else **likely**.
- [`image-policy-denied`] – the registry or the name is not allowed; no signature was looked for. CRI-O gives the
  reason `SignatureValidationFailed` for both: read the words behind it.
- [`tls-untrusted`] – a *certificate* of the connection, not a signature of the image.
- [`access-denied`] – the node may not read where the signatures lie; signatures beside the image need the same
  rights.

## How to fix it
```sh
oc debug node/<node> -- chroot /host cat /etc/containers/policy.json
oc debug node/<node> -- chroot /host ls /etc/containers/registries.d
kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations
# changes: the image is copied with its signatures (a plain copy by other tools may drop them)
skopeo copy --all docker://<registry>/<image>:<tag> docker://<region>.icr.io/<namespace>/<image>:<tag>
```
Sign the image with the key that the policy names, or ask whoever owns the policy for an exception. Do not loosen
the policy to get a pod running: that is what it is for.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

signature_rejected = cause(
    "signature-rejected", "The image's signature is not accepted", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.SIGNATURE,
        excluded_by=("a signature that verifies",),
        remedy=remedies.policy,
        of_node=False,
    )
)
