"""Readings that could not be taken, as values.

Forbidden, not found, elided, not collected and timed out are different facts with different
remedies; a step that needs a reading which is `Unavailable` is not run, and its finding is UNKNOWN.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a reading could not be taken."""

    FORBIDDEN = "forbidden"  # 403: the login lacks a right
    NOT_FOUND = "not-found"  # 404: the source was asked and says there is none
    NOT_COLLECTED = "not-collected"  # a bundle that was made without it
    UNKNOWN_IF_COLLECTED = "unknown-if-collected"  # a bundle that does not say whether it was asked for
    ELIDED = "elided"  # there, but its value was removed from the evidence
    UNAUTHENTICATED = "unauthenticated"  # 401: no login, or an expired one
    UNREACHABLE = "unreachable"  # refused, DNS, TLS, reset
    TIMEOUT = "timeout"
    SERVER_ERROR = "server-error"  # 429, 5xx
    MALFORMED = "malformed"  # an answer that is not what the API promises
    NO_LOGIN = "no-login"  # no IBM Cloud credentials are at hand
    NOT_ASKED = "not-asked"  # offline evidence, or --no-probe
    NOT_APPLICABLE = "not-applicable"  # nothing of the kind exists for this case
    DEFECT = "defect"  # our own error


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Says what could not be read, why, and what would make it readable."""

    what: str
    why: Why
    detail: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Returns one sentence for findings and reports."""
        reason = self.detail or self.why.value.replace("-", " ")
        return f"{self.what} could not be read: {reason}"

    @property
    def sentence(self) -> str:
        """The same as a sentence of its own."""
        text = str(self)
        return f"{text[:1].upper()}{text[1:].rstrip('.')}."

    @property
    def says_absent(self) -> bool:
        """True only where the source was asked and answered that there is no such thing."""
        return self.why is Why.NOT_FOUND
