"""The files of a scenario: a mistake is told with its place, and no credential is written into one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from runbook_lib.lab import Lab, load_scenario
from runbook_lib.lab.scenario import ScenarioError


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("scenario.yaml", "title: [", "scenario.yaml"),
        (
            "scenario.yaml",
            "title: a\nsection: image-pull\nstory: b\nplanted: []\ntypo: 1",
            "unknown field `typo`",
        ),
        ("scenario.yaml", "title: a\nsection: other\nstory: b\nplanted: []", "$.section"),
        ("scenario.yaml", "title: a\nsection: token\nstory: b\nplanted: [{cause: bad-luck}]", "bad-luck"),
        ("scenario.yaml", "title: a\nsection: token\nstory: b\nplanted: []\nkubelet: '1.32'", "kubelet"),
        (
            "scenario.yaml",
            "title: a\nsection: token\nstory: b\nplanted: []\nnode: {network: {h: {fault: x}}}",
            "fault",
        ),
        ("manifests.yaml", "kind: Pod", "metadata.name is missing"),
        ("manifests.yaml", "- a", "not a Kubernetes object"),
        ("manifests.yaml", "kind: Pod\nmetadata: {name: a}\nage: soon", "age 'soon'"),
        ("manifests.yaml", "kind: Pod\nmetadata: {name: a}\npullSecret: {}", "belongs on a Secret"),
        ("manifests.yaml", "kind: Secret\nmetadata: {name: a}\nlayout: odd", "layout is neither"),
        ("manifests.yaml", "kind: Secret\nmetadata: {name: a}\npullSecret: {h: {key: nobody}}", "nobody"),
        ("manifests.yaml", "kind: Pod\nmetadata: {name: a}\nspec: {containers: []}", "spec.containers"),
        ("network.yaml", "- a", "expected a mapping"),
        ("network.yaml", "cloud: {acounts: {}}", "acounts"),
    ],
)
def test_a_broken_scenario_is_refused_with_its_place(tmp_path: Path, file: str, content: str, complaint: str) -> None:
    """The message names the file and what is wrong in it."""
    folder = tmp_path / "broken"
    shutil.copytree(load_scenario("no-pull-secret").folder, folder)
    (folder / file).write_text(content)
    with pytest.raises(ScenarioError) as raised, Lab(load_scenario(folder)):
        pass
    assert str(raised.value).startswith(f"broken/{file}: ")
    assert complaint in str(raised.value)


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    """So that a misspelt name is soon mended."""
    with pytest.raises(ScenarioError, match=r"no scenario called 'nonesuch'; known are: .*no-pull-secret"):
        load_scenario("nonesuch")


def test_no_two_credentials_of_the_account_are_written_into_a_scenario() -> None:
    """Scenario files name keys; they do not hold them."""
    with Lab("healthy") as lab:
        values = [lab.network.key_value(name) for name in lab.network.cloud_state.key_names()]
    folder = load_scenario("healthy").folder.parent
    texts = [path.read_text() for path in folder.glob("*/*.yaml")]
    assert not [value for value in values if any(value in text for text in texts)]


def test_yaml_files_of_scenarios_are_read_without_surprises() -> None:
    """Each file parses, and a secret's data is never written encoded."""
    folder = load_scenario("healthy").folder.parent
    for path in folder.glob("*/manifests.yaml"):
        for document in yaml.safe_load_all(path.read_text()):
            assert not (document["kind"] == "Secret" and "data" in document), path
