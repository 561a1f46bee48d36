"""The lab's IBM Cloud as plain data: accounts, identities, keys, policies, namespaces, restrictions,
clusters.

Everything is kept by a short name, by which the rest of the state (and a scenario) refers to it; an overlay
that sets a name to null takes it away. What is absent here (ids, key values) is made from the name, so it is
the same at every start.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import field

from runbook_lib.lab.registry.state import Plain


class Quota(Plain, frozen=True):
    """Plan, limits and usage of one account at one registry, in bytes; -1 is unlimited."""

    plan: str = "Standard"
    storage_limit: int = -1
    traffic_limit: int = -1
    storage_used: int = 0
    traffic_used: int = 0


class Account(Plain, frozen=True):
    """One account; an inactive one is refused by the registry, a `private_only` one over the public
    network.
    """

    id: str = ""
    title: str = ""
    active: bool = True
    private_only: bool = False
    platform_metrics: bool = False
    allowed_ip_addresses: str = ""
    quotas: dict[str, Quota] = field(default_factory=dict)


class User(Plain, frozen=True):
    """A person; `account` is the one that they log in to."""

    account: str
    iam_id: str = ""
    email: str = ""


class ServiceId(Plain, frozen=True):
    """A service ID; `locked` blocks changes, not its use, and a deleted one takes its keys with it."""

    account: str
    id: str = ""
    title: str = ""
    description: str = ""
    locked: bool = False
    deleted: bool = False


class Profile(Plain, frozen=True):
    """A trusted profile, assumed with the API keys of the identities named in `assumable_by`."""

    account: str
    id: str = ""
    title: str = ""
    assumable_by: tuple[str, ...] = ()


class ApiKey(Plain, frozen=True):
    """An API key of a user or a service ID; its `value` is made from its name unless given."""

    owner: str
    value: str = ""
    id: str = ""
    title: str = ""
    description: str = ""
    disabled: bool = False
    locked: bool = False
    deleted: bool = False
    expires_at: datetime | None = None
    created_at: datetime = datetime.fromisoformat("2026-01-10T09:00:00+00:00")
    action_when_leaked: Literal["none", "disable", "delete"] = "none"

    def __repr__(self) -> str:
        return f"ApiKey(owner={self.owner!r}, value=***)"


class Entitlement(Plain, frozen=True):
    """An entitlement key for cp.icr.io, and the repositories of the products that it covers, as patterns."""

    products: tuple[str, ...] = ("cp/*",)
    value: str = ""
    active: bool = True

    def __repr__(self) -> str:
        return f"Entitlement(products={self.products!r}, value=***)"


class RegistryToken(Plain, frozen=True):
    """A registry token of former years (user name `token`); no registry accepts one any more."""

    account: str
    description: str = ""


class AccessGroup(Plain, frozen=True):
    """An access group and its members (users, service IDs, profiles by name)."""

    account: str
    id: str = ""
    title: str = ""
    description: str = ""
    members: tuple[str, ...] = ()


class Policy(Plain, frozen=True):
    """An access policy of one subject: roles over the resources that `resource` describes.

    `subject` is the name of an identity or of an access group. `resource` maps attribute keys (serviceName,
    serviceType, resourceGroupId, region, geography, resourceType, resource) to values; a value with `*` or
    `?` is a stringMatch. `rule` is a v2 condition as the API writes it. `account` is the subject's own unless
    given.
    """

    subject: str
    roles: tuple[str, ...]
    resource: dict[str, str]
    account: str = ""
    description: str = ""
    rule: dict[str, Any] | None = None
    pattern: str = ""
    state: Literal["active", "deleted"] = "active"
    id: str = ""


class Role(Plain, frozen=True):
    """A custom role: the actions that it allows."""

    account: str
    actions: tuple[str, ...]
    title: str = ""
    service_name: str = "container-registry"


class Namespace(Plain, frozen=True):
    """A registry namespace: its owning account, its resource group if any, and whether anyone may pull from
    it.
    """

    account: str
    resource_group: str = ""
    public: bool = False
    created: str = "2025-03-01T10:00:00.000Z"


class Restriction(Plain, frozen=True):
    """A context-based restriction on container-registry: without `allowed`, no request passes.

    `allowed` names what the rule's contexts let through; `private` requests are those to private host names.
    """

    account: str
    description: str = ""
    resource: dict[str, str] = field(default_factory=dict)
    allowed: Literal["nothing", "private"] = "nothing"
    enforcement: Literal["enabled", "disabled", "report"] = "enabled"
    id: str = ""


class Cluster(Plain, frozen=True):
    """A cluster as the cluster service describes it."""

    account: str
    id: str = ""
    title: str = ""
    region: str = "us-south"
    provider: Literal["classic", "vpc-gen2"] = "vpc-gen2"
    type: Literal["openshift", "kubernetes"] = "openshift"
    version: str = "4.17.12_1547_openshift"
    state: str = "normal"
    resource_group: str = "default"
    pull_secret_applied: bool = True


class CloudData(Plain, frozen=True):
    """The whole cloud of a lab. `now` fixes the clock of conditions and expiry; absent, it is the real
    one.
    """

    now: datetime | None = None
    accounts: dict[str, Account] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    service_ids: dict[str, ServiceId] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    entitlements: dict[str, Entitlement] = field(default_factory=dict)
    registry_tokens: dict[str, RegistryToken] = field(default_factory=dict)
    access_groups: dict[str, AccessGroup] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    resource_groups: dict[str, str] = field(default_factory=dict)
    namespaces: dict[str, dict[str, Namespace]] = field(default_factory=dict)
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)


def parse(data: dict[str, Any]) -> CloudData:
    """Returns the data in its typed form; raises msgspec.ValidationError with the place of what does not
    fit.
    """
    return msgspec.convert(data, CloudData)
