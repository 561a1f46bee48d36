"""Access policies of an identity, in IAM's second version, normalised; and whether one lets it pull an image.

Sources: the IAM Policy Management API (v2), the access page of IBM Cloud Container Registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runbook_lib.model.account.decision import Decision, Verdict, all_of, any_of, no, unsure, yes
from runbook_lib.model.account.resource_match import Attribute, RegistryNamespace, names_namespace
from runbook_lib.model.account.time_rule import Rule, rule_holds
from runbook_lib.model.image_ref import RegistryHost
from runbook_lib.model.unavailable import Unavailable

PULL_ACTION = "container-registry.image.pull"
_ROLES_THAT_PULL = frozenset({"Reader", "Writer", "Manager"})
_ROLES_THAT_DO_NOT = frozenset({"Administrator", "Editor", "Operator", "Viewer"})
ALL_SERVICES = "all"


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a policy: its CRN, its name (often just the CRN's end), its actions where told."""

    id: str
    name: str
    actions: tuple[str, ...] = ()

    @property
    def is_custom(self) -> bool:
        """True for a role that the account has made itself; its name says nothing of what it may do."""
        return ":customRole:" in self.id


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: which roles, on which resources, under which conditions; `group` where it comes by an
    access group.
    """

    id: str
    roles: tuple[Role, ...]
    attributes: tuple[Attribute, ...]
    type: str = "access"
    state: str = "active"
    tags: tuple[Attribute, ...] = ()
    rule: Rule | None = None
    pattern: str = ""
    subject: tuple[Attribute, ...] = ()
    group: str = ""
    description: str = ""

    @property
    def service(self) -> str:
        """The service's name, `all` for all services, empty where a resource group or nothing is named
        instead.
        """
        named = self._value("serviceName")
        return named or (ALL_SERVICES if self._value("serviceType") == "service" else "")

    @property
    def region(self) -> str:
        """The region it is limited to, if any."""
        return self._value("region")

    @property
    def geography(self) -> str:
        """The geography it is limited to, if any; `global` is icr.io."""
        return self._value("geography")

    @property
    def resource_type(self) -> str:
        """The type of resource it is limited to; `namespace` for the registry."""
        return self._value("resourceType")

    @property
    def resource(self) -> str:
        """The resource it is limited to: a namespace, perhaps with wildcards."""
        return self._value("resource")

    @property
    def resource_group(self) -> str:
        """The id of the resource group it is limited to, if any."""
        return self._value("resourceGroupId") or self._value("resourceGroup")

    @property
    def says(self) -> str:
        """One line of evidence: roles, resources, condition, group."""
        parts = [
            ", ".join(role.name for role in self.roles) or "no role",
            "on",
            ", ".join(map(str, self.attributes)),
        ]
        parts += [f"with tags {', '.join(map(str, self.tags))}"] if self.tags else []
        parts += [f"while {self.rule}"] if self.rule else []
        parts += [f"by the access group {self.group}"] if self.group else []
        return " ".join(parts)

    def _value(self, key: str) -> str:
        values = [a.value for a in self.attributes if a.key == key]
        return ",".join(v if isinstance(v, str) else ",".join(v) if isinstance(v, tuple) else str(v) for v in values)


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of an identity that the login may see, its access groups' included.

    IAM leaves out what the login may not see, without a word: an empty list means "none visible to you".
    `unread` says which part could not be read at all.
    """

    iam_id: str
    account_id: str
    policies: tuple[Policy, ...]
    groups: tuple[str, ...] = ()
    unread: tuple[Unavailable, ...] = ()

    @property
    def none_visible(self) -> bool:
        """True where no policy was shown: the identity has none, or the login may see none."""
        return not self.policies

    def allow_pull(
        self,
        namespace: str,
        host: RegistryHost,
        *,
        now: datetime | None = None,
        resource_group: str | None = None,
        account_id: str = "",
    ) -> Decision:
        """Decides over all of them. No is said only where policies were seen and every part could be read.

        Even then it is a no of what is visible; the registry's own refusal has to agree.
        """
        decisions = [
            policy_allows_pull(policy, namespace, host, now=now, resource_group=resource_group, account_id=account_id)
            for policy in self.policies
        ]
        joined = any_of(decisions, f"none of the {len(decisions)} policies that you may see covers it")
        if not joined.is_no:
            return joined
        if self.unread:
            return unsure("; ".join(map(str, self.unread)))
        return unsure("no policy of this identity is visible to you") if self.none_visible else joined


def policy_allows_pull(
    policy: Policy,
    namespace: str,
    host: RegistryHost,
    *,
    now: datetime | None = None,
    resource_group: str | None = None,
    account_id: str = "",
) -> Decision:
    """Decides whether one policy lets its subject pull from this namespace of the registry behind `host`.

    Writer alone may pull, Administrator alone may not. Time conditions are decided by `now`, and left
    undecided without it; a resource group is compared only where the namespace's own is known (empty: it
    has none).
    """
    if policy.type != "access":
        return no(f"it is a policy of type {policy.type}, not an access policy")
    if policy.state != "active":
        return no(f"it is {policy.state}")
    wanted = RegistryNamespace(namespace, host, resource_group, account_id)
    named = names_namespace(policy.attributes, policy.tags, wanted)
    joined = all_of((_roles_allow(policy.roles), named, _rule_allows(policy.rule, now)))
    return Decision(Verdict.YES, policy.says) if joined.is_yes else joined


def _roles_allow(roles: tuple[Role, ...]) -> Decision:
    names = ", ".join(role.name for role in roles) or "no role"
    return any_of(map(_role_allows, roles), f"{names} may not pull (Reader, Writer and Manager may)")


def _role_allows(role: Role) -> Decision:
    if not role.is_custom and role.name in _ROLES_THAT_PULL:
        return yes(role.name)
    if PULL_ACTION in role.actions:
        return yes(f"{role.name} holds {PULL_ACTION}")
    if role.actions or (not role.is_custom and role.name in _ROLES_THAT_DO_NOT):
        return no(f"{role.name} may not pull")
    return unsure(f"what the role {role.name} may do is not known")


def _rule_allows(rule: Rule | None, now: datetime | None) -> Decision:
    if rule is None:
        return yes("")
    holds = rule_holds(rule, now) if now else None
    if holds is None:
        return unsure(f"it holds only while {rule}")
    return yes(str(rule)) if holds else no(f"it holds only while {rule}, which is not so now")
