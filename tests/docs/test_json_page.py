"""docs/json.md says what the schema says, and its examples are real."""

from __future__ import annotations

import importlib.util
import json
import re
from types import ModuleType
from typing import Any

import pytest

from .pages import ROOT, text_of

PAGE = text_of("docs/json.md")
SCHEMA: dict[str, Any] = json.loads((ROOT / "runbook_lib" / "report" / "schema.json").read_text())
DESCRIBED = {
    "The document": SCHEMA,
    "Provenance": SCHEMA["$defs"]["provenance"],
    "Verdict": SCHEMA["$defs"]["verdict"],
    "A case": SCHEMA["$defs"]["case"],
    "A cause": SCHEMA["$defs"]["claim"],
    "An action": SCHEMA["$defs"]["action"],
    "What could not be read": SCHEMA["$defs"]["unread"],
    "The way of the pull": SCHEMA["$defs"]["hop"],
    "A finding": SCHEMA["$defs"]["finding"],
    "A counter-test": SCHEMA["$defs"]["trial"],
}


def section(title: str) -> str:
    found = re.search(rf"^#+ {title}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "docs" / "make_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("title", DESCRIBED)
def test_a_section_lists_the_fields_of_the_schema_in_order(title):
    rows = re.findall(r"^\| `(\w+)` \|", section(title), re.MULTILINE)
    assert rows == list(DESCRIBED[title]["properties"])


@pytest.mark.parametrize("title", DESCRIBED)
def test_a_section_names_every_value_that_a_field_may_have(title):
    described = section(title)
    for name, rule in DESCRIBED[title]["properties"].items():
        if "$ref" in rule:
            rule = SCHEMA["$defs"][rule["$ref"].rpartition("/")[2]]
        for value in rule.get("enum", ()):
            assert f"`{value}`" in described, f"{title}: {name} may be {value}"


def test_every_definition_of_the_schema_is_described():
    told = [id(rule) for rule in DESCRIBED.values()]
    rest = {name for name, rule in SCHEMA["$defs"].items() if id(rule) not in told}
    assert rest == {"status", "confidence", "cause", "plain", "excluded", "located_finding"}
    assert set(SCHEMA["$defs"]["excluded"]["properties"]) == {"id", "why"}
    more = set(SCHEMA["$defs"]["located_finding"]["properties"]) - set(SCHEMA["$defs"]["finding"]["properties"])
    assert more == {"namespace", "pod", "container"}


def test_the_version_of_the_page_is_the_schema_s():
    assert maker().incident()["schema_version"] in SCHEMA["$id"]


def test_the_examples_are_what_a_run_gives():
    assert maker().rebuilt(PAGE) == PAGE, "run: .venv/bin/python docs/make_examples.py"
