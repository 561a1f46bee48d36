"""An explanation says what an error means, and does not say more than the words do."""

from __future__ import annotations

import pytest

from runbook_lib.model.pull_error import Detail, Kind, explain, parse, to_json
from runbook_lib.model.pull_error.advice import BY_KIND
from runbook_lib.model.pull_error.advice_by_detail import BY_DETAIL


def test_every_kind_has_advice() -> None:
    """No kind is left without a meaning, a doubt and a next look."""
    assert set(BY_KIND) == set(Kind)
    for advice in (*BY_KIND.values(), *BY_DETAIL.values()):
        assert advice.second.endswith(".")
        assert advice.does_not_tell
        assert advice.look_next


def test_the_meaning_is_two_sentences() -> None:
    """First what failed where, then what follows from it."""
    text = explain(
        parse("failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized")
    ).meaning
    assert text == (
        "The registry did not accept the login for the image (HTTP 401); a credential was sent. "
        "The registry wants a login and has not accepted the one that was sent."
    )


@pytest.mark.parametrize(
    ("message", "open_still", "settled"),
    [
        ("failed to fetch oauth token: unexpected status: 401 Unauthorized", "out of date", "not linked"),
        ("failed to fetch anonymous token: unexpected status: 401 Unauthorized", "not linked", "password"),
    ],
    ids=["a credential was sent", "none was sent"],
)
def test_what_the_words_settle_is_not_left_open(message: str, open_still: str, settled: str) -> None:
    """Whether a credential was sent halves the question."""
    told = explain(parse(message)).does_not_tell
    assert open_still in told
    assert settled not in told


@pytest.mark.parametrize("state", ["ImagePullBackOff", "ErrImagePull"])
def test_the_state_alone_is_told_to_say_nothing_of_the_cause(state: str) -> None:
    """It is what people paste first."""
    assert "why is not told here" in explain(parse(state)).meaning


@pytest.mark.parametrize(
    ("message", "doubt"),
    [
        ("denied: requested access to the resource is denied", "a repository or tag that does not exist"),
        ("unauthorized: authentication required", "a pull secret that is missing or not used"),
        ("failed to fetch oauth token: unexpected status from GET request to...", "cut or was too long"),
    ],
)
def test_doubts_are_told(message: str, doubt: str) -> None:
    """What the words do not exclude is named."""
    assert doubt in explain(parse(message)).does_not_tell


def test_next_looks_name_this_image() -> None:
    """The image, registry and host of this error stand in the advice."""
    error = parse('Failed to pull image "us.icr.io/shop/web:1": reading manifest 1 in r.example: manifest unknown')
    assert any("us.icr.io/shop/web:1" in line for line in explain(error).look_next)
    assert not any("{" in line for line in explain(error).look_next)


@pytest.mark.parametrize("detail", list(Detail))
def test_no_placeholder_is_left(detail: Detail) -> None:
    """Advice of each detail is filled even where no name is known."""
    import dataclasses

    error = dataclasses.replace(parse("x"), detail=detail)
    assert "{" not in " ".join(explain(error).look_next)


def test_json_has_plain_values() -> None:
    """The ten keys hold strings, numbers, lists and null only."""
    entry = to_json(parse('Failed to pull image "us.icr.io/a/b:1": denied: insufficient scope'))
    assert entry["kind"] == "access_denied"
    assert type(entry["kind"]) is str
    assert all(type(kind) is str for kind in entry["also"])
    assert list(entry) == [
        "kind", "also", "phase", "registry", "image", "status", "credential_sent", "runtime", "says",
        "summary",
    ]  # fmt: skip
