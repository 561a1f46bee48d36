"""IAM's policy service: policies in their first and second form, and the roles with their actions.

Policies that the caller may not read are left out without a word: an empty list is not "no policy". The first
form cannot express conditions, so it lists only the policies without any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runbook_lib.lab.cloud import roles
from runbook_lib.lab.cloud.decision import may
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.errors import no_authorization
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.paging import address, cut, number
from runbook_lib.lab.cloud.state import Policy
from runbook_lib.lab.wire import Reply, Request, json_reply

_STAMP = "2026-01-10T09:00:00.000Z"


@dataclass(frozen=True, slots=True)
class PolicyService:
    """Answers /v1/policies, /v2/policies and /v2/roles at iam.cloud.ibm.com."""

    directory: Directory
    tokens: IamTokens

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        caller = self.tokens.holder(request.bearer)
        if caller is None:
            return no_authorization()
        if request.path == "/v2/roles":
            return self._roles(request)
        found = self._visible(caller, request.parameters)
        if request.path == "/v1/policies":
            items = [self._first_form(name, policy) for name, policy in found if not policy.rule]
        else:
            display = request.parameters.get("format") == "display"
            items = [self._second_form(name, policy, display) for name, policy in found]
        chosen, page = cut(
            items,
            number(request.parameters.get("start", ""), 0),
            number(request.parameters.get("limit", ""), 50),
        )
        body: dict[str, Any] = {
            "limit": page.limit,
            "first": {"href": address(request, start="0")},
            "policies": chosen,
        }
        if page.next_token:
            body["next"] = {"href": address(request, start=page.next_token), "start": page.next_token}
        return json_reply(200, body)

    def _visible(self, caller: Identity, query: dict[str, str]) -> list[tuple[str, Policy]]:
        account = self.directory.account_of(query.get("account_id", "")) or ""
        reads_all = bool(account) and may(self.directory, caller, roles.READ_POLICIES, account)
        found = []
        for name, policy in self.directory.data.policies.items():
            key, subject = self._subject(policy)
            if self.directory.policy_account(policy) != account or policy.state != query.get("state", "active"):
                continue
            if not reads_all and subject != caller.iam_id:
                continue
            if any(query.get(wanted) not in (None, subject if key == wanted else "") for wanted in _SUBJECTS):
                continue
            service = query.get("service_name")
            if service and policy.resource.get("serviceName") != service:
                continue
            found.append((name, policy))
        return found

    def _subject(self, policy: Policy) -> tuple[str, str]:
        if policy.subject in self.directory.data.access_groups:
            return "access_group_id", self.directory.group_id(policy.subject)
        return "iam_id", self.directory.identities[policy.subject].iam_id

    def _attributes(self, policy: Policy) -> list[tuple[str, str, str]]:
        account_id = self.directory.account_id(self.directory.policy_account(policy))
        pairs = {"accountId": account_id, **policy.resource}
        if "resourceGroupId" in pairs:
            pairs["resourceGroupId"] = self.directory.resource_group_id(pairs["resourceGroupId"])
        return [
            (key, "stringMatch" if {"*", "?"} & set(value) else "stringEquals", value) for key, value in pairs.items()
        ]

    def _role_ids(self, policy: Policy) -> list[tuple[str, str]]:
        custom = self.directory.data.roles
        account_id = self.directory.account_id(self.directory.policy_account(policy))
        return [(roles.role_crn(role, account_id if role in custom else ""), role) for role in policy.roles]

    def _common(self, name: str, policy: Policy) -> dict[str, Any]:
        return {
            "id": self.directory.policy_id(name),
            "type": "access",
            "description": policy.description,
            "created_at": _STAMP,
            "created_by_id": "IBMid-LABADMIN",
            "last_modified_at": _STAMP,
            "last_modified_by_id": "IBMid-LABADMIN",
            "state": policy.state,
        }

    def _first_form(self, name: str, policy: Policy) -> dict[str, Any]:
        key, subject = self._subject(policy)
        return {
            **self._common(name, policy),
            "href": f"https://iam.cloud.ibm.com/v1/policies/{self.directory.policy_id(name)}",
            "subjects": [{"attributes": [{"name": key, "value": subject}]}],
            "roles": [{"role_id": crn, "display_name": role} for crn, role in self._role_ids(policy)],
            "resources": [
                {"attributes": [{"name": k, "operator": o, "value": v} for k, o, v in self._attributes(policy)]}
            ],
        }

    def _second_form(self, name: str, policy: Policy, display: bool) -> dict[str, Any]:
        key, subject = self._subject(policy)
        granted = [
            {"role_id": crn, **({"display_name": role} if display else {})} for crn, role in self._role_ids(policy)
        ]
        condition = {"rule": policy.rule, "pattern": policy.pattern} if policy.rule else {}
        return {
            **self._common(name, policy),
            "href": f"https://iam.cloud.ibm.com/v2/policies/{self.directory.policy_id(name)}",
            "subject": {"attributes": [{"key": key, "operator": "stringEquals", "value": subject}]},
            "resource": {"attributes": [{"key": k, "operator": o, "value": v} for k, o, v in self._attributes(policy)]},
            "control": {"grant": {"roles": granted}},
            **condition,
        }

    def _roles(self, request: Request) -> Reply:
        query = request.parameters
        account = self.directory.account_of(query.get("account_id", ""))
        custom = [
            {
                "id": name,
                "name": name,
                "display_name": role.title or name,
                "description": "",
                "account_id": query.get("account_id", ""),
                "service_name": role.service_name,
                "actions": list(role.actions),
                "crn": roles.role_crn(name, query.get("account_id", "")),
            }
            for name, role in self.directory.data.roles.items()
            if role.account == account
        ]
        service = [
            self._role(name, actions)
            for name, actions in roles.SERVICE_ROLES.items()
            if query.get("service_name") in (None, roles.REGISTRY)
        ]
        system = [self._role(name, ()) for name in roles.PLATFORM_ROLES]
        return json_reply(200, {"custom_roles": custom, "service_roles": service, "system_roles": system})

    @staticmethod
    def _role(name: str, actions: tuple[str, ...]) -> dict[str, Any]:
        return {
            "display_name": name,
            "description": "",
            "actions": list(actions),
            "crn": roles.role_crn(name),
        }


_SUBJECTS = ("iam_id", "access_group_id")
