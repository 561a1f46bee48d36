"""Readings of access: an identity's policies with those of its access groups, and context-based restrictions.

Policies are read in IAM's second version: time conditions stand only there.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from runbook_lib.model.account import (
    Attribute,
    CbrRule,
    CbrRules,
    Condition,
    Conditions,
    Policies,
    Policy,
    Role,
    Rule,
)
from runbook_lib.model.account.resource_match import REGISTRY_SERVICE
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import policy_wire as wire
from runbook_lib.sources.ibmcloud.connection import Access, Connection
from runbook_lib.sources.ibmcloud.failure import Question, broken
from runbook_lib.sources.ibmcloud.paging import PAGE_SIZE, all_pages, query_value

_VIEWER = "Viewer on all account management services (policies and access groups)"
_ASK_VIEWER = f"Ask for {_VIEWER}."
_NO_GROUP = "IAM shows none to you, not even the group of public access, which everybody is in"


def policies(connection: Connection, iam_id: str, account_id: str) -> Policies | Unavailable:
    """Lists the policies of an identity and of its access groups; `account_id` is the login's where empty."""
    what = f"the access policies of {iam_id}"

    def read(access: Access) -> Policies:
        account = account_id or access.account_id
        own = _all_policies(access, account, iam_id=iam_id)
        found, unread = list(own), list[Unavailable]()
        groups: list[wire.Group] = []
        try:
            groups = _all_groups(access, account, iam_id)
            if not groups:
                unread.append(Unavailable(f"the access groups of {iam_id}", Why.FORBIDDEN, _NO_GROUP, _ASK_VIEWER))
        except Exception as failure:  # its own policies are worth having alone
            unread.append(broken(Question(f"the access groups of {iam_id}", _VIEWER), failure))
        for group in groups:
            name = group.name or group.id
            try:
                found += _all_policies(access, account, name, access_group_id=group.id)
            except Exception as failure:  # as above
                unread.append(broken(Question(f"the policies of the access group {name}", _VIEWER), failure))
        try:
            found = _with_actions(access, account, found)
        except Exception as failure:  # as above
            unread.append(broken(Question("what the account's custom roles may do", _VIEWER), failure))
        names = tuple(group.name or group.id for group in groups)
        return Policies(iam_id, account, tuple(found), names, tuple(unread))

    return connection.ask(Question(what, _VIEWER), read)


def _all_policies(access: Access, account: str, group: str = "", **subject: str) -> list[Policy]:
    client = access.policies()

    def page(start: str | None) -> tuple[list[Policy], str | None]:
        result = client.list_v2_policies(
            account, format="display", limit=PAGE_SIZE, start=start, **subject
        ).get_result()
        said = msgspec.convert(result, wire.PolicyPage)
        following = (said.next.start or query_value(said.next.href, "start")) if said.next else None
        return [policy_of(policy, group) for policy in said.policies or []], following

    return all_pages(page)


def _all_groups(access: Access, account: str, iam_id: str) -> list[wire.Group]:
    client = access.groups()

    def page(offset: str | None) -> tuple[list[wire.Group], str | None]:
        start = int(offset or 0)
        result = client.list_access_groups(
            account, iam_id=iam_id, membership_type="all", limit=PAGE_SIZE, offset=start
        ).get_result()
        said = msgspec.convert(result, wire.GroupPage)
        groups = said.groups or []
        goes_on = bool(groups and said.next and said.next.href)
        return groups, str(start + len(groups)) if goes_on else None

    return all_pages(page)


def _with_actions(access: Access, account: str, found: list[Policy]) -> list[Policy]:
    """Fills in what custom roles may do, where the policies name some and do not tell their actions."""
    if not any(role.is_custom and not role.actions for policy in found for role in policy.roles):
        return found
    result = access.policies().list_roles(account_id=account, service_name=REGISTRY_SERVICE).get_result()
    actions = {role.crn: tuple(role.actions or ()) for role in msgspec.convert(result, wire.Roles).custom_roles or []}
    return [
        replace(policy, roles=tuple(replace(r, actions=r.actions or actions.get(r.id, ())) for r in policy.roles))
        for policy in found
    ]


def cbr_rules(connection: Connection) -> CbrRules | Unavailable:
    """Lists the account's context-based restrictions on the registry."""

    def read(access: Access) -> CbrRules:
        result = access.restrictions().list_rules(access.account_id, service_name=REGISTRY_SERVICE).get_result()
        rules = msgspec.convert(result, wire.CbrRuleList).rules or []
        return CbrRules(access.account_id, tuple(rule for said in rules for rule in _cbr_rules(said)))

    question = Question("the context-based restrictions of the account", "Viewer on context-based restrictions")
    return connection.ask(question, read)


def policy_of(said: wire.Policy, group: str = "") -> Policy:
    """Normalises one policy of the API."""
    resource, subject = said.resource or wire.Attributes(), said.subject or wire.Attributes()
    return Policy(
        said.id,
        tuple(_role(role) for role in said.control.grant.roles or []),
        _attributes(resource.attributes),
        type=said.type,
        state=said.state,
        tags=_attributes(resource.tags),
        rule=_rule(said.rule) if said.rule else None,
        pattern=said.pattern or "",
        subject=_attributes(subject.attributes),
        group=group,
        description=said.description or "",
    )


def _role(said: wire.Role) -> Role:
    """Takes the name off the CRN's end, which is the same in every language; the shown name only for custom
    roles.
    """
    name = said.role_id.rpartition(":")[2]
    custom = ":customRole:" in said.role_id
    shown = said.display_name if custom and said.display_name else name
    return Role(said.role_id, shown, tuple(action.id for action in said.actions or []))


def _attributes(said: list[wire.PolicyAttribute] | None) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(a.key or a.name, a.operator, tuple(a.value) if isinstance(a.value, list) else a.value)
        for a in said or []
    )


def _rule(said: wire.Rule) -> Rule:
    if said.conditions is not None:
        return Conditions(said.operator, tuple(_rule(part) for part in said.conditions))
    values = tuple(said.value) if isinstance(said.value, list) else (str(said.value),)
    return Condition(said.key, said.operator, values)


def _cbr_rules(said: wire.CbrRule) -> list[CbrRule]:
    """Makes one rule for each resource that a restriction names."""
    contexts = tuple(_attributes(context.attributes) for context in said.contexts or [])
    return [
        CbrRule(
            said.id,
            said.enforcement_mode,
            _attributes(resource.attributes),
            contexts,
            _attributes(resource.tags),
            said.description or "",
        )
        for resource in said.resources or []
    ]
