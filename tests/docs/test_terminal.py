"""The terminal's manners, as the guide tells them: colour, width, pipes and completion."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from .pages import ROOT

FOLDER = Path(sys.executable).parent
DIAGNOSE = ["diagnose", "--bundle", str(ROOT / "parameters" / "example_incident.json")]
COMMAND = re.compile(r" {5}(oc|kubectl|ibmcloud) ")
COLOUR = re.compile(r"\x1b\[[\d;]*3[0-7]")


def environment(**extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return {**kept, "PATH": f"{FOLDER}{os.pathsep}{kept.get('PATH', '')}", "TERM": "xterm-256color", **extra}


def on_a_terminal(**extra: str) -> str:
    ours, its = pty.openpty()
    with subprocess.Popen(
        ["runbook", *DIAGNOSE], stdout=its, stderr=subprocess.DEVNULL, env=environment(**extra)
    ) as child:
        os.close(its)
        pieces = []
        with suppress(OSError):  # Linux says so where the other end is closed
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        os.close(ours)
        assert child.wait(60) == 1
    return b"".join(pieces).decode().replace("\r\n", "\n")


def piped(**extra: str) -> str:
    ran = subprocess.run(["runbook", *DIAGNOSE], capture_output=True, text=True, env=environment(**extra), check=False)
    assert ran.returncode == 1
    return ran.stdout


def test_a_terminal_gets_colours():
    assert COLOUR.search(on_a_terminal(COLUMNS="80"))


def test_a_pipe_gets_plain_text():
    assert "\x1b" not in piped()


def test_no_color_turns_colours_off_in_a_terminal():
    assert not COLOUR.search(on_a_terminal(COLUMNS="80", NO_COLOR="1"))


def test_eighty_columns_are_kept_but_for_commands_which_stay_in_one_piece():
    lines = piped().splitlines()
    assert all(COMMAND.match(line) for line in lines if len(line) > 80)
    assert any("| kubectl apply -n shop -f -" in line for line in lines)


def test_bash_completes_verbs_and_options():
    script = """
eval "$(_RUNBOOK_COMPLETE=bash_source runbook)" 2>/dev/null
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _runbook_completion runbook; echo "${COMPREPLY[*]}"; }
ask runbook di
ask runbook lab r
ask runbook diagnose --b
"""
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment(), check=False)
    assert ran.stdout.splitlines() == ["diagnose", "run", "--bundle"], ran.stderr


@pytest.mark.parametrize(
    ("shell", "says"),
    [("zsh", "compdef _runbook_completion runbook"), ("fish", "complete --no-files --command runbook")],
)
def test_other_shells_get_their_script(shell, says):
    ran = subprocess.run(
        ["runbook"], capture_output=True, text=True, env=environment(_RUNBOOK_COMPLETE=f"{shell}_source"), check=False
    )
    assert says in ran.stdout
