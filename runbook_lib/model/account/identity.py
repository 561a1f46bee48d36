"""Identities of IBM Cloud as values: whose key it is, what is known of the key, the service ID behind it.

None of them holds a credential. Source: the IAM Identity API and the claims of IAM's tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SERVICE_ID_PREFIX = "iam-ServiceId-"
CLUSTER_NAME_PREFIX = "cluster-"


class OwnerKind(StrEnum):
    """What kind of identity an IAM id names."""

    SERVICE_ID = "service-id"
    USER = "user"
    PROFILE = "profile"
    UNKNOWN = "unknown"


class KeyState(StrEnum):
    """What IAM said when an API key was exchanged for a token."""

    ACCEPTED = "accepted"
    NOT_FOUND = "not-found"  # deleted, never existed, or damaged on its way into the secret
    DISABLED = "disabled"
    EXPIRED = "expired"
    REFUSED = "refused"  # refused with a code of no known meaning


def kind_of(iam_id: str) -> OwnerKind:
    """Names the kind of an IAM id by its prefix; IBMid and federated users carry their realm in front."""
    if iam_id.startswith(SERVICE_ID_PREFIX):
        return OwnerKind.SERVICE_ID
    if iam_id.startswith("iam-Profile-"):
        return OwnerKind.PROFILE
    return OwnerKind.USER if iam_id.partition("-")[0].startswith("IBMid") else OwnerKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whose API key it is, as the token that IAM gives for it says; reading it needs no right of the
    operator.

    Where IAM gave no token, `state`, `code` and `text` say why, and the identity is empty.
    """

    state: KeyState
    iam_id: str = ""
    kind: OwnerKind = OwnerKind.UNKNOWN
    name: str = ""
    account_id: str = ""
    account_valid: bool | None = None
    code: str = ""
    text: str = ""

    @property
    def is_accepted(self) -> bool:
        """True where IAM gave a token for the key."""
        return self.state is KeyState.ACCEPTED

    @property
    def is_personal(self) -> bool:
        """True for a person's own key, which the document's service-ID steps do not apply to."""
        return self.kind is OwnerKind.USER


@dataclass(frozen=True, slots=True)
class ApiKeyDetails:
    """What IAM keeps on an API key, found by its value. `locked` is no fault: it only keeps the key from
    changes.

    `expires_at` is the API's own text, empty for a key that does not expire.
    """

    id: str
    name: str
    iam_id: str
    account_id: str
    disabled: bool | None
    locked: bool
    description: str = ""
    created_at: str = ""
    expires_at: str = ""
    action_when_leaked: str = ""  # none, disable or delete: IAM acts by itself on keys found in public

    def expired(self, now: datetime) -> bool | None:
        """True where the key has expired at `now`; None where the API's text is not a time."""
        if not self.expires_at:
            return False
        expires = parse_time(self.expires_at)
        return None if expires is None else expires <= now


@dataclass(frozen=True, slots=True)
class ServiceId:
    """A service ID. `exists` is False where IAM says that it has none of this id.

    IAM answers only for ids that the login may look at: the account of a missing one is the login's, and an
    id of another account is missing there as well.
    """

    iam_id: str
    account_id: str
    exists: bool = True
    name: str = ""
    description: str = ""
    locked: bool = False
    created_at: str = ""

    @property
    def cluster_id(self) -> str:
        """The cluster for which IBM Cloud made it, by its name `cluster-<id>`; empty for any other."""
        return self.name.removeprefix(CLUSTER_NAME_PREFIX) if self.name.startswith(CLUSTER_NAME_PREFIX) else ""


@dataclass(frozen=True, slots=True)
class ServiceIds:
    """The service IDs of the login's account that the login may see. Names need not be unique."""

    account_id: str
    service_ids: tuple[ServiceId, ...]

    def named(self, name: str) -> tuple[ServiceId, ...]:
        """Returns those of this name."""
        return tuple(s for s in self.service_ids if s.name == name)


@dataclass(frozen=True, slots=True)
class LoginInfo:
    """Who asks: the identity and account of the login, and where the login was found."""

    account_id: str
    iam_id: str
    kind: OwnerKind
    name: str
    source: str
    region: str = ""
    expires_at: str = ""


def parse_time(text: str) -> datetime | None:
    """Reads a time of IAM (`2027-01-31T12:00+0000`, `2027-01-31T12:00:00.000Z`); None where it is not one."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None
