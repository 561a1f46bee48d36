"""What else decides whether a pull goes through: context-based restrictions, allowed addresses, the
cluster.

Sources: the Context-Based Restrictions API, the IAM Identity API (account settings), the Kubernetes Service
API.
"""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.model.account.decision import Decision, no
from runbook_lib.model.account.resource_match import Attribute, RegistryNamespace, names_namespace
from runbook_lib.model.image_ref import RegistryHost


@dataclass(frozen=True, slots=True)
class CbrRule:
    """A context-based restriction: on which resources, from which contexts it lets requests through.

    `enforcement` is enabled, report (watches, refuses nothing) or disabled. Changes take up to ten minutes
    to hold.
    """

    id: str
    enforcement: str
    attributes: tuple[Attribute, ...]
    contexts: tuple[tuple[Attribute, ...], ...] = ()
    tags: tuple[Attribute, ...] = ()
    description: str = ""

    @property
    def says(self) -> str:
        """One line of evidence."""
        allowed = " or ".join(" and ".join(map(str, context)) for context in self.contexts) or "nowhere"
        return f"{', '.join(map(str, self.attributes))}: allowed from {allowed} ({self.enforcement})"

    def restricts(self, namespace: str, host: RegistryHost, *, resource_group: str | None = None) -> Decision:
        """Decides whether the rule is in force for pulls from this namespace; not whether a caller passes
        it.
        """
        if self.enforcement != "enabled":
            return no(f"its enforcement is {self.enforcement}")
        return names_namespace(self.attributes, self.tags, RegistryNamespace(namespace, host, resource_group))


@dataclass(frozen=True, slots=True)
class CbrRules:
    """The account's context-based restrictions on the registry."""

    account_id: str
    rules: tuple[CbrRule, ...]

    def restricting(self, namespace: str, host: RegistryHost) -> tuple[CbrRule, ...]:
        """Returns those that are, or may be, in force for pulls from this namespace."""
        return tuple(rule for rule in self.rules if not rule.restricts(namespace, host).is_no)


@dataclass(frozen=True, slots=True)
class AllowedAddresses:
    """The addresses from which the account takes requests; none named means that all are taken."""

    account_id: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusterInfo:
    """A cluster as IBM Cloud's Kubernetes service knows it.

    `pull_secret_applied` is None where the service does not say whether it has put `all-icr-io` into
    `default`.
    """

    id: str
    name: str
    pull_secret_applied: bool | None
    account_id: str = ""
    region: str = ""
    state: str = ""
    type: str = ""
    provider: str = ""
    resource_group: str = ""
    crn: str = ""
