"""Which field names hold a credential, and which of their values are one."""

from __future__ import annotations

import base64
import binascii
import re

FIELD_LABELS: dict[str, str] = {
    "password": "password",
    "passwd": "password",
    "apikey": "key",
    "api_key": "key",
    "api-key": "key",
    "auth": "credential",
    ".dockerconfigjson": "credential",
    ".dockercfg": "credential",
    "token": "token",
    "client_secret": "credential",
    "clientsecret": "credential",
    "client-key-data": "key",
    "tls.key": "key",
    "ssh-privatekey": "key",
    "private_key": "key",
}
"""Endings of field names in lower case, with the label of what the field holds."""

CREDENTIAL_HEADERS = frozenset(
    ["authorization", "proxy-authorization", "iam-apikey", "x-auth-token", "x-registry-auth"]
)
"""Names, in lower case, of HTTP headers that carry a credential, some after the word Basic or Bearer."""

WELL_KNOWN_USERNAMES = frozenset(
    ["iamapikey", "iambearer", "iamrefresh", "token", "cp", "serviceaccount", "unused", "oauth2accesstoken"]
)
"""Usernames that say what kind of password follows; they are no secret and the reader needs them."""

# fmt: off
_STATES = frozenset((
    "true", "false", "yes", "no", "none", "null", "nil", "empty", "missing", "absent", "present",
    "set", "unset", "unknown", "given", "refused", "accepted", "valid", "invalid", "redacted",
    "masked", "elided", "hidden", "omitted", "removed", "string", "required", "optional", "not_set",
    "restricted", "not_restricted",
))
# fmt: on
_PLACEHOLDER = re.compile(
    r"[*x.•…]+\Z|[<\[{$(].*[>\]})]?\Z|«.*»\Z|\\+u00ab.*\Z|%C2%AB|&laquo;|&lt;",
    re.IGNORECASE,
)
_AMBIGUOUS = {"auth": 20, "token": 16, "apikey": 8, "api_key": 8, "api-key": 8}
"""Names that harmless fields have too (`api-key` is a section), with a credential's least characters."""
_SCHEME = re.compile(r"\s*(?:basic|bearer)\s+", re.IGNORECASE)
_ENDINGS = sorted(FIELD_LABELS, key=len, reverse=True)
_BASE64_TEXT = re.compile(r"[A-Za-z0-9+/_-]+={0,2}\Z")


def field_label(name: str) -> str | None:
    """The label of what a field called `name` holds, or None where it holds no credential."""
    ending = _ending(name)
    return FIELD_LABELS[ending] if ending else None


def is_credential(name: str, value: str) -> bool:
    """Tells the credential in a field from a placeholder, a state ("missing"), a mark of the vault or a URL.

    A `password` may be any text; `auth`, `token` and `api-key` are also names of harmless fields, so their
    values must look like a credential.
    """
    text, ending = value.strip(), _ending(name)
    if not text or text.lower() in _STATES or text in WELL_KNOWN_USERNAMES or _PLACEHOLDER.match(text):
        return False
    if "..." in text and ending not in ("password", "passwd"):  # abbreviated, as in a document
        return False
    if ending in _AMBIGUOUS:
        if "://" in text or any(c.isspace() for c in text):
            return False
        varied = any(c.isdigit() or c.isupper() for c in text)
        return (varied and len(text) >= _AMBIGUOUS[ending]) or decoded_pair(text) is not None
    return True


def header_credential(name: str, value: str) -> str | None:
    """The credential in a header, without the word Basic or Bearer; None where the header carries none."""
    if name.lower() not in CREDENTIAL_HEADERS:
        return None
    credential = _SCHEME.sub("", value, count=1).strip()
    return credential if credential and not _PLACEHOLDER.match(credential) else None


def _ending(name: str) -> str | None:
    lowered = name.lower()
    return next((ending for ending in _ENDINGS if lowered.endswith(ending)), None)


def decoded_pair(auth: str) -> tuple[str, str] | None:
    """Username and password of base64("username:password"), padded or not; None where it is no such thing."""
    decoded = decoded_text(auth)
    if decoded is None or ":" not in decoded:
        return None
    user, _, password = decoded.partition(":")
    return user, password


def decoded_text(encoded: str) -> str | None:
    """The UTF-8 text in a base64 string, standard or URL-safe, padded or not; None where there is none."""
    compact = encoded.strip().replace("-", "+").replace("_", "/").rstrip("=")
    if not compact or not _BASE64_TEXT.match(compact):
        return None
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
