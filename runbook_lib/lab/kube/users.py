"""Who sends a request: bearer tokens, groups, expiry. Access is decided elsewhere, by the RBAC objects in the
store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .refusals import unauthorized

AUTHENTICATED = "system:authenticated"
MASTERS = "system:masters"


@dataclass(frozen=True, slots=True)
class User:
    """A person or service account as the API server knows it; `expires` is when the token ends to be
    accepted.
    """

    name: str
    groups: tuple[str, ...] = ()
    expires: datetime | None = None

    def authenticated(self) -> User:
        """The same user in the group that every authenticated user is in, and a service account
        in its own.
        """
        groups = [*self.groups]
        if self.name.startswith("system:serviceaccount:") and self.name.count(":") == 3:
            groups += ["system:serviceaccounts", "system:serviceaccounts:" + self.name.split(":")[2]]
        groups.append(AUTHENTICATED)
        return User(self.name, tuple(dict.fromkeys(groups)), self.expires)


def authenticate(users: Mapping[str, User], authorization: str | None, now: datetime) -> User:
    """The user whose bearer token the header carries; 401 for none, an unknown or an expired one."""
    scheme, _, token = (authorization or "").partition(" ")
    user = users.get(token.strip()) if scheme.lower() == "bearer" else None
    if user is None or (user.expires is not None and user.expires <= now):
        raise unauthorized()
    return user.authenticated()
