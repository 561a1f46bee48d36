"""Writes a fleet's report: fleet.html, fleet.json and fleet.parquet, each whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from runbook_lib.fleet.page import to_html
from runbook_lib.fleet.result import plain
from runbook_lib.fleet.summary import Fleet
from runbook_lib.report.sealed import sealed
from runbook_lib.vault import write_scrubbed

if TYPE_CHECKING:
    import pandas as pd


def write_fleet(fleet: Fleet, folder: Path) -> None:
    """Writes the three forms; raises OSError where the folder cannot be written."""
    shown = sealed(fleet)
    write_scrubbed(folder / "fleet.json", to_json(shown))
    write_scrubbed(folder / "fleet.html", to_html(shown))
    draft = folder / f".fleet-{os.getpid()}.parquet"
    to_frame(shown).to_parquet(draft, index=False)
    os.replace(draft, folder / "fleet.parquet")


def to_json(fleet: Fleet) -> str:
    """Returns the fleet as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(plain(fleet)), indent=2).decode() + "\n"


def to_frame(fleet: Fleet) -> pd.DataFrame:
    """Returns one row a group; a cluster on which nothing fails, or that was not reached, has one row too."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for cluster in fleet.clusters:
        about = {
            "cluster": cluster.place.name,
            "state": cluster.state.value,
            "why": cluster.why,
            "server": cluster.server,
            "version": cluster.version,
            "taken_at": cluster.taken_at,
            "seconds": cluster.seconds,
            "pods_seen": cluster.pods_seen,
        }
        reports = {r.group: r.folder for r in cluster.reports}
        for group in cluster.groups or (None,):
            rows.append(
                about
                | {
                    "cause": group.cause if group else None,
                    "thing_kind": group.thing_kind if group else None,
                    "thing": group.thing if group else None,
                    "status": group.status if group else None,
                    "confidence": group.confidence if group else None,
                    "pods": group.pods if group else 0,
                    "workloads": group.workloads if group else 0,
                    "namespaces": list(group.namespaces) if group else [],
                    "nodes": group.nodes if group else 0,
                    "since": group.since if group else None,
                    "image": group.example.image if group else None,
                    "summary": group.summary if group else None,
                    "report": reports.get(group.id) if group else None,
                }
            )
    frame = pd.DataFrame(rows)
    for column in ("taken_at", "since"):
        frame[column] = pd.to_datetime(frame[column], utc=True, errors="coerce", format="ISO8601")
    return frame
