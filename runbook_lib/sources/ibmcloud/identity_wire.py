"""The answers of IAM's identity service, field by field as far as they are used.

Names as on the wire, but for their case; other shapes are refused. Lists that Go services send as null when they
are empty are optional. Sources: the SDK's models and the API's pages.
"""

from __future__ import annotations

import msgspec


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
