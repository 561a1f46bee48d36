"""Three lines for a pager: what and where, how it is known, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from runbook_lib.model.finding import change
from runbook_lib.model.result import RunResult
from runbook_lib.report.summary import three_lines
from runbook_lib.vault import Vault
from tests.unit.report import results


def test_a_problem() -> None:
    assert three_lines(results.run()) == (
        "stale-secret-copy (confirmed): The project's copy of the pull secret is out of date "
        "(container app of pod shop/web-1).\n"
        "Because: Refused with the pod's copy, accepted with that of default.\n"
        "Do: oc get secret all-icr-io -n default -o json | oc apply -n shop -f - (makes a change)"
    )


@pytest.mark.parametrize("make", results.ALL.values(), ids=results.ALL)
def test_always_three_short_lines(make: Callable[[], RunResult]) -> None:
    lines = three_lines(make()).split("\n")
    assert len(lines) == 3
    assert all(0 < len(line) <= 300 for line in lines)


def test_several_cases_are_counted() -> None:
    assert "And 3 other cases." in three_lines(results.several())


def test_a_command_that_is_too_long_is_not_cut_but_left_out() -> None:
    case = results.case()
    claim = replace(case.diagnosis.causes[0], remedy=(change("Make it.", "oc apply " + "x" * 400),))
    case = replace(case, diagnosis=replace(case.diagnosis, causes=(claim,)))
    assert three_lines(results.run(case)).endswith("\nDo: Make it. (the command is in the report)")


def test_no_credential_is_shown(own_vault: Vault) -> None:
    own_vault.register("aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7x", "key")
    case = results.case()
    claim = results.claim(text="it was aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7x")
    case = replace(case, diagnosis=replace(case.diagnosis, causes=(claim,)))
    assert "key #1" in three_lines(results.run(case)).splitlines()[1]
