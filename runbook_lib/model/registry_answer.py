"""What a registry answered when an image was asked of it with one credential, or with none.

A typed outcome, not an exception; taken from this machine, whose network may differ from the node's.
Source: the distribution project's API and token specifications.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """The outcome of one question to a registry."""

    ACCEPTED = "accepted"
    NO_TOKEN_SENT = "no-token-sent"  # anonymous, and the registry wants a credential
    CREDENTIALS_REJECTED = "credentials-rejected"
    DENIED = "denied"  # known, or anonymous, and without the scope
    REPOSITORY_UNKNOWN = "repository-unknown"
    TAG_UNKNOWN = "tag-unknown"
    NOT_FOUND = "not-found"  # repository or tag: the registry does not say which
    PLATFORM_ABSENT = "platform-absent"
    MANIFEST_UNSUPPORTED = "manifest-unsupported"
    RATE_LIMITED = "rate-limited"
    QUOTA_EXCEEDED = "quota-exceeded"
    PRIVATE_ONLY = "private-only"
    SERVER_ERROR = "server-error"
    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_NAME = "tls-name"
    MALFORMED = "malformed"
    NOT_SENT = "not-sent"  # a realm elsewhere or without TLS: the credential stayed here

    @property
    def reached(self) -> bool:
        """True where the registry itself spoke, so that the answer is about image and credential."""
        return self in _REGISTRY_SPOKE


_REGISTRY_SPOKE = frozenset(
    {
        Answer.ACCEPTED,
        Answer.NO_TOKEN_SENT,
        Answer.CREDENTIALS_REJECTED,
        Answer.DENIED,
        Answer.REPOSITORY_UNKNOWN,
        Answer.TAG_UNKNOWN,
        Answer.NOT_FOUND,
        Answer.PLATFORM_ABSENT,
        Answer.MANIFEST_UNSUPPORTED,
        Answer.RATE_LIMITED,
        Answer.QUOTA_EXCEEDED,
        Answer.PRIVATE_ONLY,
    }
)


class Hop(StrEnum):
    """Where in the handshake the answer was given."""

    PING = "ping"
    TOKEN = "token"
    MANIFEST = "manifest"
    PLATFORM = "platform"
    BLOB = "blob"


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """One answer: what, where in the handshake, HTTP status, and the registry's own code and words."""

    answer: Answer
    hop: Hop
    status: int = 0
    code: str = ""
    text: str = ""
    close_names: tuple[str, ...] = ()  # tags (or repositories) that look like the one asked for
    platforms: tuple[str, ...] = ()  # what the image index offers, as os/arch
    logged_in: bool = False  # a token was given for the credential, whatever came after
    digest: str = ""
    seconds: float = 0.0

    @property
    def says(self) -> str:
        """One line with the registry's own words, for evidence."""
        parts = [self.answer.value.replace("-", " "), f"at the {self.hop.value}"]
        if self.status:
            parts.append(f"HTTP {self.status}")
        if self.code or self.text:
            parts.append(": ".join(x for x in (self.code, self.text) if x))
        return ", ".join(parts)
