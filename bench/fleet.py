"""`runbook fleet` over twenty practice clusters that answer slowly, with one worker and with two."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.pairs import BIN, Line, clean_environment, in_pairs, seconds
from runbook_lib.lab.kube import FaultReply
from tests.fleet.small_clusters import small_clusters

KINDS = (*["pull-secret-missing"] * 4, *["healthy"] * 16)
LATENCY = 1.0  # seconds before each answer of an API server
TARGET = 1.7


def fleet(_pairs: int, *, latency: float = LATENCY) -> Iterator[Line]:
    """The ratio of one worker's time to two workers'. Nearly all of it is waiting, so one pair tells."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with small_clusters(scratch, KINDS) as clusters:
            for cluster in clusters.clusters.values():
                if cluster.server is not None and latency:
                    cluster.server.fault = lambda _request: FaultReply(hang=latency)
            environment = clean_environment(clusters.env)

            def run(workers: int) -> float:
                out = scratch / f"out-{workers}"
                took = seconds(
                    (str(BIN / "runbook"), "fleet", str(clusters.inventory), "--out", str(out), "--reports", "0",
                     "--workers", str(workers)),
                    environment,
                    may_end_with=(1,),
                )  # fmt: skip
                states = [c["state"] for c in json.loads((out / "fleet.json").read_text())["clusters"]]
                if states != ["surveyed"] * len(KINDS):
                    raise RuntimeError(f"not all clusters were surveyed: {states}")
                return took

            ratio, one, two = in_pairs(lambda: run(1), lambda: run(2), 1)
    what = f"fleet of {len(KINDS)} clusters, {latency:g} s a call, 1 worker : 2 workers"
    yield Line(what, ratio, "x", f">= {TARGET}", ratio >= TARGET)
    yield Line("  1 worker", one, "s")
    yield Line("  2 workers", two, "s")
