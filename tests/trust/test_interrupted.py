"""Interrupted runs: no half report looks whole, nothing is left running, and the next run works."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from runbook_lib.lab import Lab

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="signals"), pytest.mark.xdist_group("interrupted")]
PATIENCE = 60.0  # seconds for anything to begin or to end, on a slow machine
WHOLE = {"findings.json", "report.html", "report.md", "image_pull.ipynb"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run lives: its output folder, and a home and a folder for temporary files of its own."""

    out: Path
    home: Path
    temporary: Path
    environment: dict[str, str]

    def start(self, *extra: str, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        """Starts `runbook report` as a shell would, in a process group of its own."""
        command = [sys.executable, "-m", "runbook_lib", "report", "-n", "shop", "--pod", "web", "--out", str(self.out)]
        return subprocess.Popen(
            [*command, *extra],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=limit,
            cwd=self.home,
        )

    def left(self) -> list[str]:
        """What is beside the output folder, and what is in the folder for temporary files."""
        beside = [p.name for p in self.out.parent.iterdir() if p != self.out]
        return beside + [f"temporary: {p.name}" for p in self.temporary.iterdir()]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab("no-pull-secret") as running:
        yield running


@pytest.fixture
def place(lab, tmp_path) -> Place:
    folders = [tmp_path / name for name in ("out", "home", "temporary")]
    for folder in folders:
        folder.mkdir()
    out, home, temporary = folders
    variables = {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parents[2])}
    return Place(out / "report", home, temporary, lab.environ(**variables))


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return what()


def kernel_of(run: subprocess.Popen[str]) -> psutil.Process:
    """The kernel's process, once the first cells run in it."""
    found: list[psutil.Process] = []

    def there() -> bool:
        try:
            children = psutil.Process(run.pid).children(recursive=True)
            found[:] = [p for p in children if any("ipykernel" in part for part in p.cmdline())]
        except psutil.Error:
            return run.poll() is not None
        return bool(found)

    assert wait_for(there)
    assert found, f"the run ended before its kernel was there: {run.communicate()}"
    return found[0]


def family(run: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(run.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=20)
    return not [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def drafting(place: Place) -> bool:
    """True once the run writes its notebook."""
    return any(p.name.startswith(".report-") and any(p.iterdir()) for p in place.out.parent.iterdir())


def is_whole(folder: Path) -> bool:
    findings = json.loads((folder / "findings.json").read_text())
    return {p.name for p in folder.iterdir()} >= WHOLE and bool(findings["cases"])


@pytest.mark.parametrize("to_group", [True, False], ids=["as a terminal sends it", "to the run alone"])
def test_ctrl_c_leaves_nothing(place, to_group):
    """No folder, no draft, no kernel, no temporary file; one sentence and exit code 2."""
    run = place.start()
    kernel_of(run)
    assert wait_for(lambda: drafting(place) or run.poll() is not None)
    children = family(run)
    (os.killpg if to_group else os.kill)(run.pid, signal.SIGINT)
    _out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2, err
    assert "Traceback" not in err
    assert "Interrupted" in err
    assert all_gone(children)
    assert not place.out.exists()
    assert place.left() == []


def test_sigterm_leaves_nothing(place):
    """A scheduler's stop is as clean as Ctrl-C."""
    run = place.start()
    kernel_of(run)
    assert wait_for(lambda: drafting(place) or run.poll() is not None)
    children = family(run)
    os.kill(run.pid, signal.SIGTERM)
    run.communicate(timeout=PATIENCE)
    assert run.returncode != 0
    assert all_gone(children)
    assert not place.out.exists()
    assert place.left() == []


def test_a_killed_kernel_ends_the_run_with_a_sentence(place):
    """The kernel dies of kill -9 (as for want of memory): exit code 2, nothing left."""
    run = place.start()
    kernel = kernel_of(run)
    assert wait_for(lambda: drafting(place) or run.poll() is not None)
    kernel.kill()
    _out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2, err
    assert "Traceback" not in err
    assert "did not come to its end" in err
    assert not place.out.exists()
    assert place.left() == []


def test_after_kill_9_the_kernel_ends_and_the_next_run_works(place):
    """What stays is a private draft that no one takes for a report."""
    run = place.start()
    kernel_of(run)
    assert wait_for(lambda: drafting(place) or run.poll() is not None)
    children = family(run)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=PATIENCE)
    assert all_gone(children)
    assert not place.out.exists()
    for draft in place.out.parent.iterdir():
        assert draft.name.startswith(".")
        assert stat.S_IMODE(draft.stat().st_mode) == 0o700
        assert not (draft / "report.html").exists()
    again = place.start()
    out, err = again.communicate(timeout=PATIENCE)
    assert again.returncode == 1, err
    assert is_whole(place.out)
    assert "report" in out


def test_files_that_may_not_be_written_are_one_sentence(place):
    """The output's parent is a file: nothing is made, and the sentence names the place."""
    place.out.parent.rmdir()
    place.out.parent.write_text("")
    run = place.start()
    _out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert str(place.out) in err
    assert "Traceback" not in err
    assert list(place.temporary.iterdir()) == []


@pytest.mark.parametrize("size", [2_000, 40_000], ids=["at the first file", "in the middle"])
def test_a_full_disk_leaves_no_report(place, size):
    """No file may grow beyond a few kilobytes: one sentence, exit code 2, no folder and no draft."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    run = place.start(limit=limit)
    _out, err = run.communicate(timeout=2 * PATIENCE)
    assert run.returncode == 2, err
    assert "Traceback" not in err
    assert not place.out.exists()
    assert place.left() == []


def test_two_runs_at_once_do_not_mix(place):
    """Into one folder: one report is whole, the other run is told. Neither leaves a draft."""
    runs = [place.start(), place.start()]
    told = [run.communicate(timeout=2 * PATIENCE)[1] for run in runs]
    codes = sorted(run.returncode for run in runs)
    assert codes == [1, 2], told
    assert is_whole(place.out)
    assert place.left() == []


def test_a_whole_run_leaves_its_report_and_nothing_else(place):
    """The files are their owner's only until the folder is whole; temporary files are gone."""
    run = place.start()
    children: list[psutil.Process] = [kernel_of(run)]
    _out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1, err
    assert is_whole(place.out)
    assert all_gone(children)
    assert place.left() == []
    runtime = [p for p in place.home.rglob("*") if p.is_file() and p.name.startswith("kernel-")]
    assert runtime == []
