"""`runbook report` over three notebooks against as many runs of stock papermill over an empty one."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from bench.pairs import BIN, Line, at_most, clean_environment, in_pairs, seconds
from runbook_lib.lab import Lab

NOTEBOOKS = 3


def report(pairs: int) -> Iterator[Line]:
    """The ratio, and the share of each part of our own run."""
    with Lab("renewed-key-old-copy") as lab, tempfile.TemporaryDirectory() as folder:
        environment, scratch = clean_environment(lab.env), Path(folder)
        empty = scratch / "empty.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")]), empty)
        parts: list[dict[str, float]] = []

        def ours() -> float:
            out = scratch / f"r{time.monotonic_ns()}"
            taken = in_parts((str(BIN / "runbook"), "report", "--out", str(out)), environment)
            parts.append(taken)
            return sum(taken.values())

        def stock() -> float:
            command = (sys.executable, "-m", "papermill", "-k", "python3", str(empty), str(scratch / "out.ipynb"))
            return sum(seconds(command, environment) for _ in range(NOTEBOOKS))

        ours()
        parts.clear()
        measured = in_pairs(ours, stock, pairs)
        yield from at_most(
            f"runbook report over {NOTEBOOKS} notebooks : as many papermill runs of an empty one",
            0.7,
            measured,
            ("runbook report", f"{NOTEBOOKS} papermill runs"),
        )
        for name in parts[0]:
            yield Line(f"  share: {name}", 100 * statistics.median(p[name] / sum(p.values()) for p in parts), "%")


def in_parts(command: tuple[str, ...], environment: dict[str, str]) -> dict[str, float]:
    """Runs a report and takes the times at which it says what it is at."""
    last, name, taken = time.monotonic(), "start, imports, kernel", {}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        now, told = time.monotonic(), line.strip().removesuffix(" …")
        taken[name], last, name = now - last, now, told
        said.append(line)
    code = process.wait()
    taken[name] = time.monotonic() - last
    if code != 1 or len(said) != NOTEBOOKS + 1:
        raise RuntimeError(f"runbook report ended with {code}: {''.join(said)[-2000:]}")
    return taken
