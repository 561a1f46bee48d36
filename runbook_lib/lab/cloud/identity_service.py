"""IAM's identity service: API keys (also by value), service IDs, the account's identity settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from runbook_lib.lab.cloud import roles
from runbook_lib.lab.cloud.decision import may
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.errors import iam_identity_error, no_authorization
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.paging import address, cut, number
from runbook_lib.lab.wire import Reply, Request, json_reply

_SETTINGS = re.compile(r"/v1/accounts/([^/]+)/settings/identity")
_STAMP = "2026-01-10T09:00+0000"


@dataclass(frozen=True, slots=True)
class IdentityService:
    """Answers /v1/apikeys…, /v1/serviceids… and /v1/accounts/…/settings/identity at iam.cloud.ibm.com."""

    directory: Directory
    tokens: IamTokens

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        caller = self.tokens.holder(request.bearer)
        if caller is None:
            return no_authorization()
        path = request.path.rstrip("/")
        settings = _SETTINGS.fullmatch(path)
        if settings:
            return self._settings(caller, settings[1])
        if path == "/v1/apikeys/details":
            return self._key_by_value(caller, request.header("iam-apikey"))
        if path == "/v1/apikeys":
            return self._keys(caller, request)
        if path == "/v1/serviceids":
            return self._service_ids(caller, request)
        kind, _, wanted = path.removeprefix("/v1/").partition("/")
        return self._one(caller, kind, wanted)

    def _key_by_value(self, caller: Identity, value: str) -> Reply:
        found = self.directory.find_key(value)
        if found is None or found[1].deleted or self._gone(found[1].owner):
            return iam_identity_error(404, "BXNIM0415E", "Provided API key could not be found.")
        return self._key_reply(caller, found[0])

    def _key_reply(self, caller: Identity, name: str) -> Reply:
        owner = self.directory.identities[self.directory.data.api_keys[name].owner]
        if owner != caller and not may(self.directory, caller, roles.READ_KEYS, owner.account):
            return self._forbidden()
        return json_reply(200, self._key(name))

    def _one(self, caller: Identity, kind: str, wanted: str) -> Reply:
        data = self.directory.data
        if kind == "apikeys":
            for name, key in data.api_keys.items():
                if self.directory.key_id(name) == wanted and not key.deleted:
                    return self._key_reply(caller, name)
        if kind == "serviceids":
            for name, service in data.service_ids.items():
                identity = self.directory.identities[name]
                if wanted in (identity.id, identity.iam_id) and not service.deleted:
                    allowed = identity == caller or may(self.directory, caller, roles.READ_SERVICE_IDS, service.account)
                    return json_reply(200, self._service_id(name)) if allowed else self._forbidden()
        return iam_identity_error(404, "not_found", "The entity could not be found.")

    def _keys(self, caller: Identity, request: Request) -> Reply:
        query = request.parameters
        account = self._account(caller, query.get("account_id", ""))
        wanted = query.get("iam_id", "") or ("" if query.get("scope") == "account" else caller.iam_id)
        if wanted != caller.iam_id and not may(self.directory, caller, roles.READ_KEYS, account):
            return self._forbidden()
        names = [
            name
            for name, key in self.directory.data.api_keys.items()
            if not key.deleted
            and self.directory.identities[key.owner].account == account
            and wanted in ("", self.directory.identities[key.owner].iam_id)
        ]
        return self._page(request, "apikeys", [self._key(name) for name in names])

    def _service_ids(self, caller: Identity, request: Request) -> Reply:
        account = self._account(caller, request.parameters.get("account_id", ""))
        if not may(self.directory, caller, roles.READ_SERVICE_IDS, account):
            return self._forbidden()
        title = request.parameters.get("name", "")
        found = [
            self._service_id(name)
            for name, service in self.directory.data.service_ids.items()
            if service.account == account and not service.deleted and title in ("", service.title or name)
        ]
        return self._page(request, "serviceids", found)

    def _page(self, request: Request, key: str, items: list[dict[str, Any]]) -> Reply:
        start = number(request.parameters.get("pagetoken", ""), 0)
        chosen, page = cut(items, start, number(request.parameters.get("pagesize", ""), 10))
        following = {"next": address(request, pagetoken=page.next_token)} if page.next_token else {}
        return json_reply(200, {"offset": page.start, "limit": page.limit, **following, key: chosen})

    def _settings(self, caller: Identity, account_id: str) -> Reply:
        account = self.directory.account_of(account_id)
        if account is None or not may(self.directory, caller, roles.READ_SERVICE_IDS, account):
            return self._forbidden()
        addresses = self.directory.data.accounts[account].allowed_ip_addresses
        return json_reply(
            200,
            {
                "account_id": account_id,
                "entity_tag": "1-0",
                "restrict_create_service_id": "NOT_SET",
                "restrict_create_platform_apikey": "NOT_SET",
                "allowed_ip_addresses": addresses,
                "mfa": "NONE",
                "session_expiration_in_seconds": "NOT_SET",
                "session_invalidation_in_seconds": "NOT_SET",
                "max_sessions_per_identity": "NOT_SET",
                "system_access_token_expiration_in_seconds": "NOT_SET",
                "system_refresh_token_expiration_in_seconds": "NOT_SET",
                "user_mfa": [],
            },
        )

    def _key(self, name: str) -> dict[str, Any]:
        key = self.directory.data.api_keys[name]
        owner = self.directory.identities[key.owner]
        account_id = self.directory.account_id(owner.account)
        key_id = self.directory.key_id(name)
        expires = {"expires_at": f"{key.expires_at:%Y-%m-%dT%H:%M%z}"} if key.expires_at else {}
        return {
            "id": key_id,
            "entity_tag": "1-0",
            "crn": f"crn:v1:bluemix:public:iam-identity::a/{account_id}::apikey:{key_id}",
            "locked": key.locked,
            "disabled": key.disabled,
            "created_at": f"{key.created_at:%Y-%m-%dT%H:%M%z}",
            "created_by": owner.iam_id,
            "modified_at": f"{key.created_at:%Y-%m-%dT%H:%M%z}",
            "name": key.title or name,
            "description": key.description,
            "support_sessions": False,
            "action_when_leaked": key.action_when_leaked,
            "iam_id": owner.iam_id,
            "account_id": account_id,
            "apikey": "",
            **expires,
        }

    def _service_id(self, name: str) -> dict[str, Any]:
        service = self.directory.data.service_ids[name]
        identity = self.directory.identities[name]
        account_id = self.directory.account_id(service.account)
        return {
            "id": identity.id,
            "iam_id": identity.iam_id,
            "entity_tag": "1-0",
            "crn": f"crn:v1:bluemix:public:iam-identity::a/{account_id}::serviceid:{identity.id}",
            "locked": service.locked,
            "created_at": _STAMP,
            "modified_at": _STAMP,
            "account_id": account_id,
            "name": service.title or name,
            "description": service.description,
            "unique_instance_crns": [],
        }

    def _account(self, caller: Identity, account_id: str) -> str:
        return (self.directory.account_of(account_id) or "") if account_id else caller.account

    def _gone(self, owner: str) -> bool:
        service = self.directory.data.service_ids.get(owner)
        return service is not None and service.deleted

    @staticmethod
    def _forbidden() -> Reply:
        return iam_identity_error(403, "insufficient_permissions", "The caller may not read this entity.")
