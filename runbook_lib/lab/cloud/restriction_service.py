"""Context-based restrictions: the rules of an account, to those who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runbook_lib.lab.cloud import made_up, roles
from runbook_lib.lab.cloud.decision import may
from runbook_lib.lab.cloud.directory import Directory
from runbook_lib.lab.cloud.errors import iam_policy_error, no_authorization
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.state import Restriction
from runbook_lib.lab.wire import Reply, Request, json_reply

_STAMP = "2026-01-10T09:00:00.000Z"
_CONTEXTS = {
    "private": [{"attributes": [{"name": "endpointType", "value": "private"}]}],
    "nothing": [{"attributes": [{"name": "networkZoneId", "value": made_up.hex_id("zone", "office")}]}],
}


@dataclass(frozen=True, slots=True)
class RestrictionService:
    """Answers GET /v1/rules at cbr.cloud.ibm.com."""

    directory: Directory
    tokens: IamTokens

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        caller = self.tokens.holder(request.bearer)
        if caller is None:
            return no_authorization()
        query = request.parameters
        account = self.directory.account_of(query.get("account_id", ""))
        if account is None or not may(self.directory, caller, roles.READ_RULES, account):
            return iam_policy_error(403, "insufficent_permissions", "The caller may not read the rules.")
        rules = [
            self._rule(name, rule)
            for name, rule in self.directory.data.restrictions.items()
            if rule.account == account
            and query.get("service_name") in (None, roles.REGISTRY)
            and query.get("enforcement_mode") in (None, rule.enforcement)
            and query.get("resource") in (None, rule.resource.get("resource"))
            and query.get("region") in (None, rule.resource.get("region"))
        ]
        return json_reply(200, {"count": len(rules), "rules": rules})

    def _rule(self, name: str, rule: Restriction) -> dict[str, Any]:
        rule_id = rule.id or made_up.hex_id("rule", name)
        account_id = self.directory.account_id(rule.account)
        attributes = {"accountId": account_id, "serviceName": roles.REGISTRY, **rule.resource}
        return {
            "id": rule_id,
            "crn": f"crn:v1:bluemix:public:context-based-restrictions:global:a/{account_id}::rule:{rule_id}",
            "description": rule.description or name,
            "contexts": _CONTEXTS[rule.allowed],
            "resources": [
                {
                    "attributes": [
                        {"name": key, "value": value, "operator": "stringEquals"} for key, value in attributes.items()
                    ]
                }
            ],
            "operations": {
                "api_types": [{"api_type_id": "crn:v1:bluemix:public:context-based-restrictions::::api-type:"}]
            },
            "enforcement_mode": rule.enforcement,
            "href": f"https://cbr.cloud.ibm.com/v1/rules/{rule_id}",
            "created_at": _STAMP,
            "created_by_id": "IBMid-LABADMIN",
            "last_modified_at": _STAMP,
            "last_modified_by_id": "IBMid-LABADMIN",
        }
