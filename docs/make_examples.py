"""Puts the examples of docs/json.md there, from real runs, so that the page cannot drift from the code.

    .venv/bin/python docs/make_examples.py

A line `<!-- example: RUN PATH KEYS -->` stands above each block. RUN is `incident` (the saved example incident) or
`practice` (a scenario of the practice cluster); PATH leads into the document (`cases.0.way.3`, `.` for the whole);
KEYS, if any, are the fields that are shown.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from runbook_lib.judge import Selectors, gather, open_cases, open_session, run_steps
from runbook_lib.lab import Lab
from runbook_lib.report import to_json
from runbook_lib.steps import ALL_STEPS, SECTIONS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "json.md"
INCIDENT = "parameters/example_incident.json"
SCENARIO = "renewed-key-old-copy"
MOMENT = "2026-01-31T03:15:00Z"  # in place of the time of the run
_EXAMPLE = re.compile(r"(<!-- example: (\w+) (\S+)(?: ([\w,]+))? -->\n```json\n).*?(\n```)", re.DOTALL)


def _run(selectors: Selectors) -> dict[str, Any]:
    session = open_session(selectors)
    cases, chosen = open_cases(session, selectors)
    run_steps(cases, ALL_STEPS)
    found: dict[str, Any] = json.loads(to_json(gather(session, cases, selectors, chosen, list(SECTIONS))))
    found["provenance"]["taken_at"] = MOMENT
    return found


@cache
def incident() -> dict[str, Any]:
    """What `runbook diagnose --bundle parameters/example_incident.json --format json` prints."""
    found = _run(Selectors(bundle=str(ROOT / INCIDENT), probe=False))
    found["provenance"]["parameters"]["bundle"] = INCIDENT
    return found


@cache
def practice() -> dict[str, Any]:
    """What `runbook diagnose --format json` prints on the practice cluster, which can be asked in turn."""
    before = dict(os.environ)
    with Lab(SCENARIO) as lab:
        os.environ.update(lab.env)
        try:
            return _run(Selectors(kubeconfig=str(lab.kubeconfig)))
        finally:
            os.environ.clear()
            os.environ.update(before)


_RUNS: dict[str, Callable[[], dict[str, Any]]] = {"incident": incident, "practice": practice}


def _example(run: str, path: str, keys: str) -> str:
    value: Any = _RUNS[run]()
    for part in path.split(".") if path != "." else ():
        value = value[int(part)] if isinstance(value, list) else value[part]
    if keys:
        value = {key: value[key] for key in keys.split(",")}
    return json.dumps(value, indent=2, ensure_ascii=False)


def rebuilt(page: str) -> str:
    """Returns the page with its examples made anew."""
    return _EXAMPLE.sub(lambda m: m[1] + _example(m[2], m[3], m[4] or "") + m[5], page)


if __name__ == "__main__":
    PAGE.write_text(rebuilt(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
