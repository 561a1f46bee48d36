"""A context-based restriction or an address allow-list of the account refuses the node."""

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
                [f"only from {', '.join(restrictions.addresses.addresses)}"]
                if restrictions.addresses.addresses
                else []
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
            read("See the allowed addresses.", "ibmcloud account settings --output json"),
            note(
                "Add the nodes' network to the restriction's zone; a change takes up to ten minutes to work."
            ),
        ),
    )
