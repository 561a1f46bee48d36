"""Every command of the documentation is run, or checked where running it needs what a test has not."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from runbook_lib.lab import Lab

from .checks import check
from .pages import Command, commands, pages, spans
from .workplace import furnish, run

ALL = [c for page in pages() for c in commands(page)]
PASTED = ("README.md", "CONTRIBUTING.md", "docs/guide.md", "docs/json.md", "docs/questions.md")

OF_DEPLOYMENT = "renewed-key-old-copy"
OF_POD = "stale-secret-copy"

CHECKED_ONLY = {
    r"^make ": "the whole project; a dry run shows that it exists",
    r"^pip install|^conda ": "installs; other tests do, into folders of their own",
    r"^(oc|ibmcloud) login|^oc whoami|^ibmcloud (target|ks|oc)": "needs an account",
    r"^read -rs": "asks for a key",
    r"^(kubectl|oc) (apply|create)": "changes a cluster",
    r"^oc adm inspect": "oc's own; the tests have kubectl",
    r"^runbook notebook": "opens JupyterLab; the browser tests do",
    r"^runbook lab (up|practice)": "stays until Ctrl-C",
    r"pytest|make_pictures|make_examples|runbook_lib.causes.pages": "has tests of its own",
    r"^runbook report -n shop deploy/web +#": "run with --out, in the line below it",
    r"zsh_source|fish_source": "another shell's; the scripts are looked at by test_terminal.py",
}
"""What is not run, by its beginning, and why."""

ON_A_POD = re.compile(r"(--pod|pod|diagnose -n shop) web\b|lab run")
SAYS_NOTHING = re.compile(r"^(export|eval|source|tar|papermill) |-o \S+\.json|> \S+\.json")
WRITTEN = re.compile(r"(?:(?:-o|--out|>) |papermill \S+ )(\S+[./]\S+)")
MAY_END_WITH = {r"^runbook access": (0, 3), r"--bundle (must-gather|-)": (0, 1, 3)}


def is_checked_only(command: Command) -> bool:
    return any(re.search(pattern, command.text) for pattern in CHECKED_ONLY)


RUN = [c for c in ALL if c.page in PASTED and not is_checked_only(c)]


def place(command: Command) -> str:
    return f"{command.page}:{command.line}"


@pytest.mark.parametrize("command", ALL, ids=place)
def test_a_command_names_programs_verbs_options_and_files_that_exist(command: Command):
    syntax = subprocess.run(["bash", "-n", "-c", command.filled], capture_output=True, text=True, check=False)
    assert syntax.returncode == 0, syntax.stderr
    assert command.simple
    for words in command.simple:
        check(words)


@pytest.mark.parametrize("page", pages())
def test_a_command_in_the_running_text_exists(page: str):
    for span in spans(page):
        for words in span.simple:
            try:
                check(words)
            except Exception as unknown:
                pytest.fail(f"{span}: {unknown}")


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Lab, Path]]]:
    """The scenarios that the pages speak of, each with a furnished folder."""
    made: dict[str, tuple[Lab, Path]] = {}
    with Lab(OF_DEPLOYMENT) as deployment, Lab(OF_POD) as pod:
        for lab in (deployment, pod):
            folder = tmp_path_factory.mktemp(lab.scenario.name)
            furnish(folder, lab)
            made[lab.scenario.name] = (lab, folder)
        yield made


@pytest.mark.parametrize("command", RUN, ids=place)
def test_a_command_runs_as_it_stands(command: Command, labs: dict[str, tuple[Lab, Path]], tmp_path: Path):
    lab, furnished = labs[OF_POD if ON_A_POD.search(command.text) else OF_DEPLOYMENT]
    for words in command.simple:
        program = "kubectl" if words[0] == "oc" else words[0]
        if program in ("kubectl", "jq", "less", "tar") and not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder, symlinks=True)
    ended = run(folder, lab, command.text.replace("--timeout=5m", "--timeout=2s"))
    expected = next((codes for p, codes in MAY_END_WITH.items() if re.search(p, command.text)), (0, 1))
    assert ended.code in expected, ended.err
    assert "Traceback" not in ended.err
    assert ended.out or SAYS_NOTHING.search(command.text)
    assert not [name for name in WRITTEN.findall(command.text) if not (folder / name).exists()]
    shown = ended.out + ended.err
    assert not [c for c in lab.credentials if c in shown], "a credential is shown"


@pytest.mark.parametrize("pattern", CHECKED_ONLY)
def test_nothing_is_left_out_that_no_page_names(pattern: str):
    """An exception that no command needs any more would let a later one pass unseen."""
    assert any(re.search(pattern, c.text) for c in ALL if c.page in PASTED)
