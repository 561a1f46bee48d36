"""The registry refuses the API key because it is disabled, expired or deleted.

## What it is
Host, username and secret are right, and IAM no longer accepts the key. The node says what it says of any bad
password: `unauthorized: The login credentials are not valid, or your IBM Cloud account is not active`.

## Why it happens
Somebody disabled the key, its end date has passed, or it was found in public and IBM Cloud disabled or deleted it
by itself (`action_when_leaked`). A key that expired is deleted for good 90 days after its end and its last change.

## How it is told from its rivals
**confirmed** where IAM says that the key is disabled or expired and the registry, asked from here, refuses it too;
**likely** on IAM's word alone.
- [`credentials-rejected`] – IAM does not know the key. A deleted key and a mistyped one look alike (BXNIM0415E).
- [`stale-secret-copy`] – `default` holds another key, and that one is accepted: copy it, do not enable the old one.
- [`service-id-missing`] – the key's owner is gone. [`username-mismatch`] – the same key is accepted as `iamapikey`.
- A *locked* key is no fault: the lock only keeps it from being changed or deleted.

## How to fix it
Ask first why it was disabled: a leaked key is replaced, never enabled again. The console enables one (Manage >
Access (IAM) > Service IDs > API keys). For the cluster's own key, make a new one, then copy `all-icr-io` again to
every project: copies keep the old key.
```sh
ibmcloud iam service-api-keys <service_ID>
# changes: a new API key, and the icr-io secrets of the default project, within some minutes
ibmcloud oc cluster pull-secret apply --cluster <cluster_name_or_ID>
# changes: the project's copy
kubectl get secret all-icr-io -n default -o json | jq '.metadata={"name":.metadata.name}' |
  kubectl apply -n <project> -f -
```

## See also
- Steps `api-key/1` and `api-key/3.5`:
  <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-auth-req>
"""

from __future__ import annotations

from datetime import UTC, datetime

from runbook_lib.causes.judging import auth_refusal, is_refused_login, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.account import ApiKeyDetails, KeyOwner, KeyState
from runbook_lib.model.account_readings import PullIdentities, PullIdentity
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("api-key-disabled", "The API key is disabled, expired or deleted", "api-key/1")
def api_key_disabled(
    pod: Pod,
    image: CaseImage,
    identities: PullIdentities,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """IAM itself says what is wrong with the key. A locked key is no fault: the lock only keeps it from changes."""
    error, first, made = auth_refusal(failure, tests), identities.first, tests_or_none(tests)
    if error is None or first is None or not is_refused_login(error):
        return None
    told = [_state(i) for i in identities.identities]
    if not all(told):
        accepted = isinstance(first.owner, KeyOwner) and first.owner.is_accepted
        return Against("IAM accepts the key") if accepted else None
    refused = made is not None and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED)
    name = first.details.name if isinstance(first.details, ApiKeyDetails) else "<key>"
    ref = image.image.ref
    return speaks(
        confirmed_if(refused),
        (
            f"The API key in {first.where} is {told[0]}, says IAM.",
            quote(error),
            "Asked from here, the registry refuses it too." if refused else "",
        ),
        excluded_by=("IAM giving a token for the key",),
        remedy=(
            note(
                f"Enable key {name} again, if that is right: Manage > Access (IAM) > Service IDs > the service ID > "
                "API keys, in IBM Cloud's console."
            ),
            remedy.create_pull_secret(c, pod.namespace, first.match.secret.name, str(ref.registry) if ref else ""),
            note("Find out first why it was disabled: a key that leaked is disabled by IBM Cloud itself."),
        ),
    )


def _state(identity: PullIdentity) -> str:
    """Says how the key is unusable; an empty text where it is not known to be."""
    owner, details = identity.owner, identity.details
    if isinstance(details, ApiKeyDetails):
        if details.disabled:
            return "disabled"
        if details.expired(datetime.now(UTC)):
            return f"expired since {details.expires_at}"
    if isinstance(owner, KeyOwner) and owner.state in (KeyState.DISABLED, KeyState.EXPIRED):
        return owner.state.value
    return ""
