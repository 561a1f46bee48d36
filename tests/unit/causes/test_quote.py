"""The node's error is quoted as a reason: in its own words, and with what the node was doing."""

from __future__ import annotations

import pytest

from runbook_lib.causes.judging import _WHEN, quote
from runbook_lib.model.pull_error import Phase, parse


@pytest.mark.parametrize(
    ("message", "quoted"),
    [
        (
            'Failed to pull image "us.icr.io/a/b:1": failed to authorize: failed to fetch oauth token: '
            "unexpected status from GET request to https://us.icr.io/oauth/token: 401 Unauthorized",
            'The node\'s error, when it asked for a token: "401 Unauthorized".',
        ),
        (
            'Failed to pull image "us.icr.io/a/b:1": dial tcp: lookup us.icr.io on 10.0.0.1:53: no such host',
            "The node's error, when it looked up the registry's address: \"dial tcp: lookup us.icr.io on 10.0.0.1:53: no such host\".",
        ),
    ],
    ids=["token", "dns"],
)
def test_the_quotation_says_what_the_node_was_doing(message: str, quoted: str) -> None:
    assert quote(parse(message)) == quoted


def test_nothing_is_quoted_where_there_is_no_error() -> None:
    assert quote(None) == ""


@pytest.mark.parametrize("phase", Phase)
def test_each_phase_has_its_words(phase: Phase) -> None:
    assert _WHEN[phase].startswith("when it ")
