"""Counts and times of what a kubelet would have done between a pod's start and now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.lab.kubelet import history

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("elapsed_s", "attempts", "pause_s"),
    [
        (0, 1, 10),
        (12, 1, 10),
        (13, 2, 20),
        (36, 3, 40),
        (79, 4, 80),
        (162, 5, 160),
        (325, 6, 300),
        (628, 7, 300),
    ],
)
def test_the_pause_doubles_up_to_five_minutes(elapsed_s: int, attempts: int, pause_s: int) -> None:
    """Each attempt comes a little after its pause is over."""
    told = history.since(START, START + timedelta(seconds=elapsed_s))
    assert (told.attempts.count, told.pause_s) == (attempts, pause_s)


def test_a_container_that_ends_is_started_again_at_once_the_first_time() -> None:
    """Only then the pauses begin."""
    told = history.since(START, START + timedelta(seconds=5), at_once=True)
    assert told.attempts.count == 2


def test_nothing_is_held_back_right_after_the_first_failure() -> None:
    """The first look afterwards comes a second later."""
    assert history.since(START, START).held_back is None
    assert history.since(START, START + timedelta(seconds=1)).waits


@settings(max_examples=100, deadline=None)
@given(elapsed_s=st.integers(0, 86_400), at_once=st.booleans())
def test_all_moments_lie_between_start_and_now(elapsed_s: int, at_once: bool) -> None:
    """The first attempt is the start; first before last; one moment means no span."""
    now = START + timedelta(seconds=elapsed_s)
    told = history.since(START, now, at_once=at_once)
    for moments in (told.attempts, told.held_back, history.looks(START, now)):
        if moments is not None:
            assert START <= moments.first <= moments.last <= now
            assert (moments.count == 1) is (moments.first == moments.last)
    assert told.attempts.first == START
