"""IAM's tokens: exchanged for a key, and read for whom they name. They are not verified: IAM itself sent
them.

Source: the IAM Identity Token API; claims of service IDs, users and trusted profiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import requests

from runbook_lib.model.account import KeyOwner, KeyState, kind_of
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud.endpoints import IAM_HOST
from runbook_lib.sources.ibmcloud.failure import Question, broken, code_and_text, refused
from runbook_lib.vault import Secret, vault

_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
_NO_REFRESH = "not_supported"  # what IAM writes in place of a refresh token
_MARGIN = 60.0  # seconds before its end at which a token is not used any more
_STATE_OF_CODE = {"BXNIM0415E": KeyState.NOT_FOUND, "BXNIM0462E": KeyState.DISABLED}


class AccountClaim(msgspec.Struct, frozen=True):
    """The account that a token names."""

    bss: str = ""
    valid: bool | None = None


class Claims(msgspec.Struct, frozen=True):
    """What a token says of its owner."""

    iam_id: str = ""
    sub: str = ""
    name: str = ""
    exp: float = 0
    account: AccountClaim = AccountClaim()


class _Answer(msgspec.Struct):
    access_token: str
    refresh_token: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, masked, and its claims."""

    value: Secret
    claims: Claims

    def has_expired(self, now: float) -> bool:
        """True from a minute before its end; a token that names no end counts as valid."""
        return bool(self.claims.exp) and self.claims.exp - _MARGIN <= now

    @property
    def owner(self) -> KeyOwner:
        """Whose token it is."""
        claims = self.claims
        return KeyOwner(
            KeyState.ACCEPTED,
            iam_id=claims.iam_id,
            kind=kind_of(claims.iam_id),
            name=claims.name,
            account_id=claims.account.bss,
            account_valid=claims.account.valid,
        )


def token_of(text: str) -> Token | None:
    """Reads a token; None where its claims cannot be read. It is in the vault from here on, either way."""
    import jwt

    value = vault().register(text, "token")
    try:
        claims = jwt.decode(text, options={"verify_signature": False})
        return Token(value, msgspec.convert(claims, Claims))
    except (jwt.InvalidTokenError, msgspec.ValidationError, ValueError):
        return None


def exchange(session: requests.Session, key: Secret, what: str) -> Token | KeyOwner | Unavailable:
    """Asks IAM for a token: the token, or what IAM says is wrong with the key, or why neither was learned.

    It is asked once. The SDK's own token manager waits 60 seconds before it asks again after a refusal, and
    sends its requests past the session.
    """
    question = Question(what)
    try:
        response = session.post(
            f"https://{IAM_HOST}/identity/token",
            data={"grant_type": _GRANT, "apikey": key.reveal(), "response_type": "cloud_iam"},
            headers={"Accept": "application/json"},
        )
    except Exception as failure:  # named below; none may leave with the key in its request
        return broken(question, failure)
    if response.status_code == 200:
        return _granted(question, response)
    code, text = code_and_text(response.content)
    if response.status_code in (400, 401) and code.startswith("BXNIM"):
        return KeyOwner(_state(code, text), code=code, text=text)
    return refused(question, response)


def _granted(question: Question, response: requests.Response) -> Token | Unavailable:
    try:
        answer = msgspec.json.decode(response.content, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Unavailable(question.what, Why.MALFORMED, "IAM's answer holds no token")
    token = token_of(answer.access_token)
    if answer.refresh_token not in ("", _NO_REFRESH):
        vault().register(answer.refresh_token, "token")
    return token or Unavailable(question.what, Why.MALFORMED, "IAM's token cannot be read")


def _state(code: str, text: str) -> KeyState:
    """Names the state of a refused key; the code for an expired one is not documented, so its text is
    looked at.
    """
    if known := _STATE_OF_CODE.get(code):
        return known
    return KeyState.EXPIRED if "expired" in text.lower() else KeyState.REFUSED
