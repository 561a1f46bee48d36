"""`runbook notebook`: whose notebooks are opened, and with what."""

from __future__ import annotations

import json
import os

import pytest

from runbook_lib.cli.notebook import SHORT, copied, jupyterlab
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


@pytest.mark.parametrize(
    "theirs", ["--ServerApp.root_dir=/x", "--notebook-dir=/x", "--notebook-dir"], ids=["in full", "short", "apart"]
)
def test_an_option_of_ours_that_the_person_gives_is_theirs_alone(tmp_path, theirs):
    """JupyterLab refuses a setting that is given twice."""
    command = jupyterlab(tmp_path, [theirs, "/x"])
    assert not [word for word in command if str(tmp_path) in word]
    assert command[-2:] == [theirs, "/x"]


@pytest.mark.parametrize(
    "options",
    [
        ["--port=1", "--port=2"],
        ["--port", "1", "--ServerApp.port=2"],
        ["--IdentityProvider.token=a", "--IdentityProvider.token=b"],
    ],
    ids=["short", "short and in full", "of another class"],
)
def test_an_option_given_twice_is_told(tmp_path, options):
    with pytest.raises(BadInput, match=r"JupyterLab's option --.* is given twice\."):
        jupyterlab(tmp_path, options)


@pytest.mark.parametrize(
    "options",
    [
        ["--ServerApp.local_hostnames=a", "--ServerApp.local_hostnames=b"],
        ["--ServerApp.jpserver_extensions=a=True", "--ServerApp.jpserver_extensions=b=True"],
        ["--no-browser", "--no-browser"],
    ],
    ids=["list", "mapping", "flag"],
)
def test_what_may_be_given_twice_is_passed_on(tmp_path, options):
    assert jupyterlab(tmp_path, options)[-2:] == options


def test_the_short_names_are_jupyterlabs():
    from jupyterlab.labapp import LabApp

    servers = {short: full for short, full in LabApp.aliases.items() if full.startswith("ServerApp.")}
    assert {**servers, **SHORT} == servers
