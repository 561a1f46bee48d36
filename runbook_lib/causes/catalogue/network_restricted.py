"""A context-based restriction or an address allow-list of the account refuses the node.

## What it is
Key and policy are right, and the account does not accept requests from the node's network. The registry says what
it says to anybody without rights: `You are not authorized to access the specified resource`, `insufficient scope`.

## Why it happens
A context-based restriction on `container-registry` whose zones lack the nodes' addresses, VPC or endpoint type; or
an allow-list of addresses in the account's IAM settings, which refuses the login itself.

## How it is told from its rivals
**confirmed** only where the registry names the restriction itself; **likely** where a rule or list is in force
*and* a policy would let the key read the image.
- [`iam-policy-missing`] – no policy covers the namespace. It answers in the same words: read the policies first.
- [`access-denied`] – stands where rules or policies could not be read.
- [`private-only-account`] – says `Private-only access is enabled`, and is a setting of the registry alone.
- That the same key reads the image from your workstation speaks for this cause; it may be inside the zone.

## How to fix it
```sh
ibmcloud cbr rules --service-name container-registry
ibmcloud cbr zones
ibmcloud iam account-settings
```
Add the nodes' network to the rule's zone: public gateway addresses, or the VPC for private connections. A rule for
`icr.io` is one for `geography=global`. A change takes up to ten minutes to work. Rules in mode `report` refuse
nothing.

## See also
- Step `api-key/3.6`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull#img-pull-api-key>
- <https://cloud.ibm.com/docs/Registry?topic=Registry-iam&interface=ui#iam_cbr>
- <https://cloud.ibm.com/docs/account?topic=account-cbr-monitor#enabled-access>
"""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, has_detail, quote
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model.account import AllowedAddresses, CbrRules
from runbook_lib.model.account_readings import PullIdentities, Restrictions
from runbook_lib.model.finding import note, read
from runbook_lib.model.pull_error import Detail
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("network-restricted", "A network restriction of the account refuses the node", "api-key/3.6")
def network_restricted(
    image: CaseImage,
    restrictions: Restrictions | Unavailable,
    identities: PullIdentities | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Ruling:
    """The registry answers as to anybody without rights; a rule in force and a policy that would do tell it apart."""
    ref, said, error = image.image.ref, has_detail(failure, Detail.NETWORK_RESTRICTED), auth_refusal(failure)
    if ref is None or error is None:
        return None
    rules: list[str] = []
    nothing = False
    if isinstance(restrictions, Restrictions):
        if isinstance(restrictions.rules, CbrRules):
            rules += [r.says for r in restrictions.rules.restricting(ref.namespace, ref.registry)]
        if isinstance(restrictions.addresses, AllowedAddresses):
            rules += (
                [f"only from {', '.join(restrictions.addresses.addresses)}"] if restrictions.addresses.addresses else []
            )
        nothing = not rules and not any(
            isinstance(part, Unavailable) for part in (restrictions.rules, restrictions.addresses)
        )
    if nothing:
        return Against("the account has no restriction on the registry")
    first = identities.first if isinstance(identities, PullIdentities) else None
    may = first is not None and first.may_pull.is_yes
    if said is None and not (rules and may):
        return None
    return speaks(
        confirmed_if(said is not None and not said.also),
        (
            quote(error),
            *(f"The account restricts the registry: {rule}." for rule in rules[:3]),
            "A policy would let the key's owner read it." if may else "",
        ),
        excluded_by=("the node's network among those that the restriction allows",),
        remedy=(
            read("See the account's restrictions.", "ibmcloud cbr rules --service-name container-registry"),
            read("See the allowed addresses.", "ibmcloud iam account-settings"),
            note("Add the nodes' network to the restriction's zone; a change takes up to ten minutes to work."),
        ),
    )
