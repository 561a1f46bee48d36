"""`runbook lab practice`: a scenario is drawn, told, and an answer marked."""

from __future__ import annotations

import random

import pytest
from click.testing import CliRunner

from runbook_lib.cli import practice as command
from runbook_lib.cli.practice import draw, exercise_of, practice
from runbook_lib.lab import list_scenarios, load_scenario
from runbook_lib.model.problem import BadInput
from runbook_lib.practice import answers


def run(*arguments, said=""):
    result = CliRunner().invoke(practice, arguments, input=said, standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, " ".join(result.output.split())


ANSWERS = {
    "right": (("no-pull-secret", "--answer", "no-pull-secret"), 0, "Right: no-pull-secret."),
    "near": (("image-not-found", "--answer", "tag-not-found"), 1, "Nearly."),
    "wrong": (("no-pull-secret", "--answer", "tag-not-found"), 1, "No. The repository has no such tag or digest"),
    "well": (("healthy", "--answer", "none"), 0, "Right: none."),
}


@pytest.mark.parametrize(("arguments", "code", "said"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_marked_by_the_exit_code_too(arguments, code, said):
    returned, output = run(*arguments)
    assert returned == code
    assert output.startswith(said)


def test_reveal_tells_story_cause_and_page():
    code, output = run("two-failing-containers", "--reveal")
    assert code == 0
    assert "A sidecar was added" in output
    assert "container app: tag-not-found" in output
    assert "container metrics: registry-not-covered" in output
    assert "How to fix it" in output


def test_the_story_does_not_give_the_scenario_away(monkeypatch):
    """Its name and title say too much."""
    monkeypatch.setattr(command, "_practise", lambda *_: 1)
    scenario = load_scenario("no-pull-secret")
    code, output = run("no-pull-secret")
    assert code == 1
    assert output.startswith("The web shop was deployed for the first time.")
    assert scenario.title not in output
    assert "no-pull-secret" not in output


def test_the_dialog_goes_on_until_the_cause_is_named():
    said = "?\nhint\ntag\nzzzz\nno-pull-secret\n\n"
    code, output = run("no-pull-secret", "--no-browser", said=said)
    assert code == 0
    order = ["export KUBECONFIG=", "what is wrong", "Look at step image-pull/3", "No. The repository", "no cause zzzz"]
    places = [output.index(part) for part in [*order, "Right: no-pull-secret.", "The cluster stays up"]]
    assert places == sorted(places)


@pytest.mark.parametrize("said", ["quit\n", ""], ids=["quit", "end of input"])
def test_leaving_the_dialog_is_not_right(said):
    assert run("no-pull-secret", "--no-browser", said=said)[0] == 1


def test_giving_up_tells_the_cause():
    code, output = run("no-pull-secret", "--no-browser", said="reveal\n")
    assert code == 1
    assert "container app: no-pull-secret" in output


MISTAKES = {
    "an answer to nothing": (("--answer", "tag-not-found"), "none is named"),
    "no such scenario": (("no-pul-secret",), "Did you mean no-pull-secret"),
    "no such cause": (("no-pull-secret", "--answer", "tag-not-fuond"), "Did you mean tag-not-found"),
}


@pytest.mark.parametrize(("arguments", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_one_sentence(arguments, told):
    with pytest.raises(BadInput, match=told):
        run(*arguments)


@pytest.mark.parametrize("difficulty", [1, 2, 3, 4, 5])
def test_a_scenario_is_drawn_by_difficulty(difficulty):
    drawn = {draw(difficulty, random.Random(seed)).name for seed in range(5)}
    assert {load_scenario(name).difficulty for name in drawn} == {difficulty}
    assert len(drawn) > 1


def test_only_scenarios_with_a_fault_are_drawn():
    assert all(draw(None, random.Random(seed)).planted for seed in range(8))


@pytest.mark.parametrize("name", list_scenarios())
def test_every_planted_cause_can_be_answered(name):
    exercise = exercise_of(load_scenario(name))
    assert set(exercise.causes) <= set(answers())
