"""The process ends with the command's code and with all of its output, to whomever that goes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRY = [sys.executable, "-m", "runbook_lib"]

ENDS = {
    "help": (["--help"], 0),
    "a found cause": (["diagnose", "--bundle", "tests/evidence/b-wrong-password.json"], 1),
    "wrong usage": (["diagnose", "--no-such-option"], 2),
    "bad input": (["diagnose", "--bundle", "there-is-none.json"], 2),
}


@pytest.mark.parametrize(("arguments", "code"), ENDS.values(), ids=ENDS.keys())
def test_the_exit_code_is_the_commands(arguments, code):
    ran = subprocess.run([*ENTRY, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_is_written_last_arrives_whole(tmp_path):
    """Into a file, where output waits in the process until its end."""
    whole = subprocess.run([*ENTRY, "lab", "list"], cwd=ROOT, capture_output=True, timeout=60, check=True).stdout
    target = tmp_path / "out"
    with target.open("wb") as file:
        subprocess.run([*ENTRY, "lab", "list"], cwd=ROOT, stdout=file, timeout=60, check=True)
    assert target.read_bytes() == whole
    assert len(whole) > 4000


def test_a_reader_that_leaves_early_is_no_error_to_be_read_about():
    """As `runbook lab list | head -1` does."""
    run = subprocess.Popen([*ENTRY, "lab", "list"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    run.stdout.close()
    _, err = run.communicate(timeout=60)
    assert err == b""


CLOSED = {
    "no output": (["--version"], ">&-", 0),
    "no output, a found cause": (["diagnose", "--bundle", "tests/evidence/b-wrong-password.json"], ">&-", 1),
    "no messages": (["diagnose", "--bundle", "there-is-none.json"], "2>&-", 2),
}


@pytest.mark.skipif(os.name != "posix", reason="a shell")
@pytest.mark.parametrize(("arguments", "how", "code"), CLOSED.values(), ids=CLOSED.keys())
def test_a_shell_may_close_the_output(arguments, how, code):
    """Bad input must not look like a found cause then, nor the other way round."""
    command = ["sh", "-c", f'exec "$@" {how}', "sh", *ENTRY, *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_is_registered_for_the_end_is_done():
    """Other libraries clean up there: Dask its workers, logging its files."""
    code = (
        "import atexit, sys; from runbook_lib.__main__ import run; sys.argv = ['runbook', '--version'];"
        "atexit.register(print, 'cleaned up'); run()"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.stdout.splitlines()[-1] == "cleaned up"
