"""findings.json keeps its schema, and the schema says what the model says."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runbook_lib.causes import CATALOGUE
from runbook_lib.model.counter_tests import Origin
from runbook_lib.model.diagnosis import Confidence, VerdictStatus
from runbook_lib.model.finding import Status
from runbook_lib.model.registry_answer import Answer, Hop
from runbook_lib.model.result import HopState, RunResult
from runbook_lib.model.unavailable import Why
from runbook_lib.report import to_json
from tests.unit.report import results
from tests.unit.report.evidence import BUNDLES, judged

SCHEMA = json.loads(resources.files("runbook_lib.report").joinpath("schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_recorded_cases_keep_the_schema(bundle: Path) -> None:
    VALIDATOR.validate(json.loads(to_json(judged(bundle))))


@pytest.mark.parametrize("make", results.ALL.values(), ids=results.ALL)
def test_every_kind_of_result_keeps_the_schema(make: Callable[[], RunResult]) -> None:
    VALIDATOR.validate(json.loads(to_json(make())))


@pytest.mark.parametrize(
    ("place", "enum"),
    [
        (("status",), Status),
        (("confidence",), Confidence),
        (("verdict", "properties", "status"), VerdictStatus),
        (("unread", "properties", "why"), Why),
        (("hop", "properties", "state"), HopState),
        (("trial", "properties", "origin"), Origin),
        (("trial", "properties", "answer"), Answer),
        (("trial", "properties", "hop"), Hop),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_words_of_the_schema_are_those_of_the_model(place: tuple[str, ...], enum: type[StrEnum]) -> None:
    found = SCHEMA["$defs"]
    for name in place:
        found = found[name]
    assert found["enum"] == [member.value for member in enum]


def test_every_cause_has_an_id_of_the_schemas_form() -> None:
    form = Draft202012Validator(SCHEMA["$defs"]["cause"])
    assert [cause.id for cause in CATALOGUE if not form.is_valid(cause.id)] == []
    assert not form.is_valid("Stale Copy")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d["verdict"].update(status="maybe"),
        lambda d: d["verdict"].update(confidence=None),
        lambda d: d["verdict"].update(cause="Not An Id"),
        lambda d: d["cases"][0]["findings"][0].update(status="PROBLEM"),
        lambda d: d["cases"][0]["findings"][0]["evidence"].update(secret={"a": 1}),
        lambda d: d["findings"][0].pop("namespace"),
        lambda d: d["provenance"].update(token="x"),
        lambda d: d.pop("schema_version"),
    ],
    ids=[
        "unknown status",
        "a problem without confidence",
        "no id",
        "status in capitals",
        "nested evidence",
        "a finding without its place",
        "unknown field",
        "no version",
    ],
)
def test_what_breaks_the_contract_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(to_json(results.run()))
    spoil(document)
    assert not VALIDATOR.is_valid(document)
