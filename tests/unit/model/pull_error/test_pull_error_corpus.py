"""The labelled messages of public threads: how often the parser agrees."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from runbook_lib.model.pull_error import parse

CORPUS = Path(__file__).parents[4] / "corpus"


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """Loads the scoring module beside the corpus."""
    spec = importlib.util.spec_from_file_location("corpus_score", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_given_messages_are_read(score: ModuleType) -> None:
    """Of the 88 given messages none is read wrongly, nearly all exactly."""
    figures = score.score(CORPUS / "given.jsonl")
    assert figures.messages == 88
    assert figures.wrong == 0
    assert figures.acceptable / figures.messages >= 0.97
    assert figures.exact / figures.messages >= 0.90


@pytest.mark.parametrize("name", ["build.jsonl", "measure.jsonl"])
def test_the_collected_messages_are_read(score: ModuleType, name: str) -> None:
    """The messages collected since are held to the figures asked of messages never seen before."""
    if not (CORPUS / name).is_file():
        pytest.skip(f"{name} is not there")
    figures = score.score(CORPUS / name)
    assert figures.acceptable / figures.messages >= 0.95
    assert figures.exact / figures.messages >= 0.85
    assert figures.wrong / figures.messages <= 0.03


def test_a_wrapper_around_a_given_message_changes_no_kind() -> None:
    """The kubelet's wrapper may stand around any message of a runtime."""
    for line in (CORPUS / "given.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["kind"] == "cli" and entry["runtime"] == "containerd":
            wrapped = f'Failed to pull image "r.example/x/y:1": rpc error: code = Unknown desc = {entry["message"]}'
            assert parse(wrapped).kind is parse(entry["message"]).kind
