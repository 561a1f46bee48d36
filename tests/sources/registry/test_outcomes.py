"""Each way in which a registry can answer comes out as its own outcome, with the place where it was given."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.vault import vault

from .hostile_registry import (
    OCI_INDEX,
    OCI_MANIFEST,
    HostileRegistry,
    Reply,
    Route,
    Seen,
    digest_of,
    error,
    html,
    json_reply,
    silence,
)

Start = Callable[[dict[str, Route]], HostileRegistry]
ImageOf = Callable[..., ImageRef]
SourceFor = Callable[..., RegistrySource]
PASSWORD = "pa55-word-of-the-test"
LOGIN = f"iamapikey:{PASSWORD}"

CONFIG = json.dumps({"os": "linux", "architecture": "arm64"}).encode()
IMAGE = json.dumps(
    {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": {"digest": digest_of(CONFIG)}, "layers": []}
).encode()
INDEX = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [
            {
                "digest": digest_of(IMAGE),
                "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"},
            },
            {"digest": digest_of(b""), "platform": {"os": "unknown", "architecture": "unknown"}},
        ],
    }
).encode()
MANIFEST = "/v2/team/app/manifests/1.0"
CHILD = f"/v2/team/app/manifests/{digest_of(IMAGE)}"
BLOB = f"/v2/team/app/blobs/{digest_of(CONFIG)}"
TAGS = "/v2/team/app/tags/list"
QUOTA = error(403, "DENIED", "Your account has exceeded its pull traffic quota for the current month.")


def honest(registry: HostileRegistry) -> None:
    """Makes it a registry with tokens that only `iamapikey` gets, and which holds `team/app:1.0`."""
    challenge = {"WWW_Authenticate": f"Bearer realm={registry.url}/oauth/token, service=registry"}

    def token(seen: Seen) -> Reply:
        if not seen.authorization:
            return error(401, "UNAUTHORIZED", "Authorization required.")
        if seen.credential != LOGIN:
            return error(401, "UNAUTHORIZED", "The login credentials are not valid.")
        return json_reply({"token": "a-token-of-the-test"})

    def with_token(reply: Reply) -> Callable[[Seen], Reply]:
        def route(seen: Seen) -> Reply:
            if seen.authorization == "Bearer a-token-of-the-test":
                return reply
            return error(401, "UNAUTHORIZED", "Authorization required.").with_headers(**challenge)

        return route

    registry.routes |= {
        "/v2/": error(401, "UNAUTHORIZED").with_headers(**challenge),
        "/oauth/token": token,
        MANIFEST: with_token(Reply(200, IMAGE, (("Content-Type", OCI_MANIFEST),))),
        CHILD: with_token(Reply(200, IMAGE, (("Content-Type", OCI_MANIFEST),))),
        BLOB: with_token(Reply(200, CONFIG)),
        TAGS: with_token(json_reply({"name": "team/app", "tags": ["1.0", "1.0.1", "latest"]})),
    }


@pytest.fixture
def registry(start: Start) -> HostileRegistry:
    """An honest registry, whose routes a test may replace."""
    started = start({})
    honest(started)
    return started


@pytest.fixture
def ask(registry: HostileRegistry, source_for: SourceFor, image_of: ImageOf) -> Callable[..., RegistryAnswer]:
    """Asks the registry about `team/app`, by a tag or a digest."""

    def asked(credential: Credential | None, tag: str = "1.0", digest: str = "", **more: object) -> RegistryAnswer:
        return source_for(registry).ask(image_of(registry, tag, digest), credential, **more)  # type: ignore[arg-type]

    return asked


Ask = Callable[..., RegistryAnswer]


def test_a_right_credential_is_accepted(ask: Ask, credential: Credential) -> None:
    """The answer carries the image's digest and says that the login worked."""
    answer = ask(credential)
    assert (answer.answer, answer.hop, answer.status) == (Answer.ACCEPTED, Hop.MANIFEST, 200)
    assert answer.logged_in
    assert answer.digest == digest_of(IMAGE)
    assert 0 < answer.seconds < 1


def test_a_wrong_password_is_rejected_at_the_token(ask: Ask) -> None:
    """The registry's own words are kept."""
    answer = ask(Credential("iamapikey", vault().register("another-word-of-the-test")))
    assert (answer.answer, answer.hop, answer.status) == (Answer.CREDENTIALS_REJECTED, Hop.TOKEN, 401)
    assert (answer.code, answer.text) == ("UNAUTHORIZED", "The login credentials are not valid.")
    assert not answer.logged_in


