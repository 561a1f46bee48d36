"""What a refusal of a registry means: its status, its own code and words, and what had been sent.

Sources: the distribution API's error codes; IBM Cloud's texts (troubleshooting pages of Container Registry);
RFC 6750 for `insufficient_scope` and `invalid_token`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum, auto

from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry.challenge import choose, parse_challenges
from runbook_lib.sources.registry.transport import Reply
from runbook_lib.sources.registry.wording import clean

_QUOTA = re.compile(r"exceeded its pull traffic quota", re.IGNORECASE)
_PRIVATE_ONLY = re.compile(r"private-only access is enabled", re.IGNORECASE)
_ABOUT_LOGIN = re.compile(
    r"credential|password|login|api ?key|authentication method|invalid_(grant|client)|unauthori[sz]ed",
    re.IGNORECASE,
)
_WRONG = r"(invalid|incorrect|wrong|not valid|not be found)"
_LOGIN_WRONG = re.compile(
    rf"{_WRONG}.{{0,40}}(credential|password|login)|(credential|password|login|key).{{0,40}}{_WRONG}",
    re.IGNORECASE,
)
_LOGIN_OVER = re.compile(r"(token|credential|password|login).{0,40}expired", re.IGNORECASE)
"""ECR's 403 to a password of more than twelve hours ago: a login that is over, not a lack of rights."""


class Sent(Enum):
    """What the refused request carried."""

    NOTHING = auto()
    ANONYMOUS_TOKEN = auto()
    PASSWORD = auto()  # Basic, or the token exchange
    TOKEN = auto()  # one that the token service gave for the credential


@dataclass(frozen=True, slots=True)
class Words:
    """A registry's own error code and text, cleaned."""

    code: str = ""
    text: str = ""


def words_of(reply: Reply) -> Words:
    """Returns code and text of an error answer; empty where it is no JSON of a known shape.

    Known are the distribution API's `errors`, OAuth's `error`, and a bare `message` or `details`.
    """
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError):
        return Words(code=clean(_challenge_error(reply), 64))
    if not isinstance(document, dict):
        return Words()
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else document
    if not isinstance(first, dict):
        return Words()
    code = _text(first, "code", "error") or _challenge_error(reply)
    return Words(clean(code, 64), clean(_text(first, "message", "error_description", "detail", "details")))


def refuse(hop: Hop, reply: Reply, sent: Sent, *, at_home: bool) -> RegistryAnswer:
    """Returns the outcome of an answer that is not a success (404 of a manifest is judged elsewhere).

    `at_home` is False where a redirect led to another operator's host: what that host refuses says nothing
    about the credential.
    """
    words = words_of(reply)
    return RegistryAnswer(_kind(hop, reply, sent, words, at_home), hop, reply.status, words.code, words.text)


def _kind(hop: Hop, reply: Reply, sent: Sent, words: Words, at_home: bool) -> Answer:
    if _QUOTA.search(words.text):
        return Answer.QUOTA_EXCEEDED
    if _PRIVATE_ONLY.search(words.text):
        return Answer.PRIVATE_ONLY
    if reply.status == 429 or words.code.upper() == "TOOMANYREQUESTS":
        return Answer.RATE_LIMITED
    if reply.status >= 500:
        return Answer.SERVER_ERROR
    if not at_home or (reply.is_html and reply.status != 401):
        return Answer.MALFORMED
    if hop is Hop.TOKEN:
        return _at_token(reply.status, sent, words)
    return _at_resource(reply, sent, words)


def _at_token(status: int, sent: Sent, words: Words) -> Answer:
    """IBM's token service says 400 to a wrong password, GitLab's 403; other 400s are about the request."""
    said = f"{words.code} {words.text}"
    wrong_request = status == 400 and not _ABOUT_LOGIN.search(said)
    if status not in (400, 401, 403) or wrong_request:
        return Answer.MALFORMED
    if sent is not Sent.PASSWORD:
        return Answer.NO_TOKEN_SENT
    return Answer.DENIED if status == 403 and not _LOGIN_WRONG.search(said) else Answer.CREDENTIALS_REJECTED


def _at_resource(reply: Reply, sent: Sent, words: Words) -> Answer:
    if reply.status == 401:
        if sent in (Sent.NOTHING, Sent.ANONYMOUS_TOKEN):
            return Answer.NO_TOKEN_SENT
        if sent is Sent.PASSWORD:
            return Answer.CREDENTIALS_REJECTED
        return Answer.MALFORMED if _challenge_error(reply) == "invalid_token" else Answer.DENIED
    if reply.status == 403:
        over = sent is Sent.PASSWORD and _LOGIN_OVER.search(words.text)
        return Answer.CREDENTIALS_REJECTED if over else Answer.DENIED
    if reply.status == 404:
        return Answer.NOT_FOUND
    if reply.status in (406, 415) or words.code in ("MANIFEST_INVALID", "MANIFEST_UNVERIFIED", "UNSUPPORTED"):
        return Answer.MANIFEST_UNSUPPORTED
    return Answer.NOT_FOUND if words.code == "NAME_INVALID" else Answer.MALFORMED


def _challenge_error(reply: Reply) -> str:
    chosen = choose(parse_challenges(reply.headers.get("WWW-Authenticate", "")))
    return chosen["error"] if chosen else ""


def _text(fields: dict[str, object], *names: str) -> str:
    return next((value for name in names if isinstance(value := fields.get(name), str) and value), "")
