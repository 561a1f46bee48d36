r"""Logged in, but no policy lets this identity read this namespace in this region.

## What it is
The key is valid and the namespace is of its own account, but no policy of its owner covers this namespace in this
region: `403 Forbidden`, `insufficient scope`, `You are not authorized to access the specified resource`.

## Why it happens
A new service ID without policies, or a policy that misses: another region, another namespace, a role that cannot
pull (Administrator, Viewer and Operator cannot; Reader, Writer and Manager can, and **Writer alone is enough**), a
resource group although the namespace is in none, a time condition that is over.

## How it is told from its rivals
**confirmed** where the registry lets the key in and denies the image from here, and either another key of the same
account reads it, or all policies were read, none covers it, and the namespace is the account's own; else
**likely**.
- [`other-account`] – the namespace is not among those of the key's account. [`access-denied`] – neither was
  readable.
- [`network-restricted`] – a policy does cover it, and a rule on the network refuses. [`credentials-rejected`] – no
  login.
- Policies of access groups count. An empty list proves nothing: IAM leaves out what *you* may not see.

## How to fix it
`--region` is IAM's name (`us-south`), not the host's (`us`). The global `icr.io` is no region: there give
`--attributes geography=global` instead. A locked service ID takes no new policy until it is unlocked.
```sh
ibmcloud iam service-policies <service_ID>
# changes: the service ID may read this namespace
ibmcloud iam service-policy-create <service_ID> --roles Reader --service-name container-registry \
  --region <region> --resource-type namespace --resource <namespace>
```

## See also
- Step `api-key/2`: <https://cloud.ibm.com/docs/Registry?topic=Registry-user#create>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-iam>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, denied_though_known, is_denial, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model.account import KeyOwner, Namespaces
from runbook_lib.model.account_readings import PullIdentities, PullIdentity, RegistryAccount
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action, change, read
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.remedy import q
from runbook_lib.model.unavailable import Unavailable


@cause("iam-policy-missing", "No IAM policy lets the key's owner read the image", "api-key/2")
def iam_policy_missing(
    image: CaseImage,
    identities: PullIdentities,
    account: RegistryAccount | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The namespace is of the key's own account, the login is accepted and the image denied.

    Proved where another key of the same account reads the image from here: what differs is the policy. An
    empty list of policies proves nothing by itself, for IAM leaves out what the operator may not see.
    """
    ref, error, first = image.image.ref, auth_refusal(failure, tests), identities.first
    if ref is None or error is None or first is None or not is_denial(error):
        return None
    if first.may_pull.is_yes:
        return Against(f"a policy covers it: {first.may_pull.why}")
    if not isinstance(first.owner, KeyOwner) or not first.owner.is_accepted:
        return None
    twin = _accepted_of_same_account(tests, identities, first.owner.account_id)
    denied = denied_though_known(tests)
    own = _is_own_namespace(account, ref, first.owner.account_id)
    if not twin and not first.may_pull.is_no and not (own and denied):
        return None
    return speaks(
        confirmed_if(bool(denied and (twin or (first.may_pull.is_no and own)))),
        (
            f"The key in {first.where} is {first.owner.name or first.owner.iam_id}'s; IAM accepts it.",
            f"Policies: {first.may_pull.why}.",
            "Asked from here, the registry lets it in and denies the image." if denied else "",
            f"{twin}, of the same account, may read it." if twin else "",
            quote(error),
        ),
        excluded_by=(f"a policy for namespace {ref.namespace} in {ref.registry.region}",),
        remedy=_remedy(ref, first),
    )


def _accepted_of_same_account(tests: CounterTests | Unavailable, identities: PullIdentities, account_id: str) -> str:
    made = tests_or_none(tests)
    for trial in made.accepted(Origin.DEFAULT, Origin.PROJECT) if made else ():
        if account_id and identities.account_of(trial.namespace, trial.secret) == account_id:
            return f"the key of {trial.namespace}/{trial.secret}"
    return ""


def _is_own_namespace(account: RegistryAccount | Unavailable, ref: ImageRef, account_id: str) -> bool:
    """True where the login's account is the key's, and the namespace is among that account's."""
    if isinstance(account, Unavailable) or not isinstance(account.namespaces, Namespaces):
        return False
    spaces = account.namespaces
    return spaces.account_id == account_id and any(n.name == ref.namespace for n in spaces.namespaces)


def _remedy(ref: ImageRef, first: PullIdentity) -> tuple[Action, ...]:
    name = first.owner.name if isinstance(first.owner, KeyOwner) else ""
    who = q(name) if name else "<service_ID>"
    where = "--attributes geography=global" if ref.registry.region == "global" else f"--region {ref.registry.region}"
    return (
        read("See its policies.", f"ibmcloud iam service-policies {who}"),
        change(
            "Let it read the namespace in this region.",
            f"ibmcloud iam service-policy-create {who} --roles Reader --service-name container-registry {where} "
            f"--resource-type namespace --resource {q(ref.namespace)}",
        ),
    )
