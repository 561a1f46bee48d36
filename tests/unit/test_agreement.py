"""The document, the steps and the notebooks agree: ids, order, titles, one cell a step; and the notebooks' shape.

Source: the document in tests/document, whose numbered steps give the ids; what it has as a step with
steps of its own (4, and 3 for API keys) has no id itself.
"""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from runbook_lib.headless.parameters import declared_parameters, from_files
from runbook_lib.headless.shipped import NOTEBOOK_OF_SECTION, folder, load, notebook_path
from runbook_lib.interactive.rows import SHOWABLE
from runbook_lib.judge import Selectors
from runbook_lib.model.wiring import Step
from runbook_lib.providers import PROVIDERS
from runbook_lib.steps import ALL_STEPS, SECTIONS

DOCUMENT = (Path(__file__).parent.parent / "document" / "ts_app_image_pull.md").read_text(encoding="utf-8")
ANCHORS = {"#ts-app-image-pull": "image-pull", "#img-pull-api-key": "api-key", "#img-pull-token": "token"}
SECTION_IDS = list(ANCHORS.values())
_HEADING = re.compile(r"^#+ (?P<title>.+)\n\{: (?P<anchor>#[\w-]+)\}$", re.MULTILINE)
_NUMBERED = re.compile(r"^(?P<indent>(?: {4})?)(?P<number>\d)\.  ", re.MULTILINE)
_COMMAND = re.compile(r"```\n *(?P<command>[^\n]+)\n *```\n *\{: pre\}")
_LABELS = ["**Command**", "**Why**", "**Expect**", "**Otherwise**"]
_BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp)


def document_sections() -> dict[str, tuple[str, str]]:
    """Title and text of each section of the document, by section id."""
    found = [m for m in _HEADING.finditer(DOCUMENT) if m["anchor"] in ANCHORS]
    ends = [m.start() for m in found[1:]] + [len(DOCUMENT)]
    return {ANCHORS[m["anchor"]]: (m["title"], DOCUMENT[m.end() : e]) for m, e in zip(found, ends, strict=True)}


def document_steps(section: str) -> dict[str, str]:
    """The steps of a section with their text: the commands among the symptoms, then what is numbered."""
    text = document_sections()[section][1]
    symptoms = text[text.index("{: tsSymptoms}") : text.index("{: tsCauses}")] if "{: tsSymptoms}" in text else ""
    steps = {f"{section}/symptom-{n}": match.group() for n, match in enumerate(_COMMAND.finditer(symptoms), start=1)}
    body = text[text.index("{: tsResolve}") :] if symptoms else text
    numbered = list(_NUMBERED.finditer(body))
    outer = ""
    for match, following in zip(numbered, [*numbered[1:], None], strict=True):
        has_own_steps = following is not None and following["indent"] and not match["indent"]
        outer = outer if match["indent"] else match["number"]
        if not has_own_steps:
            number = f"{outer}.{match['number']}" if match["indent"] else outer
            steps[f"{section}/{number}"] = body[match.start() : following.start() if following else len(body)]
    return steps


def source(cell: dict[str, Any]) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def cells(section: str, kind: str) -> list[str]:
    return [source(c) for c in load(section)["cells"] if c["cell_type"] == kind]


def step_cells(section: str) -> list[tuple[str, str, list[str]]]:
    """For each step's heading in a notebook: the heading, its Markdown, and the code cells up to the next heading."""
    found: list[tuple[str, str, list[str]]] = []
    for cell in load(section)["cells"]:
        text = source(cell)
        if cell["cell_type"] == "markdown":
            found.append((text.partition("\n")[0].removeprefix("## "), text, []))
        elif found:
            found[-1][2].append(text)
    return [f for f in found if " · " in f[0]]


def named_in(code: str, section: str, call: str) -> list[object]:
    """The objects that the cell hands to `case.<call>(…)`, looked up by the notebook's own imports."""
    imported = {}
    for node in ast.walk(ast.parse("\n".join(cells(section, "code")))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                imported[alias.asname or alias.name] = _member(node.module, alias.name)
    calls = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call) and ast.unparse(n.func) == f"case.{call}"]
    return [eval(ast.unparse(a), dict(imported)) for c in calls for a in c.args]


def _member(module: str, name: str) -> object:
    loaded = importlib.import_module(module)
    return getattr(loaded, name) if hasattr(loaded, name) else importlib.import_module(f"{module}.{name}")


