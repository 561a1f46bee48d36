"""The answers of IAM's policies and access groups and of Context-Based Restrictions, as far as they are used.

Names as on the wire, but for their case; other shapes are refused. Lists that Go services send as null when they
are empty are optional. Sources: the SDK's models and the API's pages.
"""

from __future__ import annotations

import msgspec


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