def test_without_a_credential_a_private_image_wants_one(ask: Ask, registry: HostileRegistry) -> None:
    """No header of a login is sent at all."""
    assert ask(None).answer is Answer.NO_TOKEN_SENT
    assert registry.credentials_seen == []


def test_without_a_credential_a_public_image_is_accepted(ask: Ask, registry: HostileRegistry) -> None:
    """An anonymous token opens it; that is no login."""
    registry.routes["/oauth/token"] = json_reply({"access_token": "a-token-of-the-test"})
    answer = ask(None)
    assert (answer.answer, answer.logged_in) == (Answer.ACCEPTED, False)


@pytest.mark.parametrize("tag", ["1.0", "missing"])
def test_a_registry_without_authorization_gets_no_credential(
    ask: Ask, registry: HostileRegistry, credential: Credential, tag: str
) -> None:
    """Nothing asked for it."""
    registry.routes |= {
        "/v2/": json_reply({}),
        MANIFEST: Reply(200, IMAGE),
        TAGS: json_reply({"tags": ["1.0"]}),
    }
    expected = Answer.ACCEPTED if tag == "1.0" else Answer.TAG_UNKNOWN
    answer = ask(credential, tag)
    assert (answer.answer, answer.logged_in) == (expected, False)
    assert registry.credentials_seen == []


