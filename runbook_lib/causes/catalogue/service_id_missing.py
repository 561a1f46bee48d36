"""The service ID to which the API key belongs is gone.

## What it is
The key in the pull secret belongs to a service ID that is no longer in the account. The node says what it says of
any refused login.

## Why it happens
Somebody tidied up service IDs. That of a cluster is named `cluster-<cluster_ID>`, with the description `ID for
<cluster_name>`, and looks unused. Running pods go on; the next pull fails.

## How it is told from its rivals
**likely** at most: the list is read with your login, and leaves out what you may not see. Where the login is in
another account than the key, only **possible**.
- [`api-key-disabled`] – the service ID is there, its key is not usable.
- [`credentials-rejected`] – IAM does not know the key at all, so its owner cannot be asked for.
- [`stale-secret-copy`] – `default` has been mended since, and this project's copy has not.
- [`iam-policy-missing`] – the service ID is there and logs in; it may not read.

## How to fix it
A deleted service ID does not come back: have the cluster's made anew with its policies, key and secrets, then copy
again, in every project that holds a copy.
```sh
ibmcloud iam service-ids
kubectl get secrets -A | grep icr-io
# changes: a service ID, its policies, an API key, and the icr-io secrets of the default project, within some minutes
ibmcloud oc cluster pull-secret apply --cluster <cluster_name_or_ID>
# changes: the project's copy
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl apply -n <project> -f -
```

## See also
- Step `api-key/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/containers?topic=containers-registry#imagePullSecret_migrate_api_key>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, speaks
from runbook_lib.model import remedy
from runbook_lib.model.account import ServiceId
from runbook_lib.model.account_readings import PullIdentities, RegistryAccount
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.readings import Commands, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("service-id-missing", "The service ID of the API key is gone", "api-key/1")
def service_id_missing(
    identities: PullIdentities, account: RegistryAccount | Unavailable, failure: PullFailure, c: Commands
) -> Ruling:
    """IAM knows the key's owner by id and has no such service ID in the login's account."""
    error, first = auth_refusal(failure), identities.first
    if error is None or first is None or not isinstance(first.service_id, ServiceId):
        return None
    service_id = first.service_id
    if service_id.exists:
        return Against(f"service ID {service_id.name} is there")
    same = isinstance(account, RegistryAccount) and account.login.account_id == service_id.account_id
    return speaks(
        Confidence.LIKELY if same else Confidence.POSSIBLE,
        (
            f"IAM has no service ID {service_id.iam_id}, to which the key in {first.where} belongs.",
            quote(error),
        ),
        excluded_by=("the service ID in `ibmcloud iam service-ids`",),
        remedy=(remedy.apply_pull_secrets(c),),
    )
