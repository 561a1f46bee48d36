"""Whether somebody may do something: the lab's own evaluation of policies, account flags and restrictions.

It is a second statement of IBM Cloud's rules, apart from the runbook's: an error in the one is not hidden by
the same error in the other. Every answer carries its reason, which is what a scenario plants and a test
reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from runbook_lib.lab.cloud import roles
from runbook_lib.lab.cloud.conditions import holds
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.domains import ENTITLED, GLOBAL, POLICY_ALIASES, Domain, domain_of
from runbook_lib.lab.cloud.state import Namespace, Policy

Attributes = Mapping[str, str]


class Reason(StrEnum):
    """What decided."""

    POLICY = "policy"
    PUBLIC = "public"
    NO_CREDENTIAL = "no-credential"
    NO_SUCH_NAMESPACE = "no-such-namespace"
    OTHER_ACCOUNT = "other-account"
    NO_POLICY = "no-policy"
    NOT_COVERED = "policy-covers-something-else"
    ROLE = "role-does-not-allow"
    CONDITION = "condition-does-not-hold"
    PRIVATE_ONLY = "private-only"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: allowed or not, why, and which policy or restriction of the state decided, if one did."""

    allowed: bool
    reason: Reason
    by: str = ""


def may_pull(directory: Directory, identity: Identity | None, host: str, namespace: str) -> Decision:
    """Returns whether `identity` (None: anonymous) may pull from a namespace at the registry of `host`."""
    domain = domain_of(host)
    found = directory.data.namespaces.get(domain.host, {}).get(namespace) if domain else None
    if domain is None or found is None:
        return Decision(False, Reason.NO_SUCH_NAMESPACE)
    if directory.data.accounts[found.account].private_only and not domain.private:
        return Decision(False, Reason.PRIVATE_ONLY)
    target = namespace_attributes(directory, domain, namespace, found)
    restriction = _restriction(directory, domain, target)
    if restriction:
        return Decision(False, Reason.RESTRICTED, restriction)
    if found.public:
        return Decision(True, Reason.PUBLIC)
    if identity is None:
        return Decision(False, Reason.NO_CREDENTIAL)
    return evaluate(directory, identity, roles.PULL, found.account, target)


def may(directory: Directory, identity: Identity, action: str, account: str) -> bool:
    """Returns whether `identity` may do something to the account as a whole, not to one resource of it."""
    return evaluate(directory, identity, action, account, service_attributes(action)).allowed


def evaluate(directory: Directory, identity: Identity, action: str, account: str, target: Attributes) -> Decision:
    """Returns whether a policy of `identity` in `account` allows `action` on `target`; the nearest miss
    otherwise.
    """
    policies = directory.policies_of(identity)
    held = {name: p for name, p in policies.items() if directory.policy_account(p) == account}
    nearest = Decision(False, Reason.NO_POLICY if identity.account == account else Reason.OTHER_ACCOUNT)
    rank = (Reason.NO_POLICY, Reason.OTHER_ACCOUNT, Reason.NOT_COVERED, Reason.ROLE, Reason.CONDITION)
    for name, policy in held.items():
        verdict = _judge(directory, policy, action, target)
        if verdict is Reason.POLICY:
            return Decision(True, verdict, name)
        if rank.index(verdict) > rank.index(nearest.reason):
            nearest = Decision(False, verdict, name)
    return nearest


def service_attributes(action: str) -> dict[str, str]:
    """Returns the attributes of a request about a service as a whole."""
    service = roles.service_of(action)
    return {"serviceName": service, "serviceType": roles.service_type(service)}


def namespace_attributes(directory: Directory, domain: Domain, name: str, namespace: Namespace) -> dict[str, str]:
    """Returns the attributes of a namespace as policies and restrictions see it.

    The global registry is a geography, not a region; a namespace without a resource group has no such
    attribute.
    """
    place = {"geography": "global"} if domain.host in (GLOBAL, ENTITLED) else {"region": domain.region}
    group = namespace.resource_group
    grouped = {"resourceGroupId": directory.resource_group_id(group)} if group else {}
    return {
        **service_attributes(roles.PULL),
        **place,
        **grouped,
        "resourceType": "namespace",
        "resource": name,
    }


def covers(directory: Directory, resource: Attributes, target: Attributes) -> bool:
    """Returns whether each attribute that a policy or restriction names is the target's, wildcards
    included.
    """
    for key, value in resource.items():
        wanted = directory.resource_group_id(value) if key == "resourceGroupId" else value
        wanted = POLICY_ALIASES.get(wanted, wanted) if key == "region" else wanted
        if key != "accountId" and not fnmatchcase(target.get(key, ""), wanted):
            return False
    return True


def _judge(directory: Directory, policy: Policy, action: str, target: Attributes) -> Reason:
    if not covers(directory, policy.resource, target):
        return Reason.NOT_COVERED
    custom = directory.data.roles
    if not any(
        action in custom[role].actions if role in custom else roles.allows(role, action) for role in policy.roles
    ):
        return Reason.ROLE
    return Reason.POLICY if holds(policy.rule, directory.now()) else Reason.CONDITION


def _restriction(directory: Directory, domain: Domain, target: Attributes) -> str:
    owner = directory.data.namespaces[domain.host][target["resource"]].account
    for name, rule in directory.data.restrictions.items():
        let_through = rule.enforcement != "enabled" or (rule.allowed == "private" and domain.private)
        if rule.account == owner and not let_through and covers(directory, rule.resource, target):
            return name
    return ""
