"""IAM tokens: signed with a key of this lab, decodable by anyone, and read back by the lab's services."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

import jwt

from runbook_lib.lab.cloud.directory import Directory, Identity

LIFETIME = 3600
API_KEY_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
ASSUME_GRANT = "urn:ibm:params:oauth:grant-type:assume"


@dataclass(frozen=True, slots=True)
class IamTokens:
    """Issues and reads access and refresh tokens for the identities of a directory."""

    directory: Directory
    key: str

    @classmethod
    def of(cls, directory: Directory) -> IamTokens:
        """Returns tokens with a fresh signing key."""
        return cls(directory, secrets.token_hex(32))

    def access(self, identity: Identity, grant: str = API_KEY_GRANT, *, seconds: int = LIFETIME) -> str:
        """Returns an access token whose claims are those of IAM for this kind of identity."""
        account = self.directory.data.accounts[identity.account]
        kinds = {"service-id": "ServiceId", "profile": "Profile"}
        kind = {"sub_type": kinds[identity.kind]} if identity.kind in kinds else {}
        now = int(time.time())
        claims = {
            "iam_id": identity.iam_id,
            "id": identity.iam_id,
            "realmid": "IBMid" if identity.kind == "user" else "iam",
            "jti": secrets.token_hex(16),
            "identifier": identity.id,
            "name": identity.title,
            "sub": identity.title if identity.kind == "user" else identity.id,
            **kind,
            "authn": {"sub": identity.id, "iam_id": identity.iam_id, "name": identity.title},
            "account": {
                "valid": account.active,
                "bss": self.directory.account_id(identity.account),
                "frozen": not account.active,
            },
            "iat": now,
            "exp": now + seconds,
            "iss": "https://iam.cloud.ibm.com/identity",
            "grant_type": grant,
            "scope": "ibm openid",
            "client_id": "default",
            "acr": 1,
            "amr": ["pwd"],
        }
        return jwt.encode(claims, self.key, algorithm="HS256")

    def refresh(self, identity: Identity) -> str:
        """Returns a refresh token, as the command line's session has."""
        claims = {"iam_id": identity.iam_id, "typ": "refresh", "exp": int(time.time()) + 72 * LIFETIME}
        return jwt.encode(claims, self.key, algorithm="HS256")

    def holder(self, token: str, *, refresh: bool = False) -> Identity | None:
        """Returns whose token this is; None when it is not IAM's, of the other kind, or has expired."""
        try:
            claims = jwt.decode(token, self.key, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return None
        if (claims.get("typ") == "refresh") is not refresh:
            return None
        return self.directory.by_iam_id(str(claims["iam_id"]))
