"""A refusal means what its status, its code, its words and the request together say."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model.registry_answer import Answer, Hop
from runbook_lib.sources.registry.refusal import Sent, refuse, words_of
from runbook_lib.sources.registry.transport import Reply
from runbook_lib.vault import Vault

INVALID = "The login credentials are not valid, or your IBM Cloud account is not active."
NOT_AUTHORIZED = "You are not authorized to access the specified resource."
PRIVATE = "Private-only access is enabled on this account, but this request was over the public network."
QUOTA = "Your account has exceeded its pull traffic quota for the current month."
SCOPE = {"WWW-Authenticate": 'Bearer realm="https://h/t",error="insufficient_scope"'}
STALE = {"WWW-Authenticate": 'Bearer realm="https://h/t",error="invalid_token"'}


def reply(status: int, body: object = "", headers: Mapping[str, str] | None = None) -> Reply:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Reply(status, "us.icr.io", headers or {}, data)


def error(code: str, message: str) -> dict[str, object]:
    return {"errors": [{"code": code, "message": message}]}


T, M, B = Hop.TOKEN, Hop.MANIFEST, Hop.BLOB
NOTHING, ANONYMOUS, PASSWORD, TOKEN = Sent.NOTHING, Sent.ANONYMOUS_TOKEN, Sent.PASSWORD, Sent.TOKEN
TABLE = {
    "wrong password": (T, reply(401, error("UNAUTHORIZED", INVALID)), PASSWORD, Answer.CREDENTIALS_REJECTED),
    "wrong password, IBM's 400": (T, reply(400, error("", INVALID)), PASSWORD, Answer.CREDENTIALS_REJECTED),
    "wrong password, OAuth": (
        T,
        reply(400, {"error": "invalid_grant"}),
        PASSWORD,
        Answer.CREDENTIALS_REJECTED,
    ),
    "wrong password, bare 401": (T, reply(401), PASSWORD, Answer.CREDENTIALS_REJECTED),
    "wrong password, Docker Hub": (
        T,
        reply(401, {"details": "incorrect username or password"}),
        PASSWORD,
        Answer.CREDENTIALS_REJECTED,
    ),
    "wrong kind of username": (
        T,
        reply(400, error("UNSUPPORTED", "The requested authentication method is not supported.")),
        PASSWORD,
        Answer.CREDENTIALS_REJECTED,
    ),
    "wrong password, 403": (
        T,
        reply(403, error("DENIED", "HTTP Basic: the password was incorrect")),
        PASSWORD,
        Answer.CREDENTIALS_REJECTED,
    ),
    "token service denies": (T, reply(403, error("DENIED", "access forbidden")), PASSWORD, Answer.DENIED),
    "token service denies, unauthorized": (
        T,
        reply(403, error("DENIED", "unauthorized to access repository")),
        PASSWORD,
        Answer.DENIED,
    ),
    "bad request to the token service": (
        T,
        reply(400, error("", "scope is malformed")),
        PASSWORD,
        Answer.MALFORMED,
    ),
    "no token service there": (T, reply(404), PASSWORD, Answer.MALFORMED),
    "no anonymous token": (T, reply(401, error("UNAUTHORIZED", "x")), NOTHING, Answer.NO_TOKEN_SENT),
    "no anonymous token, 403": (T, reply(403, error("DENIED", "x")), NOTHING, Answer.NO_TOKEN_SENT),
    "no token reached the registry": (
        M,
        reply(401, error("UNAUTHORIZED", "Authorization required.")),
        NOTHING,
        Answer.NO_TOKEN_SENT,
    ),
    "anonymous token without the scope": (M, reply(401, "", SCOPE), ANONYMOUS, Answer.NO_TOKEN_SENT),
    "token without the scope, 401": (M, reply(401, "", SCOPE), TOKEN, Answer.DENIED),
    "token without the scope, 403": (M, reply(403, error("DENIED", NOT_AUTHORIZED)), TOKEN, Answer.DENIED),
    "token not taken by its own registry": (M, reply(401, "", STALE), TOKEN, Answer.MALFORMED),
    "anonymous, forbidden": (M, reply(403, error("DENIED", NOT_AUTHORIZED)), NOTHING, Answer.DENIED),
    "Basic refused": (M, reply(401), PASSWORD, Answer.CREDENTIALS_REJECTED),
    "Basic without the right": (M, reply(403), PASSWORD, Answer.DENIED),
    "Basic, a login that is over": (
        M,
        reply(403, error("DENIED", "Your authorization token has expired. Log in and try again.")),
        PASSWORD,
        Answer.CREDENTIALS_REJECTED,
    ),
    "private only": (M, reply(403, error("DENIED", PRIVATE)), TOKEN, Answer.PRIVATE_ONLY),
    "private only, at the token": (T, reply(401, error("DENIED", PRIVATE)), PASSWORD, Answer.PRIVATE_ONLY),
    "quota on a blob": (B, reply(403, error("DENIED", QUOTA)), TOKEN, Answer.QUOTA_EXCEEDED),
    "a blob denied without words": (B, reply(403), TOKEN, Answer.DENIED),
    "429": (M, reply(429, error("TOOMANYREQUESTS", "slow down")), TOKEN, Answer.RATE_LIMITED),
    "429 at the token": (T, reply(429), PASSWORD, Answer.RATE_LIMITED),
    "too many requests by its code": (
        M,
        reply(403, error("toomanyrequests", "x")),
        TOKEN,
        Answer.RATE_LIMITED,
    ),
    "500": (M, reply(500), TOKEN, Answer.SERVER_ERROR),
    "503 in HTML": (T, reply(503, "<html>busy</html>"), PASSWORD, Answer.SERVER_ERROR),
    "a web page forbids": (M, reply(403, "<html>blocked by policy</html>"), TOKEN, Answer.MALFORMED),
    "a web page is not found": (M, reply(404, "<!DOCTYPE html>"), TOKEN, Answer.MALFORMED),
    "not found": (M, reply(404, error("MANIFEST_UNKNOWN", "manifest unknown")), TOKEN, Answer.NOT_FOUND),
    "not acceptable": (M, reply(406), TOKEN, Answer.MANIFEST_UNSUPPORTED),
    "manifest invalid": (M, reply(400, error("MANIFEST_INVALID", "x")), TOKEN, Answer.MANIFEST_UNSUPPORTED),
    "418": (M, reply(418), TOKEN, Answer.MALFORMED),
}


@pytest.mark.parametrize(("hop", "answer", "sent", "expected"), TABLE.values(), ids=TABLE.keys())
def test_a_refusal_has_one_meaning(hop: Hop, answer: Reply, sent: Sent, expected: Answer) -> None:
    """The same status means another thing with another request and in another place."""
    assert refuse(hop, answer, sent, at_home=True).answer is expected


@pytest.mark.parametrize("status", [401, 403, 404])
def test_another_operators_host_says_nothing_about_the_credential(status: int) -> None:
    """The store behind a redirect refuses for reasons of its own."""
    assert refuse(B, reply(status), TOKEN, at_home=False).answer is Answer.MALFORMED


def test_the_registrys_own_code_and_words_are_kept() -> None:
    """They are evidence."""
    said = refuse(M, reply(403, error("DENIED", NOT_AUTHORIZED)), TOKEN, at_home=True)
    assert (said.status, said.code, said.text, said.hop) == (403, "DENIED", NOT_AUTHORIZED, M)


def test_without_a_body_the_challenge_gives_the_code() -> None:
    """`insufficient_scope` stands in the header."""
    assert words_of(reply(401, "", SCOPE)).code == "insufficient_scope"


def test_words_are_bounded_and_on_one_line() -> None:
    """A hostile text can neither flood a report nor draw in a terminal."""
    words = words_of(reply(400, error("C\x1b[31m" * 99, "first\r\n\x1b[2Jsecond\u202e " + "x" * 2000)))
    assert words.text.startswith("first [2Jsecond x")
    assert len(words.text) == 500
    assert len(words.code) == 64
    assert (words.code + words.text).isprintable()


def test_a_credential_in_the_words_is_replaced(own_vault: Vault) -> None:
    """Also one that is split by characters nobody sees."""
    own_vault.register("pa55-word-of-the-test", "password")
    words = words_of(reply(400, error("X", "bad pa55-word\u200b-of-the-\x00test")))
    assert words.text == "bad «password #1»"


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(st.sampled_from(["errors", "error", "code", "message", "detail"]), x, max_size=3)
        ),
        max_leaves=8,
    ),
    st.sampled_from([400, 401, 403, 404, 429, 500]),
    st.sampled_from(list(Sent)),
    st.sampled_from(list(Hop)),
)
def test_any_json_is_read_without_an_exception(body: object, status: int, sent: Sent, hop: Hop) -> None:
    """Wrong types are nothing but missing words."""
    answer = refuse(hop, Reply(status, "h", {}, json.dumps(body).encode()), sent, at_home=True)
    assert answer.status == status