def test_the_manifests_own_challenge_is_answered_where_the_ping_has_none(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """Some registries answer 200 or 404 at /v2/ and protect only the repositories."""
    for ping in (json_reply({}), error(404, "NOT_FOUND")):
        registry.routes["/v2/"] = ping
        assert ask(credential).answer is Answer.ACCEPTED


def test_a_further_scope_of_the_manifests_challenge_is_asked_for(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """A mirror keeps the repository under a longer name than the image has."""
    challenge = f'Bearer realm="{registry.url}/oauth/token",scope="repository:mirror/team/app:pull"'

    def manifest(seen: Seen) -> Reply:
        tokens = [r.path for r in registry.seen if r.path.startswith("/oauth/token")]
        if "mirror" in tokens[-1]:
            return Reply(200, IMAGE)
        return error(401, "UNAUTHORIZED").with_headers(WWW_Authenticate=challenge)

    registry.routes[MANIFEST] = manifest
    assert ask(credential).answer is Answer.ACCEPTED


def test_a_token_service_that_takes_only_the_oauth_form_gets_it(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """After 404 or 405 to GET, as containerd knows both ways."""
    for status in (404, 405):

        def token(seen: Seen, status: int = status) -> Reply:
            if seen.method == "GET":
                return error(status, "UNSUPPORTED")
            assert b"grant_type=password" in seen.body
            assert f"password={PASSWORD}".encode() in seen.body
            return json_reply({"access_token": "a-token-of-the-test"})

        registry.routes["/oauth/token"] = token
        assert ask(credential).answer is Answer.ACCEPTED


@pytest.mark.parametrize(
    ("password", "expected", "logged_in"),
    [
        (PASSWORD, Answer.ACCEPTED, True),
        ("another-word-of-the-test", Answer.CREDENTIALS_REJECTED, False),
        (None, Answer.NO_TOKEN_SENT, False),
    ],
)
def test_basic_authorization(
    ask: Ask, registry: HostileRegistry, password: str | None, expected: Answer, logged_in: bool
) -> None:
    """There is no token: a credential that is not refused counts as the login."""

    def protected(seen: Seen) -> Reply:
        if seen.authorization and seen.credential == LOGIN:
            return Reply(200, IMAGE)
        return error(401, "UNAUTHORIZED").with_headers(WWW_Authenticate='Basic realm="r"')

    registry.routes |= {"/v2/": protected, MANIFEST: protected}
    answer = ask(Credential("iamapikey", vault().register(password)) if password else None)
    assert (answer.answer, answer.hop, answer.logged_in) == (expected, Hop.MANIFEST, logged_in)


def test_a_login_without_the_right_is_denied(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """Denied is not rejected: the token was given."""
    registry.routes[MANIFEST] = error(403, "DENIED", "You are not authorized to access the specified resource.")
    answer = ask(credential)
    assert (answer.answer, answer.hop, answer.logged_in) == (Answer.DENIED, Hop.MANIFEST, True)


def test_a_challenge_that_cannot_be_met_is_no_verdict(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """With no way to send the credential, its refusal would mean nothing."""
    for headers in ({"WWW_Authenticate": "Negotiate"}, {}):
        registry.routes |= {"/v2/": error(401, "").with_headers(**headers), MANIFEST: error(401, "")}
        assert ask(credential).answer is Answer.MALFORMED


UNKNOWN = error(404, "MANIFEST_UNKNOWN", "manifest unknown")
NOT_FOUND = {
    "repository unknown, says the manifest": (
        error(404, "NAME_UNKNOWN"),
        None,
        Answer.REPOSITORY_UNKNOWN,
        (),
    ),
    "repository unknown, says the tag list": (
        UNKNOWN,
        error(404, "NAME_UNKNOWN"),
        Answer.REPOSITORY_UNKNOWN,
        (),
    ),
    "tag unknown": (
        UNKNOWN,
        json_reply({"tags": ["v1.2.3", "v1.2.4", "latest", 7, "a/b", "v1.2.5", "v1.2.6", "v1.2.7", "v1.2.8"]}),
        Answer.TAG_UNKNOWN,
        5,
    ),
    "tag unknown, none alike": (UNKNOWN, json_reply({"tags": ["latest"]}), Answer.TAG_UNKNOWN, ()),
    "the tag list is empty": (UNKNOWN, json_reply({"tags": None}), Answer.NOT_FOUND, ()),
    "the tag list is denied": (UNKNOWN, error(403, "DENIED"), Answer.NOT_FOUND, ()),
    "the tag list is a web page": (UNKNOWN, html(200), Answer.NOT_FOUND, ()),
    "the tag list has it": (UNKNOWN, json_reply({"tags": ["v1.2.0"]}), Answer.NOT_FOUND, ()),
    "the tag list is not there": (UNKNOWN, error(404, "NOT_FOUND"), Answer.NOT_FOUND, ()),
}


@pytest.mark.parametrize(("manifest", "tags", "expected", "close"), NOT_FOUND.values(), ids=NOT_FOUND.keys())
def test_what_is_missing_is_told_as_exactly_as_the_registry_lets_one_know(
    ask: Ask,
    registry: HostileRegistry,
    credential: Credential,
    manifest: Reply,
    tags: Reply | None,
    expected: Answer,
    close: tuple[str, ...] | int,
) -> None:
    """MANIFEST_UNKNOWN alone does not prove that the repository is there."""
    registry.routes["/v2/team/app/manifests/v1.2.0"] = manifest
    if tags:
        registry.routes[TAGS] = tags
    answer = ask(credential, "v1.2.0")
    assert (answer.answer, answer.hop, answer.status) == (expected, Hop.MANIFEST, 404)
    if isinstance(close, int):
        assert len(answer.close_names) == close
        assert answer.close_names[0].startswith("v1.2.")
    else:
        assert answer.close_names == close


def test_a_digest_has_no_close_names(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """Digests that look alike have nothing in common."""
    digest = digest_of(b"another")
    registry.routes[f"/v2/team/app/manifests/{digest}"] = UNKNOWN
    answer = ask(credential, digest=digest)
    assert (answer.answer, answer.close_names) == (Answer.TAG_UNKNOWN, ())


def test_a_tag_list_that_does_not_come_leaves_what_is_known(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """The manifest's 404 was an answer; only its detail is missing."""
    registry.routes |= {
        MANIFEST: UNKNOWN,
        TAGS: Reply(pieces=silence),
    }
    assert ask(credential).answer is Answer.NOT_FOUND


def test_content_of_another_digest_is_malformed(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """Asked for one digest, the registry sent other bytes."""
    registry.routes[f"/v2/team/app/manifests/{digest_of(b'another')}"] = Reply(200, IMAGE)
    assert ask(credential, digest=digest_of(b"another")).answer is Answer.MALFORMED


def test_the_platform_of_the_node_is_looked_for_in_an_index(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """arm64 of variant v8 is arm64; attestations are not offered."""
    registry.routes[MANIFEST] = Reply(200, INDEX, (("Content-Type", OCI_INDEX),))
    absent = ask(credential, platform=("linux", "amd64"))
    assert (absent.answer, absent.hop) == (Answer.PLATFORM_ABSENT, Hop.PLATFORM)
    assert absent.platforms == ("linux/arm64",)
    present = ask(credential, platform=("linux", "arm64"))
    assert (present.answer, present.hop, present.platforms) == (
        Answer.ACCEPTED,
        Hop.PLATFORM,
        ("linux/arm64",),
    )
    unasked = ask(credential)
    assert (unasked.answer, unasked.hop, unasked.platforms) == (
        Answer.ACCEPTED,
        Hop.MANIFEST,
        ("linux/arm64",),
    )
    assert {present.digest, absent.digest, unasked.digest} == {digest_of(INDEX)}


def test_an_index_whose_image_is_gone_is_not_accepted(
    ask: Ask, registry: HostileRegistry, credential: Credential
) -> None:
    """A pull would fail there too."""
    registry.routes |= {MANIFEST: Reply(200, INDEX), CHILD: UNKNOWN}
    answer = ask(credential, platform=("linux", "arm64"))
    assert (answer.answer, answer.hop) == (Answer.NOT_FOUND, Hop.PLATFORM)


def test_an_index_within_an_index_ends(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """However deep a registry nests them."""
    body = INDEX
    registry.routes[MANIFEST] = Reply(200, body)
    for _ in range(6):
        outer = json.dumps({"mediaType": OCI_INDEX, "manifests": [{"digest": digest_of(body)}]}).encode()
        registry.routes |= {
            f"/v2/team/app/manifests/{digest_of(body)}": Reply(200, body),
            MANIFEST: Reply(200, outer),
        }
        body = outer
    assert ask(credential, platform=("linux", "arm64")).answer is Answer.MALFORMED


def test_schema_1_is_unsupported(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """containerd dropped it."""
    registry.routes[MANIFEST] = json_reply({"schemaVersion": 1, "fsLayers": []})
    assert ask(credential).answer is Answer.MANIFEST_UNSUPPORTED


def test_no_blob_is_read_unless_asked_for(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """Every blob counts against the account's pull traffic."""
    registry.routes[BLOB] = QUOTA
    assert ask(credential).answer is Answer.ACCEPTED
    assert ask(credential, platform=("linux", "amd64")).answer is Answer.ACCEPTED
    assert not [request for request in registry.seen if "/blobs/" in request.path]


def test_a_spent_quota_shows_on_a_blob(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """The manifest is still given."""
    registry.routes[BLOB] = QUOTA
    answer = ask(credential, blob=True)
    assert (answer.answer, answer.hop, answer.status) == (Answer.QUOTA_EXCEEDED, Hop.BLOB, 403)
    assert answer.logged_in


def test_a_readable_blob_completes_the_pull(ask: Ask, registry: HostileRegistry, credential: Credential) -> None:
    """Through an index too, with the node's platform or the first one."""
    answer = ask(credential, blob=True)
    assert (answer.answer, answer.hop) == (Answer.ACCEPTED, Hop.BLOB)
    registry.routes[MANIFEST] = Reply(200, INDEX)
    for platform in (None, ("linux", "arm64")):
        assert ask(credential, blob=True, platform=platform).answer is Answer.ACCEPTED
    ranges = [request.range for request in registry.seen if "/blobs/" in request.path]
    assert ranges == ["bytes=0-0"] * 3


def test_a_single_images_platform_is_read_from_the_blob(ask: Ask, credential: Credential) -> None:
    """Only its configuration names it, and that is a blob."""
    absent = ask(credential, blob=True, platform=("linux", "amd64"))
    assert (absent.answer, absent.platforms) == (Answer.PLATFORM_ABSENT, ("linux/arm64",))
    assert ask(credential, blob=True, platform=("linux", "arm64")).answer is Answer.ACCEPTED


@pytest.mark.parametrize(
    ("where", "reply", "expected", "hop"),
    [
        ("/v2/", error(503, "UNAVAILABLE"), Answer.SERVER_ERROR, Hop.PING),
        ("/v2/", error(429, "TOOMANYREQUESTS"), Answer.RATE_LIMITED, Hop.PING),
        (
            "/v2/",
            error(403, "", "Private-only access is enabled on this account"),
            Answer.PRIVATE_ONLY,
            Hop.PING,
        ),
        ("/oauth/token", error(500, ""), Answer.SERVER_ERROR, Hop.TOKEN),
        ("/oauth/token", error(429, ""), Answer.RATE_LIMITED, Hop.TOKEN),
        (MANIFEST, error(502, ""), Answer.SERVER_ERROR, Hop.MANIFEST),
        (MANIFEST, error(429, ""), Answer.RATE_LIMITED, Hop.MANIFEST),
        (BLOB, error(500, ""), Answer.SERVER_ERROR, Hop.BLOB),
    ],
)
def test_trouble_is_reported_where_it_happened(
    ask: Ask,
    registry: HostileRegistry,
    credential: Credential,
    where: str,
    reply: Reply,
    expected: Answer,
    hop: Hop,
) -> None:
    """Each hop of the handshake can fail by itself."""
    registry.routes[where] = reply
    answer = ask(credential, blob=True)
    assert (answer.answer, answer.hop, answer.status) == (expected, hop, reply.status)
