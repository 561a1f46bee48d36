"""Lines of the table, and how a ratio is taken: command and peer in turns, the median of the pairs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
BARE = (sys.executable, "-c", "pass")


@dataclass(frozen=True)
class Line:
    """One line of the table; `met` is None where there is no target."""

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None


def clean_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's variables, without those that slow a start down."""
    slow = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "COVERAGE_PROCESS_START")
    return {k: v for k, v in os.environ.items() if k not in slow} | dict(more or {})


def seconds(command: Sequence[str], environment: Mapping[str, str], *, may_end_with: tuple[int, ...] = (0,)) -> float:
    """Runs a command to its end and returns its seconds by the clock. Raises RuntimeError where it failed."""
    began = time.monotonic()
    ran = subprocess.run(command, env=dict(environment), capture_output=True, check=False)
    took = time.monotonic() - began
    if ran.returncode not in may_end_with:
        raise RuntimeError(f"{' '.join(command)} ended with {ran.returncode}: {ran.stderr[-2000:].decode()}")
    return took


def in_pairs(ours: Callable[[], float], peer: Callable[[], float], pairs: int) -> tuple[float, float, float]:
    """Returns the median of the ratios, and the medians of both; who goes first changes from pair to pair."""
    mine, theirs = [], []
    for number in range(pairs):
        turns = [(mine, ours), (theirs, peer)]
        for kept, run in turns if number % 2 == 0 else reversed(turns):
            kept.append(run())
    ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
    return ratio, statistics.median(mine), statistics.median(theirs)


def at_most(what: str, limit: float, measured: tuple[float, float, float], names: tuple[str, str]) -> Iterator[Line]:
    """Yields a ratio with its target, and the two figures that it is made of."""
    ratio, mine, theirs = measured
    yield Line(what, ratio, "x", f"<= {limit:g}", ratio <= limit)
    yield Line(f"  {names[0]}", mine, "s")
    yield Line(f"  {names[1]}", theirs, "s")
