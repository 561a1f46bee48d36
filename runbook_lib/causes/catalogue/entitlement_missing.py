r"""cp.icr.io: the entitlement key is not entitled to this image.

## What it is
The image is at `cp.icr.io` (IBM's entitled registry), the pod's key is let in, and this image is denied. An
entitlement key is no IBM Cloud API key: IAM policies of your account have no say there.

## Why it happens
The key belongs to somebody who has not bought this product, the entitlement has lapsed, or the key was taken from a
person who left. A key opens all products of its owner, and none of anybody else's.

## How it is told from its rivals
**confirmed** where the key, asked from here, logs in and is denied; **likely** where the node's words stand alone.
- [`credentials-rejected`], [`username-mismatch`] – the login fails. The username at `cp.icr.io` is `cp`.
- [`registry-not-covered`] – `all-icr-io` is not for `cp.icr.io`: nothing was sent.
- [`iam-policy-missing`], [`other-account`] – for the other `icr.io` hosts, never for this one.
- [`image-not-found`] – a product's image that was withdrawn may answer `not found` instead.

## How to fix it
Sign in as the product's owner at <https://myibm.ibm.com/products-services/containerlibrary>, see what the key is
entitled to, and make the secret anew with the right key.
```sh
# changes: the secret is made anew; the key is typed at a prompt, and stays out of the history
kubectl delete secret ibm-entitlement-key -n <project>
read -rs KEY && kubectl create secret docker-registry ibm-entitlement-key -n <project> \
  --docker-server=cp.icr.io --docker-username=cp --docker-password="$KEY"
```
Operators copy this secret into other projects: those copies go stale too.

## See also
- Step `api-key/3.6`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://myibm.ibm.com/products-services/containerlibrary>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, denied_though_known, is_denial, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("entitlement-missing", "The entitlement key does not cover this image", "api-key/3.6")
def entitlement_missing(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The key logs in to cp.icr.io and is denied this image: the entitlement is another product's, or lapsed."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None or error is None or ref.registry.kind is not RegistryKind.ICR_ENTITLED or not credentials.usable:
        return None
    if not is_denial(error):
        return None
    made = tests_or_none(tests)
    if made is not None and made.accepted(Origin.POD):
        return Against("the key may read the image, asked from here")
    denied = denied_though_known(tests)
    exists = made is not None and bool(made.accepted(Origin.DEFAULT, Origin.PROJECT))
    return speaks(
        confirmed_if(denied and exists),
        (
            f"{credentials.usable[0].secret.name} holds a key for cp.icr.io.",
            quote(error),
            "Asked from here, the key logs in and is denied this image." if denied else "",
            "" if exists else "That the image exists is not seen: one that does not may be denied alike.",
        ),
        excluded_by=("the product among the entitlements of the key's owner",),
        remedy=(
            note("See the key's entitlements at myibm.ibm.com/products-services/containerlibrary."),
            remedy.create_pull_secret(c, pod.namespace, "ibm-entitlement-key", "cp.icr.io", "cp"),
        ),
    )