def test_the_document_has_23_steps():
    ids = [i for section in SECTION_IDS for i in document_steps(section)]
    assert ids == [
        *(f"image-pull/{n}" for n in ("symptom-1", "symptom-2", "1", "2", "3", "4.1", "4.2", "4.3", "5")),
        *(f"api-key/{n}" for n in ("1", "2", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6")),
        *(f"token/{n}" for n in ("1", "2", "3", "4", "5", "6")),
    ]


def test_the_steps_are_the_documents_in_its_order():
    assert [s.id for s in ALL_STEPS] == [i for section in SECTION_IDS for i in document_steps(section)]
    assert list(SECTIONS) == SECTION_IDS
    assert {s.section for s in ALL_STEPS} == set(SECTIONS)


def test_every_section_has_its_notebook():
    assert list(NOTEBOOK_OF_SECTION) == SECTION_IDS
    for section in SECTION_IDS:
        assert notebook_path(section).is_file()


@pytest.mark.parametrize("section", SECTION_IDS)
def test_a_notebook_has_one_heading_and_one_check_for_each_step_in_order(section):
    found = step_cells(section)
    assert [heading for heading, _, _ in found] == [f"{s.id} · {s.title}" for s in SECTIONS[section]]
    for (_, _, code), step in zip(found, SECTIONS[section], strict=True):
        assert [c for cell in code for c in named_in(cell, section, "check")] == [step]
        assert code[-1].startswith("case.check(")
        assert all(cell.startswith("case.show(") for cell in code[:-1])


@pytest.mark.parametrize("section", SECTION_IDS)
def test_what_a_notebook_shows_is_a_reading_that_has_a_table(section):
    for cell in cells(section, "code"):
        for reading in named_in(cell, section, "show"):
            assert reading in PROVIDERS
            assert reading in SHOWABLE


@pytest.mark.parametrize("section", SECTION_IDS)
def test_each_step_says_command_why_expect_and_otherwise(section):
    for heading, text, _ in step_cells(section):
        assert [line.split(" ")[0] for line in text.split("\n")[2::2]] == _LABELS, heading


@pytest.mark.parametrize("section", SECTION_IDS)
def test_the_documents_command_stands_in_the_steps_cell(section):
    texts = {heading.partition(" · ")[0]: text for heading, text, _ in step_cells(section)}
    for step, described in document_steps(section).items():
        command = _COMMAND.search(described)
        if command:
            words = " ".join(command["command"].split()[:2])
            assert words in texts[step], step


@pytest.mark.parametrize("section", SECTION_IDS)
def test_the_one_h1_of_a_notebook_is_the_documents_heading(section):
    headings = [line for text in cells(section, "markdown") for line in text.split("\n") if line.startswith("# ")]
    assert headings == [f"# {document_sections()[section][0]}"]
    assert cells(section, "markdown")[0].startswith(headings[0])


@pytest.mark.parametrize("section", SECTION_IDS)
def test_a_notebook_goes_from_meaning_to_next(section):
    texts = cells(section, "markdown")
    assert all(word in texts[0] for word in ("**Meaning**", "**Impact**"))
    plain = [t.partition("\n")[0] for t in texts if t.startswith("## ") and " · " not in t.partition("\n")[0]]
    assert plain == ["## Before you start", "## Parameters", "## Verdict", "## Next"]
    assert cells(section, "code")[-1] == "case.verdict()"


@pytest.mark.parametrize("section", SECTION_IDS)
def test_a_notebook_is_committed_clean(section):
    notebook = load(section)
    nbformat.validate(nbformat.from_dict(notebook))
    assert len({c["id"] for c in notebook["cells"]}) == len(notebook["cells"])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    tags = [c["metadata"]["tags"] for c in notebook["cells"] if c["metadata"].get("tags")]
    assert tags == [["parameters"]]


@pytest.mark.parametrize("section", SECTION_IDS)
def test_a_code_cell_has_at_most_five_lines_and_no_branches(section):
    for cell in load(section)["cells"]:
        if cell["cell_type"] != "code" or cell["metadata"].get("tags") == ["parameters"]:
            continue
        assert len([line for line in source(cell).split("\n") if line.strip()]) <= 5
        assert not [n for n in ast.walk(ast.parse(source(cell))) if isinstance(n, _BRANCHES)]


@pytest.mark.parametrize("section", SECTION_IDS)
def test_the_setup_opens_the_notebooks_own_section(section):
    assert f'case = start("{section}", globals())' in "\n".join(cells(section, "code"))


@pytest.mark.parametrize("section", SECTION_IDS)
def test_the_parameters_of_a_notebook_are_the_selectors_of_every_run(section):
    declared = declared_parameters(load(section))
    assert {p.name: p.default for p in declared.values()} == {f.name: f.default for f in fields(Selectors)}
    assert all(p.comment for p in declared.values())


def test_the_parameters_cells_are_the_same_word_for_word():
    tagged = [
        source(c)
        for section in SECTION_IDS
        for c in load(section)["cells"]
        if c["metadata"].get("tags") == ["parameters"]
    ]
    assert len(tagged) == 3
    assert len(set(tagged)) == 1


@pytest.mark.parametrize("section", SECTION_IDS)
def test_a_parameters_file_holds_known_names_with_the_right_types(section):
    path = folder("parameters") / NOTEBOOK_OF_SECTION[section].replace(".ipynb", ".yaml")
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    declared = declared_parameters(load(section))
    assert held.keys() <= declared.keys()
    assert all(type(value) is declared[name].type for name, value in held.items())
    assert from_files(declared, [str(path)]) == held


def test_steps_are_named_after_what_they_check():
    for section, steps in SECTIONS.items():
        module = importlib.import_module(f"runbook_lib.steps.{notebook_path(section).stem}")
        exported = [name for name in module.__all__ if isinstance(getattr(module, name), Step)]
        assert {getattr(module, name).id for name in exported} == {s.id for s in steps}
        assert all(getattr(module, name).run.__name__ == name for name in exported)
