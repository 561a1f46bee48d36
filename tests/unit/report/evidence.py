"""The recorded cases of tests/evidence, judged offline."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from runbook_lib.judge import Selectors, gather, open_cases, open_session, run_steps
from runbook_lib.model.result import RunResult
from runbook_lib.steps import ALL_STEPS, SECTIONS

FOLDER = Path(__file__).parents[2] / "evidence"
BUNDLES = tuple(sorted(path for path in FOLDER.glob("*.json") if path.name != "expected.json"))


@cache
def judged(bundle: Path) -> RunResult:
    selectors = Selectors(bundle=str(bundle), probe=False)
    session = open_session(selectors)
    cases, chosen = open_cases(session, selectors)
    run_steps(cases, ALL_STEPS)
    return gather(session, cases, selectors, chosen, list(SECTIONS))
