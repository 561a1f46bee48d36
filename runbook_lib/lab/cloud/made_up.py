"""Ids and key values made from names: of the real form, the same at every start, and plainly the lab's.

A key of the lab begins with `lab_`, an id repeats nothing that exists; none of them opens anything anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import uuid

import jwt

_SPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "practice-lab.invalid")
KEY_LENGTH = 44


def _digest(kind: str, name: str) -> bytes:
    return hashlib.sha256(f"practice lab {kind} {name}".encode()).digest()


def hex_id(kind: str, name: str) -> str:
    """Returns an id of 32 hexadecimal digits, as accounts and resource groups have."""
    return _digest(kind, name).hex()[:32]


def uuid_id(kind: str, name: str) -> str:
    """Returns an id such as `ServiceId-<uuid>`, as service IDs, API keys, profiles and access groups have."""
    return f"{kind}-{uuid.uuid5(_SPACE, f'{kind} {name}')}"


def ibm_id(name: str) -> str:
    """Returns the IAM id of a user."""
    return f"IBMid-{base64.b32encode(_digest('user', name)).decode()[:10]}"


def cluster_id(name: str) -> str:
    """Returns an id of 20 lower-case letters and digits, as clusters have."""
    return base64.b32hexencode(_digest("cluster", name)).decode().lower()[:20]


def api_key(name: str) -> str:
    """Returns an API key value of 44 characters."""
    body = base64.urlsafe_b64encode(_digest("api key", name)).decode().rstrip("=")
    return f"lab_{body}"[:KEY_LENGTH]


def entitlement_key(name: str) -> str:
    """Returns an entitlement key: a signed token, as the real ones are."""
    return jwt.encode({"iss": "IBM Marketplace", "iat": 1767225600, "jti": hex_id("entitlement", name)}, key_bytes)


def registry_token(name: str, account_id: str) -> str:
    """Returns a registry token of former years: a signed token, as those were."""
    claims = {"jti": hex_id("registry token", name), "iss": "registry", "account": account_id}
    return jwt.encode(claims, key_bytes)


key_bytes = _digest("signature", "practice lab")
