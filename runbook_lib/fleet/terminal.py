"""The fleet in a terminal: causes, outliers, what was not seen, where the report lies."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from runbook_lib.fleet.summary import Cause, Fleet
from runbook_lib.report.sealed import sealed
from runbook_lib.report.text import one_line
from runbook_lib.report.view import count_of

_CLUSTERS_SHOWN = 5


def print_fleet(fleet: Fleet, folder: Path) -> None:
    """Prints the fleet; names come from clusters, so nothing of them reaches the terminal unsealed."""
    console, shown = Console(highlight=False, markup=False), sealed(fleet)
    reached, pods = len(shown.reached), count_of(shown.failing_pods, "pod")
    console.print(f"{reached} of {count_of(len(shown.clusters), 'cluster')} seen; {pods} with a failing pull.")
    if shown.causes:
        console.print(_causes(shown))
    for sentence in shown.outliers:
        console.print(f"Outlier: {one_line(sentence, 200)}")
    for cluster in shown.missing:
        console.print(f"Not seen: {cluster.place.name} ({cluster.state.value}): {one_line(cluster.why, 300)}")
    console.print(f"Report: {folder / 'fleet.html'}")
    if shown.missing:
        console.print(f"The same command with --out {folder} asks again what is missing, and nothing else.")


def _causes(fleet: Fleet) -> Table:
    table = Table("cause", "clusters", "pods", "first to mend", "on", box=None, pad_edge=False)
    for cause in fleet.causes:
        thing = cause.things[0]
        row = (
            cause.cause or "undetermined",
            f"{len(cause.clusters):,}",
            f"{cause.pods:,}",
            f"{thing.kind} {thing.name}",
            _named(cause),
        )
        table.add_row(*(Text(one_line(cell, 200)) for cell in row))
    return table


def _named(cause: Cause) -> str:
    more = len(cause.clusters) - _CLUSTERS_SHOWN
    return ", ".join(cause.clusters[:_CLUSTERS_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
