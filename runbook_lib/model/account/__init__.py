"""IBM Cloud accounts as values: identities, keys, policies, the registry's listings; no credential."""

from runbook_lib.model.account.decision import Decision, Verdict
from runbook_lib.model.account.identity import (
    ApiKeyDetails,
    KeyOwner,
    KeyState,
    LoginInfo,
    OwnerKind,
    ServiceId,
    ServiceIds,
    kind_of,
)
from runbook_lib.model.account.policy import Policies, Policy, Role, policy_allows_pull
from runbook_lib.model.account.registry import (
    AccountFlags,
    ListedImage,
    Namespace,
    Namespaces,
    Plan,
    Quota,
    RegistryImages,
)
from runbook_lib.model.account.resource_match import Attribute
from runbook_lib.model.account.surroundings import AllowedAddresses, CbrRule, CbrRules, ClusterInfo
from runbook_lib.model.account.time_rule import Condition, Conditions, Rule, rule_holds

__all__ = [
    "AccountFlags",
    "AllowedAddresses",
    "ApiKeyDetails",
    "Attribute",
    "CbrRule",
    "CbrRules",
    "ClusterInfo",
    "Condition",
    "Conditions",
    "Decision",
    "KeyOwner",
    "KeyState",
    "ListedImage",
    "LoginInfo",
    "Namespace",
    "Namespaces",
    "OwnerKind",
    "Plan",
    "Policies",
    "Policy",
    "Quota",
    "RegistryImages",
    "Role",
    "Rule",
    "ServiceId",
    "ServiceIds",
    "Verdict",
    "kind_of",
    "policy_allows_pull",
    "rule_holds",
]
