"""The answers of IBM Cloud's APIs, field by field as far as they are used; other shapes are refused.

Names as on the wire, but for their case. Lists that Go services send as null when they are empty are
optional. Sources: the SDKs' models, the API pages of Container Registry, IAM, Context-Based Restrictions and
the Kubernetes Service.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Image(msgspec.Struct, rename="pascal"):
    """An item of GET /api/v1/images."""

    id: str = ""
    digest_tags: dict[str, list[str] | None] | None = None
    repo_digests: list[str] | None = None
    repo_tags: list[str] | None = None
    manifest_type: str | None = None
    created: int | None = None
    size: int | None = None


class Digest(msgspec.Struct, rename="camel"):
    """An item of POST /api/v1/images/digests."""

    id: str
    repo_tags: dict[str, dict[str, Any] | None] | None = None
    manifest_type: str | None = None
    created: int | None = None
    size: int | None = None


class Amounts(msgspec.Struct):
    """Bytes of storage and of pull traffic."""

    storage_bytes: int
    traffic_bytes: int


class Quota(msgspec.Struct):
    """GET /api/v1/quotas."""

    limit: Amounts
    usage: Amounts


class Plan(msgspec.Struct):
    """GET /api/v1/plans."""

    plan: str


class Namespace(msgspec.Struct):
    """An item of GET /api/v1/namespaces/details."""

    name: str
    resource_group: str | None = None
    crn: str | None = None
    created_date: str | None = None


class AccountFlags(msgspec.Struct):
    """GET /api/v1/auth."""

    private_only: bool | None = None
    iam_authz: bool | None = None


class ServiceId(msgspec.Struct):
    """GET /v1/serviceids/{id}, and an item of the listing."""

    iam_id: str
    account_id: str
    name: str = ""
    description: str | None = None
    locked: bool = False
    created_at: str | None = None


class ServiceIdPage(msgspec.Struct):
    """GET /v1/serviceids."""

    serviceids: list[ServiceId] | None = None
    next: str | None = None


class ApiKey(msgspec.Struct):
    """GET /v1/apikeys/details, without the key's value, which may be in it."""

    id: str
    iam_id: str
    account_id: str
    name: str = ""
    description: str | None = None
    disabled: bool | None = None
    locked: bool = False
    created_at: str | None = None
    expires_at: str | None = None
    action_when_leaked: str | None = None


class AccountSettings(msgspec.Struct):
    """GET /v1/accounts/{id}/settings/identity."""

    allowed_ip_addresses: str | None = None


class PolicyAttribute(msgspec.Struct):
    """An attribute of a subject or resource; rules of CBR call the key `name`."""

    key: str = ""
    name: str = ""
    operator: str = "stringEquals"
    value: str | bool | list[str] = ""


class Attributes(msgspec.Struct):
    """Attributes and tags of a subject or resource, or the attributes of a context."""

    attributes: list[PolicyAttribute] | None = None
    tags: list[PolicyAttribute] | None = None


class Action(msgspec.Struct):
    """An action of a role, told with `format=display`."""

    id: str


class Role(msgspec.Struct):
    """A role of a policy; only its id is sure to be there."""

    role_id: str
    display_name: str | None = None
    actions: list[Action] | None = None


class Grant(msgspec.Struct):
    """What a policy grants."""

    roles: list[Role] | None = None


class Control(msgspec.Struct):
    """The grant of a policy, where it has one."""

    grant: Grant = msgspec.field(default_factory=Grant)


class Rule(msgspec.Struct):
    """A condition of a policy, or conditions joined by `operator`."""

    operator: str = ""
    key: str = ""
    value: str | bool | list[str] = ""
    conditions: list[Rule] | None = None


class Policy(msgspec.Struct):
    """An item of GET /v2/policies."""

    id: str
    type: str = "access"
    state: str = "active"
    description: str | None = None
    subject: Attributes | None = None
    resource: Attributes | None = None
    control: Control = msgspec.field(default_factory=Control)
    rule: Rule | None = None
    pattern: str | None = None


class CustomRole(msgspec.Struct):
    """A custom role of GET /v2/roles."""

    crn: str
    actions: list[str] | None = None


class Roles(msgspec.Struct):
    """GET /v2/roles."""

    custom_roles: list[CustomRole] | None = None


class Link(msgspec.Struct):
    """A link to another page."""

    href: str | None = None
    start: str | None = None


class PolicyPage(msgspec.Struct):
    """GET /v2/policies."""

    policies: list[Policy] | None = None
    next: Link | None = None


class Group(msgspec.Struct):
    """An item of GET /v2/groups."""

    id: str
    name: str = ""


class GroupPage(msgspec.Struct):
    """GET /v2/groups."""

    groups: list[Group] | None = None
    total_count: int | None = None
    next: Link | None = None


class CbrRule(msgspec.Struct):
    """An item of GET /v1/rules."""

    id: str
    enforcement_mode: str = "enabled"
    description: str | None = None
    contexts: list[Attributes] | None = None
    resources: list[Attributes] | None = None


class CbrRuleList(msgspec.Struct):
    """GET /v1/rules."""

    rules: list[CbrRule] | None = None


class Features(msgspec.Struct, rename="camel"):
    """Features of a VPC cluster."""

    pull_secret_applied: bool | None = None


class Cluster(msgspec.Struct, rename="camel"):
    """GET /global/v2/getCluster: `pullSecretApplied` stands at the top for classic clusters, in `features`
    for VPC.
    """

    id: str
    name: str = ""
    pull_secret_applied: bool | None = None
    features: Features | None = None
    crn: str | None = None
    region: str | None = None
    state: str | None = None
    type: str | None = None
    provider: str | None = None
    resource_group_name: str | None = None
