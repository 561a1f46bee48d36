r"""The image's namespace belongs to another account than the key.

## What it is
The key is valid in its own IBM Cloud account, and the image's namespace is another account's: `403 Forbidden`,
`insufficient scope`, `You are not authorized to access the specified resource`.

## Why it happens
The image was pushed by another team or a supplier, the cluster was moved to another account, or a namespace of the
same name was thought to be one's own: a name is unique in a region across *all* accounts.

## How it is told from its rivals
**confirmed** where the registry lets the key in and denies the image from here, and either a key of another account
reads it or the namespace is listed in another account; **likely** where it is only absent from the key's own
account. No API says whose a namespace is.
- [`iam-policy-missing`] – the namespace *is* listed in the key's account and region; a policy is lacking.
- [`access-denied`] – the account could not be read; the namespace may also not exist at all.
- [`entitlement-missing`] – for `cp.icr.io` the owner of the key decides, not an account's namespace.

## How to fix it
In the account of the namespace, make a service ID that may read it, and a key; a policy in your own account is no
help.
```sh
ibmcloud account show
ibmcloud cr namespaces
# changes: a service ID with a policy and a key, in the namespace's account (icr.io: --attributes geography=global)
ibmcloud iam service-id-create <service_ID>
ibmcloud iam service-policy-create <service_ID> --roles Reader --service-name container-registry \
  --region <region> --resource-type namespace --resource <namespace>
ibmcloud iam service-api-key-create <key_name> <service_ID> --file <key_file>
# changes: the project gets a secret; the key is typed at a prompt, and stays out of the history
read -rs KEY && kubectl create secret docker-registry <secret> -n <project> \
  --docker-server=<region>.icr.io --docker-username=iamapikey --docker-password="$KEY"
```
Then link it ([`pull-secret-not-linked`]). Several secrets for one registry may stand side by side: all are tried.

## See also
- Step `api-key/3.6`: <https://cloud.ibm.com/docs/containers?topic=containers-registry#other_registry_accounts>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, denied_though_known, is_denial, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.account import KeyOwner, Namespaces
from runbook_lib.model.account_readings import PullIdentities, RegistryAccount
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note, read
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("other-account", "The image's namespace belongs to another account", "api-key/3.6")
def other_account(
    pod: Pod,
    image: CaseImage,
    identities: PullIdentities,
    account: RegistryAccount | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """No API tells whose a namespace is; that it is not the key's own account's can be seen."""
    ref, error, first = image.image.ref, auth_refusal(failure, tests), identities.first
    if ref is None or error is None or first is None or not is_denial(error):
        return None
    if not isinstance(first.owner, KeyOwner) or not first.owner.account_id:
        return None
    mine, foreign = (
        first.owner.account_id,
        _accepted_of_other_account(tests, identities, first.owner.account_id),
    )
    listed = account.namespaces if isinstance(account, RegistryAccount) else None
    owner, has = "", False
    if isinstance(listed, Namespaces):
        owner, has = listed.account_id, any(n.name == ref.namespace for n in listed.namespaces)
    if has and owner == mine:
        return Against(f"namespace {ref.namespace} is of the key's own account")
    elsewhere = has
    absent = owner == mine and not has
    if not (foreign or elsewhere or absent):
        return None
    denied = denied_though_known(tests)
    return speaks(
        confirmed_if(denied and (bool(foreign) or elsewhere)),
        (
            f"The key in {first.where} is of account {mine}.",
            f"Namespace {ref.namespace} is not among that account's in {ref.registry.region}." if absent else "",
            f"Namespace {ref.namespace} is of account {owner}." if elsewhere else "",
            f"{foreign}, of another account, may read the image." if foreign else "",
            "Asked from here, the registry lets the key in and denies the image." if denied else "",
            quote(error),
        ),
        excluded_by=(
            f"namespace {ref.namespace} in the list of account {mine}",
            "the namespace not existing at all",
        ),
        remedy=(
            read("See the account's namespaces.", "ibmcloud cr namespaces"),
            note("In the account of the namespace: make a service ID with Reader on it, and an API key."),
            remedy.create_pull_secret(c, pod.namespace, f"{ref.namespace}-registry", str(ref.registry)),
        ),
    )


def _accepted_of_other_account(tests: CounterTests | Unavailable, identities: PullIdentities, account_id: str) -> str:
    made = tests_or_none(tests)
    for trial in made.accepted(Origin.DEFAULT, Origin.PROJECT) if made else ():
        other = identities.account_of(trial.namespace, trial.secret)
        if other and other != account_id:
            return f"The key of {trial.namespace}/{trial.secret}"
    return ""
