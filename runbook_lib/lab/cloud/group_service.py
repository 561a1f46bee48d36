"""IAM's access groups: those of an account or of one member, as far as the caller may read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runbook_lib.lab.cloud import roles
from runbook_lib.lab.cloud.decision import may
from runbook_lib.lab.cloud.directory import Directory
from runbook_lib.lab.cloud.errors import no_authorization
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.paging import address, cut, number
from runbook_lib.lab.wire import Reply, Request, json_reply

_STAMP = "2026-01-10T09:00:00Z"
PUBLIC_GROUP = "AccessGroupId-PublicAccess"


@dataclass(frozen=True, slots=True)
class GroupService:
    """Answers GET /v2/groups at iam.cloud.ibm.com."""

    directory: Directory
    tokens: IamTokens

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        caller = self.tokens.holder(request.bearer)
        if caller is None:
            return no_authorization()
        query = request.parameters
        account = self.directory.account_of(query.get("account_id", ""))
        groups: list[dict[str, Any]] = []
        if account is not None and may(self.directory, caller, roles.READ_GROUPS, account):
            groups = self._groups(account, query.get("iam_id", ""), query.get("hide_public_access") == "true")
        offset, limit = number(query.get("offset", ""), 0), number(query.get("limit", ""), 50)
        chosen, page = cut(groups, offset, limit)
        body: dict[str, Any] = {
            "limit": page.limit,
            "offset": page.start,
            "total_count": len(groups),
            "first": {"href": address(request, offset="0")},
            "last": {"href": address(request, offset="0")},
            "groups": chosen,
        }
        if page.next_token:
            body["next"] = {"href": address(request, offset=page.next_token)}
        return json_reply(200, body)

    def _groups(self, account: str, iam_id: str, hide_public: bool) -> list[dict[str, Any]]:
        member = self.directory.by_iam_id(iam_id) if iam_id else None
        found = [] if hide_public else [self._group(PUBLIC_GROUP, "Public Access", "", account)]
        for name, group in self.directory.data.access_groups.items():
            if group.account == account and (not iam_id or (member and member.name in group.members)):
                group_id = self.directory.group_id(name)
                found.append(self._group(group_id, group.title or name, group.description, account))
        return found

    def _group(self, group_id: str, title: str, description: str, account: str) -> dict[str, Any]:
        return {
            "id": group_id,
            "name": title,
            "description": description,
            "account_id": self.directory.account_id(account),
            "created_at": _STAMP,
            "created_by_id": "IBMid-LABADMIN",
            "last_modified_at": _STAMP,
            "last_modified_by_id": "IBMid-LABADMIN",
            "href": f"https://iam.cloud.ibm.com/v2/groups/{group_id}",
            "is_federated": False,
        }
