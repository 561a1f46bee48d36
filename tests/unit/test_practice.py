"""How an answer is read and marked."""

from __future__ import annotations

import pytest

from runbook_lib.causes import CATALOGUE
from runbook_lib.model.problem import BadInput
from runbook_lib.practice import NOTHING, Exercise, Mark, answers, as_answer, hint, judged, why

STALE = Exercise((("app", "stale-secret-copy"),), frozenset({"credentials-rejected"}))
TWO = Exercise((("app", "tag-not-found"), ("metrics", "registry-not-covered")))
WELL = Exercise(())

MARKS = {
    "the planted cause": (STALE, "stale-secret-copy", Mark.RIGHT),
    "a cause that holds as well": (STALE, "credentials-rejected", Mark.NEAR),
    "another cause": (STALE, "tag-not-found", Mark.WRONG),
    "nothing, where something is planted": (STALE, NOTHING, Mark.WRONG),
    "one of two": (TWO, "registry-not-covered", Mark.RIGHT),
    "nothing, where nothing is": (WELL, NOTHING, Mark.RIGHT),
    "a cause, where nothing is": (WELL, "tag-not-found", Mark.WRONG),
}


@pytest.mark.parametrize(("exercise", "answer", "mark"), MARKS.values(), ids=MARKS)
def test_an_answer_is_marked(exercise, answer, mark):
    assert exercise.mark(answer) is mark


READINGS = {
    "as it stands": ("tag-not-found", "tag-not-found"),
    "with blanks and capitals": ("  Tag not found ", "tag-not-found"),
    "with underlines": ("tag_not_found", "tag-not-found"),
    "its beginning": ("stale", "stale-secret-copy"),
    "none": ("none", "none"),
}


@pytest.mark.parametrize(("said", "meant"), READINGS.values(), ids=READINGS)
def test_an_answer_is_read(said, meant):
    assert as_answer(said) == meant


UNCLEAR = {
    "several begin so": ("image-n", r"may be image-(.+) or image-"),
    "a part of an id": ("secret-copy", "Did you mean stale-secret-copy"),
    "a slip": ("tag-not-fuond", "Did you mean tag-not-found"),
    "nothing like it": ("zzzz", "A question mark lists them all"),
    "nothing": ("", "There is no cause without a name"),
}


@pytest.mark.parametrize(("said", "told"), UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_answer_is_asked_back(said, told):
    with pytest.raises(BadInput, match=told):
        as_answer(said)


def test_every_cause_may_be_answered():
    assert answers() == (*(cause.id for cause in CATALOGUE), NOTHING)


@pytest.mark.parametrize("cause", [c.id for c in CATALOGUE])
def test_a_wrong_answer_tells_how_that_cause_would_show_and_not_the_right_one(cause):
    exercise = Exercise((("app", "stale-secret-copy"),))
    told = judged(exercise, cause)
    if cause == "stale-secret-copy":
        assert told.startswith("**Right: stale-secret-copy.**")
    else:
        assert told.startswith("**No.**")
        assert len(told) > 60
        assert "stale-secret-copy" not in told


def test_a_near_answer_does_not_give_the_right_one_away():
    told = judged(STALE, "credentials-rejected")
    assert told.startswith("**Nearly.**")
    assert "stale" not in told


def test_the_right_answer_names_the_other_containers_cause():
    assert "`registry-not-covered`" in judged(TWO, "tag-not-found")


def test_a_hint_names_the_step_and_not_the_cause():
    step = next(c.step for c in CATALOGUE if c.id == "stale-secret-copy")
    assert step in hint(STALE)
    assert "stale" not in hint(STALE)
    assert "states" in hint(WELL)


def test_why_tells_what_is_planted_and_its_page():
    told = why(TWO)
    assert "container app: **tag-not-found**" in told
    assert "container metrics: **registry-not-covered**" in told
    assert told.count("## What it is") == 2
    assert "well" in why(WELL)
