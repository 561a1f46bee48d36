"""Looks things up in the cloud's state: by name, by id, by key value; and says whether a key still works."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from runbook_lib.lab.cloud import made_up
from runbook_lib.lab.cloud.state import AccessGroup, ApiKey, CloudData, Entitlement, Policy, Profile


class KeyFault(StrEnum):
    """Why an API key does not work."""

    UNKNOWN = "unknown"
    DELETED = "deleted"
    DISABLED = "disabled"
    EXPIRED = "expired"
    OWNER_GONE = "owner-gone"


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who can hold policies: `name` in the state, `iam_id` in the APIs, `account` they belong to."""

    name: str
    kind: Literal["user", "service-id", "profile"]
    iam_id: str
    account: str
    title: str = ""

    @property
    def id(self) -> str:
        """The id without the prefix that policies use."""
        return self.iam_id.removeprefix("iam-")


class Directory:
    """Read-only look-ups over the data; unknown names raise KeyError, for they are mistakes of the
    scenario.
    """

    def __init__(self, data: CloudData) -> None:
        self.data = data
        self.identities = {identity.name: identity for identity in self._identities()}

    def now(self) -> datetime:
        """Returns the lab's time: fixed where the state says so."""
        return self.data.now or datetime.now(UTC)

    def _identities(self) -> list[Identity]:
        users = [
            Identity(name, "user", user.iam_id or made_up.ibm_id(name), user.account, user.email or name)
            for name, user in self.data.users.items()
        ]
        services = [
            Identity(
                name,
                "service-id",
                f"iam-{s.id or made_up.uuid_id('ServiceId', name)}",
                s.account,
                s.title or name,
            )
            for name, s in self.data.service_ids.items()
        ]
        profiles = [
            Identity(name, "profile", f"iam-{self.profile_id(name)}", profile.account, profile.title or name)
            for name, profile in self.data.profiles.items()
        ]
        return [*users, *services, *profiles]

    def profile_id(self, name: str) -> str:
        """Returns the id of a trusted profile, which is the registry's user name for it."""
        return self.data.profiles[name].id or made_up.uuid_id("Profile", name)

    def account_id(self, name: str) -> str:
        """Returns the id of an account."""
        return self.data.accounts[name].id or made_up.hex_id("account", name)

    def account_of(self, account_id: str) -> str | None:
        """Returns the name of the account with this id."""
        return next((name for name in self.data.accounts if self.account_id(name) == account_id), None)

    def resource_group_id(self, name: str) -> str:
        """Returns the id of a resource group."""
        return self.data.resource_groups.get(name) or made_up.hex_id("resource group", name)

    def group_id(self, name: str) -> str:
        """Returns the id of an access group."""
        return self.data.access_groups[name].id or made_up.uuid_id("AccessGroupId", name)

    def cluster_id(self, name: str) -> str:
        """Returns the id of a cluster."""
        return self.data.clusters[name].id or made_up.cluster_id(name)

    def key_id(self, name: str) -> str:
        """Returns the id of an API key, which is no secret."""
        return self.data.api_keys[name].id or made_up.uuid_id("ApiKey", name)

    def policy_id(self, name: str) -> str:
        """Returns the id of a policy."""
        return self.data.policies[name].id or made_up.uuid_id("policy", name).removeprefix("policy-")

    def by_iam_id(self, iam_id: str) -> Identity | None:
        """Returns the identity with this IAM id."""
        return next((identity for identity in self.identities.values() if identity.iam_id == iam_id), None)

    def groups_of(self, identity: Identity) -> dict[str, AccessGroup]:
        """Returns the access groups of which the identity is a member."""
        return {name: g for name, g in self.data.access_groups.items() if identity.name in g.members}

    def policies_of(self, identity: Identity) -> dict[str, Policy]:
        """Returns the active policies that the identity holds itself or through an access group."""
        subjects = {identity.name, *self.groups_of(identity)}
        return {n: p for n, p in self.data.policies.items() if p.subject in subjects and p.state == "active"}

    def policy_account(self, policy: Policy) -> str:
        """Returns the account that a policy belongs to."""
        if policy.account:
            return policy.account
        group = self.data.access_groups.get(policy.subject)
        return group.account if group else self.identities[policy.subject].account

    def key_value(self, name: str) -> str:
        """Returns the secret value of the API key, entitlement key or registry token of this name.

        Raises KeyError when there is none.
        """
        if name in self.data.api_keys:
            return self.data.api_keys[name].value or made_up.api_key(name)
        if name in self.data.entitlements:
            return self.data.entitlements[name].value or made_up.entitlement_key(name)
        return made_up.registry_token(name, self.account_id(self.data.registry_tokens[name].account))

    def find_key(self, value: str) -> tuple[str, ApiKey] | None:
        """Returns the name and the description of the API key with this value, also of a deleted one."""
        for name, key in self.data.api_keys.items():
            if hmac.compare_digest(self.key_value(name).encode(), value.encode()):
                return name, key
        return None

    def find_entitlement(self, value: str) -> tuple[str, Entitlement] | None:
        """Returns the name and the products of the entitlement key with this value."""
        for name, entitlement in self.data.entitlements.items():
            if hmac.compare_digest(self.key_value(name).encode(), value.encode()):
                return name, entitlement
        return None

    def holder(self, value: str) -> Identity | KeyFault:
        """Returns whose key this is, or why the key does not work."""
        found = self.find_key(value)
        if found is None:
            return KeyFault.UNKNOWN
        _, key = found
        if key.deleted:
            return KeyFault.DELETED
        service = self.data.service_ids.get(key.owner)
        if service is not None and service.deleted:
            return KeyFault.OWNER_GONE
        if key.disabled:
            return KeyFault.DISABLED
        if key.expires_at is not None and key.expires_at <= self.now():
            return KeyFault.EXPIRED
        return self.identities[key.owner]

    def assumable(self, profile_id: str) -> tuple[str, Profile] | None:
        """Returns the trusted profile with this id."""
        profiles = self.data.profiles.items()
        return next(((name, p) for name, p in profiles if self.profile_id(name) == profile_id), None)
