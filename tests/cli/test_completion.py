"""The shell completes the names that a verb takes: scenarios, causes, answers, runtimes."""

from __future__ import annotations

import pytest
from click.shell_completion import BashComplete

from runbook_lib.cli import cli
from runbook_lib.cli.lab import RUNTIMES
from runbook_lib.lab.scenario import RUNTIMES as OF_THE_LAB


@pytest.mark.parametrize(
    ("words", "begun", "completed"),
    [
        (["lab", "up"], "stale-secret", ["stale-secret-copy"]),
        (["lab", "run"], "two-failing", ["two-failing-containers", "two-failing-pods"]),
        (["lab", "practice"], "two-failing-p", ["two-failing-pods"]),
        (["lab", "practice", "two-failing-pods", "--answer"], "tag", ["tag-not-found"]),
        (["lab", "practice", "two-failing-pods", "--answer"], "non", ["none"]),
        (["lab", "run", "no-pull-secret", "--runtime"], "cri", ["cri-o"]),
        (["cause"], "stale", ["stale-secret-copy"]),
        (["cause"], "zzz", []),
        (["lab"], "pr", ["practice"]),
        ([], "no", ["notebook"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value or "nothing",
)
def test_a_name_is_completed(words: list[str], begun: str, completed: list[str]) -> None:
    found = BashComplete(cli, {}, "runbook", "_RUNBOOK_COMPLETE").get_completions(words, begun)
    assert [item.value for item in found] == completed


def test_each_runtime_of_the_lab_has_a_name_for_the_shell() -> None:
    assert set(RUNTIMES.values()) == set(OF_THE_LAB)
