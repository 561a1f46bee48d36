"""A run over a fleet: what is finished is taken over, the rest is asked, and the fleet's report is written anew."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runbook_lib.fleet.ledger import Ledger
from runbook_lib.fleet.result import Asked, ClusterResult
from runbook_lib.fleet.summary import Fleet, summed_up
from runbook_lib.fleet.writing import write_fleet

Engine = Callable[[Sequence[Asked]], Iterable[tuple[Asked, dict[str, Any]]]]
Progress = Callable[[str, int, int], None]


def default_folder() -> Path:
    """A name that sorts by time: reports/2026-01-31T03-15-00-fleet."""
    return Path("reports", f"{datetime.now(UTC).strftime('%Y-%m-%dT%H-%M-%S')}-fleet")


def default_workers() -> int:
    """As many processes as this process may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_fleet(
    asked: Sequence[Asked], out: Path, engine: Engine, progress: Progress = lambda _what, _done, _of: None
) -> Fleet:
    """Surveys the clusters that are not finished in `out`, keeps each result at once, and writes the report.

    The report is written also where the run is broken off: what there is by then is in it, and the same call
    goes on from there.

    Raises:
        BadInput: the folder cannot be used, or the engine cannot start.
    """
    began = time.monotonic()
    ledger = Ledger(out)
    results = {one.place: kept for one in asked if (kept := ledger.finished(one)) is not None}
    waiting = [one for one in asked if one.place not in results]
    try:
        for result in _kept(ledger, engine, waiting):
            results[result.place] = result
            progress("clusters", len(results), len(asked))
    finally:
        fleet = summed_up([results[a.place] for a in asked if a.place in results], seconds=time.monotonic() - began)
        if results:
            write_fleet(fleet, out)
    return fleet


def _kept(ledger: Ledger, engine: Engine, waiting: Sequence[Asked]) -> Iterator[ClusterResult]:
    if waiting:
        for one, answer in engine(waiting):
            yield ledger.keep(one, answer)
