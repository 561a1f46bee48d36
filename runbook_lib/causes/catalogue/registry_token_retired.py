"""The secret holds a registry token (username `token`), no longer accepted since 19 August 2021.

## What it is
The secret logs in to IBM's registry with the username `token`. Such registry tokens have not been accepted since 19
August 2021; the node reports a refused login.

## Why it happens
A cluster or a manifest from before 2019: secrets such as `bluemix-default-secret-regional`, of the type
`kubernetes.io/dockercfg`, for `registry.<region>.bluemix.net`, and the copies that were made of them.

## How it is told from its rivals
**confirmed** where all credentials that the pod has for this registry are tokens, and the node sent one or the
registry refuses them from here; else **likely**.
- [`deprecated-domain`] – the *domain* is old. The old domains still work, the old tokens do not: both may be at
  fault.
- [`credentials-rejected`], [`username-mismatch`] – the username is another than `token`.
- The name of a secret decides nothing: `bluemix` or `icr` in it is a habit. Host and username inside decide.

## How to fix it
A token can be neither renewed nor tried (`docker login -u token` fails for everybody): move to an API key, and to
the `icr.io` name in the image.
```sh
kubectl get secrets -A --field-selector type=kubernetes.io/dockercfg | grep bluemix
# changes: a service ID, an API key, and the icr-io secrets of the default project, within some minutes
ibmcloud oc cluster pull-secret apply --cluster <cluster_name_or_ID>
# changes: the project gets a copy
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl create -n <project> -f -
# changes: the image of the workload, which makes its pods anew; link the secret first
kubectl set image deployment/<name> <container>=<region>.icr.io/<namespace>/<image>:<tag> -n <project>
```

## See also
- Step `token/5`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-token>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, Kind
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("registry-token-retired", "The pull secret holds a registry token, which is no longer accepted", "token/5")
def registry_token_retired(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """Every credential that the pod has for IBM's registry is a token."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    usable = credentials.usable
    if ref is None or error is None or not ref.registry.is_ibm or not usable:
        return None
    if any(m.entry.username != "token" for m in usable):
        return Against(f"the username is {usable[0].entry.username}, not token")
    made = tests_or_none(tests)
    if made is not None and made.accepted(Origin.POD):
        return Against("the registry accepts it, asked from here")
    if error.credential_sent is CredentialSent.NO:
        return Against("the node sent no credential")
    told = error.kind is Kind.UNAUTHORIZED and error.credential_sent is CredentialSent.YES
    refused_here = made is not None and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED)
    return speaks(
        confirmed_if(refused_here or told),
        (
            f"{usable[0].secret.name} logs in to {usable[0].entry.key} as `token`: a registry token.",
            "IBM Cloud Container Registry has not accepted registry tokens since 19 August 2021.",
            "Asked from here, the registry refuses it." if refused_here else "",
            quote(error),
        ),
        excluded_by=("another credential of the pod being accepted",),
        remedy=(
            note("Tokens cannot be made any more: move to an API key, and to the icr.io name of the registry."),
            remedy.apply_pull_secrets(c),
            remedy.copy_secret(c, "all-icr-io", pod.namespace),
        ),
    )
