"""Refused for lack of rights, or for a repository that does not exist and whose registry will not say.

## What it is
A credential that covers the registry was used, and the answer is a refusal of rights: `403 Forbidden`, `denied`,
`insufficient_scope: authorization failed`, `You are not authorized to access the specified resource`. This id
stands where no exact cause behind that answer could be shown.

## Why it happens
Four faults answer in the same words: no policy for this namespace and region, a namespace of another account, a
network restriction of the account, or a repository that does not exist and of which the registry will not speak.

## How it is told from its rivals
**confirmed** where each credential of the pod, asked from here, is let in and denied the image; else **likely**. If
the pod's secret could not be read, "denied" stays ambiguous: [`insufficient-evidence`].
- [`credentials-rejected`] – the login itself fails (400 or 401 of the token endpoint), before any right is looked
  at.
- [`no-pull-secret`], [`registry-not-covered`] – nothing was sent; a private namespace then answers 403 as well.
- Told more exactly: [`iam-policy-missing`] by the key's policies, [`other-account`] by the namespaces of the key's
  account, [`network-restricted`] by a rule in force, [`entitlement-missing`] for cp.icr.io.
- [`private-only-account`] has words of its own; a missing tag says `manifest unknown` ([`tag-not-found`]).

## How to fix it
Find out which of the four it is. A listing shows one account in one region and may leave out multi-architecture
tags: "not listed" is not "does not exist".
```sh
# changes: only which region this command line asks
ibmcloud cr region-set <region>
ibmcloud cr namespaces
ibmcloud cr images --restrict <namespace>/<image>
ibmcloud iam service-policies <service_ID>
ibmcloud cbr rules --service-name container-registry
```

## See also
- Step `api-key/3.6`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-scope>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-resource>
"""

from __future__ import annotations

from runbook_lib.causes.holding import nothing_to_send
from runbook_lib.causes.judging import auth_refusal, denied_though_known, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action, note, read
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.pull_error import CredentialSent, Kind
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("access-denied", "The registry refuses access to the image", "api-key/3.6")
def access_denied(
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """A credential that covers the registry was used, and the answer is "denied" rather than "who are you"."""
    error, made, ref = auth_refusal(failure, tests), tests_or_none(tests), image.image.ref
    if ref is None or error is None or error.kind is not Kind.ACCESS_DENIED:
        return None
    if made is not None and made.accepted(Origin.POD):
        return Against("the pod's credential may read the image, asked from here")
    if error.credential_sent is CredentialSent.NO:
        return Against("the node sent no credential")
    if nothing_to_send(credentials, pod_secrets, image) and error.credential_sent is not CredentialSent.YES:
        return None
    if not credentials.usable and error.credential_sent is not CredentialSent.YES:
        return None  # which credential was sent is not known: denied stays ambiguous
    denied = denied_though_known(tests)
    return speaks(
        confirmed_if(denied and ref.registry.kind is not RegistryKind.ICR_ENTITLED),
        (
            f"{credentials.usable[0].secret.name} covers {ref.registry}: the answer is about the image, not the login."
            if credentials.usable
            else "",
            quote(error),
            "Asked from here, the registry accepts the login and denies the image." if denied else "",
        ),
        excluded_by=("the same credential reading the image", "a policy for this namespace and region"),
        remedy=_remedy(c, image),
    )


def _remedy(c: Commands, image: CaseImage) -> tuple[Action, ...]:
    ref = image.image.ref
    if ref is None or not ref.registry.is_ibm:
        return (note("Check that the repository exists, and that this user may read it."),)
    region = ref.registry.region
    return (
        *remedy.list_images(ref),
        read("See whose key it is and what it may do.", "ibmcloud iam service-policies <service_ID>"),
        note(
            "Four causes answer alike: no policy for this namespace or region, a namespace of another account, "
            f"a network restriction, a repository that does not exist (region {region})."
        ),
    )
