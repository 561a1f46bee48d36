"""The answers of Container Registry's API, field by field as far as they are used.

Names as on the wire, but for their case; other shapes are refused. Lists that Go services send as null when they
are empty are optional. Sources: the SDK's models and the API's pages.
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
