"""The service ID to which the API key belongs is gone.

## What it is
The key in the pull secret belongs to a service ID that is no longer in the account. The node says what it says of
any refused login.

## Why it happens
Somebody tidied up service IDs. That of a cluster is named `cluster-<cluster_ID>`, with the description `ID for
<cluster_name>`, and looks unused. Running pods go on; the next pull fails.

## How it is told from its rivals
**likely** at most: the list is read with your login, and leaves out what you may not see. Where the login is in
another account than the key, only **possible**. With a service ID its keys are deleted as well, and IAM knows neither:
what is left to see is that the account has no `cluster-<cluster_ID>`, whose key the cluster's own `icr-io` secrets
hold.
- [`api-key-disabled`] – the service ID is there, its key is not usable.
- [`credentials-rejected`] – IAM does not know the key, and the secret is not one that IBM Cloud makes for a cluster:
  whose key it was cannot be asked for.
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
from runbook_lib.model import remedy, remedy_account
from runbook_lib.model.account import KeyOwner, KeyState, Namespaces, ServiceId
from runbook_lib.model.account_readings import ClusterServiceIds, PullIdentities, PullIdentity, RegistryAccount
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import Action
from runbook_lib.model.pull_error import PullError
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("service-id-missing", "The service ID of the API key is gone", "api-key/1")
def service_id_missing(
    image: CaseImage,
    identities: PullIdentities,
    cluster: ClusterServiceIds | Unavailable,
    account: RegistryAccount | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Ruling:
    """IAM has no such service ID as the key's owner, or none of the cluster whose secret holds an unknown key."""
    error, first = auth_refusal(failure), identities.first
    if error is None or first is None:
        return None
    service_id = first.service_id
    if not isinstance(service_id, ServiceId):
        return _with_its_keys(first, error, image, identities, cluster, account, c)
    if service_id.exists:
        return Against(f"service ID {service_id.name} is there")
    same = isinstance(account, RegistryAccount) and account.login.account_id == service_id.account_id
    missing = f"IAM has no service ID {service_id.iam_id}, to which the key in {first.where} belongs."
    return _gone(Confidence.LIKELY if same else Confidence.POSSIBLE, (missing, quote(error)), c)


def _with_its_keys(
    first: PullIdentity,
    error: PullError,
    image: CaseImage,
    identities: PullIdentities,
    cluster: ClusterServiceIds | Unavailable,
    account: RegistryAccount | Unavailable,
    c: Commands,
) -> Ruling:
    """The cluster's own secret holds a key that IAM does not know, and the cluster's service ID is not there."""
    unknown = isinstance(first.owner, KeyOwner) and first.owner.state is KeyState.NOT_FOUND
    made_by_ibm = "icr-io" in first.match.secret.name
    mended = any(peer.namespace == "default" for peer in identities.peers)
    if not unknown or not made_by_ibm or mended or isinstance(cluster, Unavailable):
        return None
    if cluster.service_ids:
        names = ", ".join(s.name for s in cluster.service_ids[:3])
        return Against(f"service ID {names} is there") if cluster.cluster else None
    if not cluster.seen:
        return None
    named = f"cluster-{cluster.cluster}" if cluster.cluster else "of any cluster"
    because = (
        f"IAM does not know the key in {first.where}, a secret that IBM Cloud makes for a cluster.",
        f"Among the {cluster.seen} service IDs of the login's account there is none {named}.",
        quote(error),
    )
    here = bool(cluster.cluster) or _is_of_the_login(image, account)
    return _gone(Confidence.LIKELY if here else Confidence.POSSIBLE, because, c)


def _is_of_the_login(image: CaseImage, account: RegistryAccount | Unavailable) -> bool:
    """True where the image's namespace is one of the login's account."""
    ref = image.image.ref
    if ref is None or isinstance(account, Unavailable) or not isinstance(account.namespaces, Namespaces):
        return False
    return any(n.name == ref.namespace for n in account.namespaces.namespaces)


def _gone(confidence: Confidence, because: tuple[str, ...], c: Commands) -> Ruling:
    remedies: tuple[Action, ...] = (remedy_account.list_service_ids(), remedy.apply_pull_secrets(c))
    return speaks(
        confidence,
        because,
        excluded_by=("the service ID in `ibmcloud iam service-ids`",),
        remedy=remedies,
    )
