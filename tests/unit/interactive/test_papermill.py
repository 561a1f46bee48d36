"""A notebook with widgets, run by papermill as anybody has it installed."""

from __future__ import annotations

import json
import warnings

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from tests.unit.interactive.evidence import bundle, pod

SET_UP = 'from runbook_lib.interactive import start\ncase = start("image-pull", globals())\ncase'
STEP = "from runbook_lib.steps import image_pull\ncase.check(image_pull.pod_status)"


def execute(folder, *cells, **parameters):
    """Runs cells and returns the executed notebook."""
    first = nbformat.v4.new_code_cell('bundle = ""\npod = ""\nprobe = False', metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[first, *map(nbformat.v4.new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    source, target = folder / "in.ipynb", folder / "out.ipynb"
    nbformat.write(notebook, source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        papermill.execute_notebook(str(source), str(target), parameters=parameters, progress_bar=False)
    return json.loads(target.read_text())


def test_it_runs_without_a_warning_and_leaves_no_widget(tmp_path):
    executed = execute(tmp_path, SET_UP, STEP, bundle=bundle(tmp_path, pod("web")))
    outputs = [output for cell in executed["cells"] for output in cell.get("outputs", ())]
    assert [output["output_type"] for output in outputs] == ["display_data", "display_data"]
    assert all({"text/plain", "text/markdown", "text/html"} <= set(output["data"]) for output in outputs)
    assert "✓ pod" in "".join(outputs[0]["data"]["text/plain"]), "the way is filled in where it was first shown"
    assert "widgets" not in executed["metadata"]
    assert "widget" not in json.dumps(outputs)


def test_a_pick_that_fails_fails_the_run(tmp_path):
    with pytest.raises(PapermillExecutionError, match="There is no pod nope in namespace shop"):
        execute(tmp_path, SET_UP, 'case.pick("shop", "nope")', bundle=bundle(tmp_path, pod("web")))
