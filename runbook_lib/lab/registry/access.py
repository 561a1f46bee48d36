"""Who may pull: what a registry asks of whoever decides, and the answer for registries with users of their
own.

IBM's registries put the same questions to IAM; the registry itself knows neither keys nor policies.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Protocol

from runbook_lib.lab.registry.state import Registry


class Refusal(StrEnum):
    """Why a registry refuses; the words and the status are those of its dialect."""

    LOGIN = "login"
    NO_CREDENTIAL = "no-credential"
    DENIED = "denied"
    PRIVATE_ONLY = "private-only"
    PULL_QUOTA = "pull-quota"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody whom a registry knows; `subject` is the decider's own name for them and no secret."""

    subject: str


class Access(Protocol):
    """The decisions that a registry leaves to others; `host` is the name that the client used."""

    def login(self, host: str, username: str, password: str) -> Login | Refusal:
        """Returns who logs in, or that the login is refused."""

    def decide(self, login: Login | None, host: str, repository: str) -> Refusal | None:
        """Returns why the repository may not be pulled by `login` (None: anonymous), or None when it may."""

    def blob_refusal(self, host: str, repository: str) -> Refusal | None:
        """Returns why its blobs are withheld from those who may pull, or None."""


class UserAccess:
    """Decides by the users and public repositories that the registry's own state names, whatever the host
    asked.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def login(self, host: str, username: str, password: str) -> Login | Refusal:  # noqa: ARG002
        """Returns the user of this name whose password it is; without users, nobody."""
        user = self._registry.users.get(username)
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            return Refusal.LOGIN
        return Login(username)

    def decide(self, login: Login | None, host: str, repository: str) -> Refusal | None:  # noqa: ARG002
        """Returns None for a public repository and for one that the user's patterns name."""
        found = self._registry.repositories.get(repository)
        if (found and found.public) or self._registry.dialect == "open":
            return None
        if login is None:
            return Refusal.NO_CREDENTIAL
        user = self._registry.users.get(login.subject)
        allowed = user.may_pull if user else ()
        return None if any(fnmatchcase(repository, pattern) for pattern in allowed) else Refusal.DENIED

    def blob_refusal(self, host: str, repository: str) -> Refusal | None:  # noqa: ARG002
        """Returns None: such registries have no pull quota."""
        return None
