"""Who gets in: challenges, tokens, and the words in which each manner of registry refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from runbook_lib.lab.registry import RegistryState
from runbook_lib.lab.registry.dialect import DIALECTS

from .registry_client import Client, MakeClient, basic, challenge, error

ANA = ("ana", "ana-password")
BOB = ("bob", "bob-password")
WRONG = ("ana", "not-the-password")
MANIFEST = "/v2/team/app/manifests/1.0"
TOKEN_DIALECTS = [name for name, dialect in DIALECTS.items() if dialect.scheme == "bearer"]


def with_realm(client: Client, dialect: str) -> Client:
    manner = DIALECTS[dialect]  # type: ignore[index]
    return replace(client, realm=(manner.token_host, manner.token_path))


@pytest.mark.parametrize("dialect", TOKEN_DIALECTS)
class TestTokenRegistries:
    def test_the_root_answers_401_with_a_challenge_that_leads_to_the_token(
        self, client: MakeClient, dialect: str
    ) -> None:
        registry = client(dialect=dialect)
        manner = DIALECTS[dialect]  # type: ignore[index]
        reply = registry.ask("/v2/")
        scheme, parameters = challenge(reply)
        assert (reply.status, scheme) == (401, "Bearer")
        host = manner.token_host or "registry.example.com"
        assert parameters["realm"] == f"https://{host}{manner.token_path}"

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_good_login_gets_a_token_that_opens_its_repositories(
        self, client: MakeClient, dialect: str, method: str
    ) -> None:
        registry = with_realm(client(dialect=dialect), dialect)
        granted = json.loads(registry.token("team/app", ANA, method).body)
        assert granted["token"] == granted["access_token"]
        opened = replace(registry, headers={"authorization": f"Bearer {granted['token']}"})
        assert opened.ask(MANIFEST).status == 200
        assert opened.ask("/v2/").status == 200

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_wrong_password_is_refused_at_the_token(self, client: MakeClient, dialect: str, method: str) -> None:
        registry = with_realm(client(dialect=dialect), dialect)
        assert error(registry.token("team/app", WRONG, method))[:2] == (401, "UNAUTHORIZED")

    def test_anyone_may_pull_what_is_public(self, client: MakeClient, dialect: str) -> None:
        registry = with_realm(client(dialect=dialect), dialect)
        assert registry.login("library/open").ask("/v2/library/open/manifests/1").status == 200

    def test_a_token_opens_nothing_that_it_was_not_asked_for(self, client: MakeClient, dialect: str) -> None:
        registry = with_realm(client(dialect=dialect), dialect)
        assert registry.login("library/open", ANA).ask(MANIFEST).status in (401, 403)


@pytest.mark.parametrize(
    ("dialect", "login", "message"),
    [
        ("icr", WRONG, "The login credentials are not valid, or your IBM Cloud account is not active."),
        ("hub", WRONG, "incorrect username or password"),
        ("quay", WRONG, "Invalid Username or Password"),
        ("harbor", WRONG, "unauthorized: invalid credentials"),
        ("distribution", WRONG, "authentication required"),
    ],
)
def test_each_manner_refuses_a_login_in_its_own_words(
    client: MakeClient, dialect: str, login: tuple[str, str], message: str
) -> None:
    registry = with_realm(client(dialect=dialect), dialect)
    assert error(registry.token("team/app", login)) == (401, "UNAUTHORIZED", message)


DENIALS: list[tuple[dict[str, Any], int, str]] = [
    ({"dialect": "icr"}, 403, ""),
    ({"dialect": "icr", "denial": "challenge"}, 401, "insufficient_scope"),
    ({"dialect": "hub"}, 401, "insufficient_scope"),
    ({"dialect": "harbor", "denial": "forbidden"}, 403, ""),
]


@pytest.mark.parametrize(("deviations", "status", "problem"), DENIALS)
def test_a_login_without_the_right_meets_403_or_a_challenge_for_scope(
    client: MakeClient, deviations: dict[str, Any], status: int, problem: str
) -> None:
    registry = with_realm(client(**deviations), deviations["dialect"])
    reply = registry.login("team/app", BOB).ask(MANIFEST)
    assert reply.status == status
    assert challenge(reply)[1].get("error", "") == problem


def test_ibms_registry_refuses_an_anonymous_token_for_what_is_private(client: MakeClient) -> None:
    registry = with_realm(client("us.icr.io", dialect="icr"), "icr")
    status, code, message = error(registry.token("team/app"))
    assert (status, code) == (401, "UNAUTHORIZED")
    assert message.startswith("Authorization required. See https://cloud.ibm.com/docs/Registry")


def test_where_anonymous_tokens_are_granted_they_open_nothing_private(client: MakeClient) -> None:
    registry = with_realm(client("us.icr.io", dialect="icr", anonymous="grant"), "icr")
    assert registry.token("team/app").status == 200
    assert error(registry.login("team/app").ask(MANIFEST))[:2] == (403, "DENIED")


def test_a_wrong_password_may_be_answered_with_400(client: MakeClient) -> None:
    registry = with_realm(client("us.icr.io", dialect="icr", rejection=400), "icr")
    assert registry.token("team/app", WRONG).status == 400


@pytest.mark.parametrize(
    ("style", "at_root", "at_manifest"),
    [("quoted", True, True), ("unquoted", False, False), ("mixed", True, False)],
)
def test_a_challenge_is_quoted_or_not_as_the_state_says(
    client: MakeClient, style: str, at_root: bool, at_manifest: bool
) -> None:
    registry = client("cp.icr.io", dialect="icr", challenge=style)
    root, manifest = (registry.ask(path).header("www-authenticate") for path in ("/v2/", MANIFEST))
    assert ('"' in root, '"' in manifest) == (at_root, at_manifest)
    if style == "unquoted":
        assert manifest == (
            "Bearer realm=https://cp.icr.io/oauth/token, service=registry, scope=repository:team/app:pull"
        )


def test_a_token_of_another_registry_a_forged_or_an_expired_one_is_invalid(client: MakeClient) -> None:
    registry = client(token_seconds=-1)
    expired = registry.login("team/app", ANA).ask(MANIFEST)
    forged = registry.ask(MANIFEST, authorization="Bearer forged")
    assert challenge(expired)[1]["error"] == challenge(forged)[1]["error"] == "invalid_token"


def test_the_realm_can_be_led_elsewhere(client: MakeClient) -> None:
    registry = client(realm="https://elsewhere.example.org/token")
    assert challenge(registry.ask("/v2/"))[1]["realm"] == "https://elsewhere.example.org/token"


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        (None, "/v2/", 401),
        (None, MANIFEST, 401),
        (None, "/v2/library/open/manifests/1", 200),
        (ANA, "/v2/", 200),
        (ANA, MANIFEST, 200),
        (BOB, MANIFEST, 403),
        (WRONG, MANIFEST, 401),
    ],
)
def test_a_registry_with_basic_authorization_asks_for_the_password_each_time(
    client: MakeClient, login: tuple[str, str] | None, path: str, status: int
) -> None:
    headers = basic(*login) if login else {}
    reply = client(dialect="basic").ask(path, **headers)
    assert reply.status == status
    assert (challenge(reply)[0] == "Basic") is (status == 401)


def test_no_value_shows_a_users_password(client: MakeClient) -> None:
    state = RegistryState.load({"r.example.com": {"users": {"ana": {"password": "ana-password"}}}})
    assert "ana-password" not in repr(state)
