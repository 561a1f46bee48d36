"""`runbook notebook`: whose notebooks are opened, and with what."""

from __future__ import annotations

import json
import os

import pytest

from runbook_lib.cli.notebook import copied, jupyterlab
from runbook_lib.headless.shipped import folder as shipped
from runbook_lib.model.problem import BadInput

NAMES = sorted(path.name for path in shipped("notebooks").glob("*.ipynb"))


def test_the_notebooks_are_copied(tmp_path):
    assert copied(tmp_path / "mine") == []
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == NAMES


def test_a_copy_that_was_run_is_as_shipped_and_one_that_was_edited_is_kept(tmp_path):
    copied(tmp_path)
    run, edited = tmp_path / NAMES[0], tmp_path / NAMES[1]
    notebook = json.loads(run.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}
    run.write_text(json.dumps(notebook))
    notebook = json.loads(edited.read_text())
    notebook["cells"][0]["source"] = "mine"
    edited.write_text(json.dumps(notebook))
    assert copied(tmp_path) == [edited]
    assert json.loads(edited.read_text())["cells"][0]["source"] == "mine"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"The notebooks cannot be copied to .*file"):
        copied(tmp_path / "file" / "mine")


def test_the_first_notebook_opens_and_options_of_the_person_win(tmp_path):
    command = jupyterlab(tmp_path, ["--port=9000"])
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--LabApp.default_url=/lab/tree/image_pull.ipynb" in command
    assert command[-1] == "--port=9000"
    assert ("--allow-root" in command) is (os.geteuid() == 0)
