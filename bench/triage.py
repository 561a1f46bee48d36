"""Measures `runbook triage` on a large practice cluster, each figure as a ratio in pairs of whole processes.

    python bench/triage.py [--pairs N] [--only NAME …] [--json FILE]

The peers run in turn with it against the same server: `kubectl get pods -A -o json`, and a bare download of the
same pages with urllib3, which is the least that any reader of the list could take. Medians of pairs are given,
since machines are noisy. The server is a process of its own: this one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.pairs import BIN, clean_environment  # noqa: E402
from runbook_lib.lab import Lab  # noqa: E402
from tests.unit.triage.planted import SIX, Plant, many_tags, plant  # noqa: E402

DOWNLOAD = """
import os, sys, json
from kubernetes import client, config
configuration = client.Configuration()
config.load_kube_config(client_configuration=configuration)
api = client.ApiClient(configuration)
pool = api.rest_client.pool_manager
headers = {"Accept": "application/json"}
api.update_params_for_auth(headers, [], ["BearerToken"])
after, size = "", 0
while True:
    fields = {"limit": "500"} | ({"continue": after} if after else {})
    body = pool.request("GET", configuration.host + "/api/v1/pods", fields=fields, headers=headers).data
    size += len(body)
    head = body[: body.index(b'"items"')]
    after = head.split(b'"continue":"')[1].split(b'"')[0].decode() if b'"continue":"' in head else ""
    if not after:
        break
print(size)
"""
TRIAGE = [str(BIN / "runbook"), "triage", "--format", "json"]
BARE = [sys.executable, "-c", DOWNLOAD]
KUBECTL = ["kubectl", "get", "pods", "-A", "-o", "json"]


@dataclass(frozen=True)
class Run:
    """One command: seconds by the clock, seconds of processor time of all its processes, its output."""

    wall: float
    cpu: float
    out: bytes


LAUNCHER = """
import os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(child.pid, 0)
wall = time.monotonic() - began
with open(sys.argv[1], "w") as file:
    print(os.waitstatus_to_exitcode(status), wall, used.ru_utime + used.ru_stime, file=file)
"""


def timed(command: Sequence[str], lab: Lab) -> Run:
    """Runs a command to its end and measures it. Raises RuntimeError where it failed.

    A small process starts it and waits: to fork this large one takes its time.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        told = Path(folder, "told")
        launched = [sys.executable, "-S", "-c", LAUNCHER, str(told), *command]
        subprocess.run(launched, env=clean_environment(lab.env), stdout=out, stderr=err, check=True)
        code, wall, cpu = told.read_text().split()
        if code not in ("0", "1"):
            err.seek(0)
            raise RuntimeError(f"{command[0]} ended with {code}: {err.read(2000).decode()}")
        out.seek(0)
        return Run(float(wall), float(cpu), out.read())


def peak_memory(command: Sequence[str], lab: Lab) -> float:
    """The largest sum of resident memory of a command and the processes that it starts, in MiB.

    What they share counts for each of them, so it is an upper bound. In a run of its own: looking takes time.
    """
    peak = 0
    process = psutil.Popen(command, env=clean_environment(lab.env), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        with suppress(psutil.Error):
            family = [process, *process.children(recursive=True)]
            peak = max(peak, sum(member.memory_info().rss for member in family))
        time.sleep(0.005)
    return peak / 2**20


@contextmanager
def cluster(well: int, failing: int, plants: tuple[Plant, ...] = SIX) -> Iterator[Lab]:
    """A practice cluster of so many pods."""
    with Lab("healthy") as lab:
        plant(lab, well=well, failing=failing, plants=plants)
        yield lab


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None


def ratio(lab: Lab, peer: Sequence[str], pairs: int) -> tuple[float, list[Run], list[Run]]:
    """The median of the ratios of wall time, triage : peer, of as many pairs; the order alternates."""
    ours, theirs = [], []
    for number in range(pairs):
        turns = [(ours, TRIAGE), (theirs, peer)]
        for runs, command in turns if number % 2 == 0 else reversed(turns):
            runs.append(timed(command, lab))
    ratios = [mine.wall / other.wall for mine, other in zip(ours, theirs, strict=True)]
    return statistics.median(ratios), ours, theirs


def right(out: bytes, plants: tuple[Plant, ...]) -> bool:
    """True where the groups are exactly the planted causes, each confirmed."""
    groups = json.loads(out)["groups"]
    return sorted(g["cause"] for g in groups) == sorted(p.cause for p in plants)


def against_download(pairs: int) -> Iterator[Line]:
    """10,000 pods with 200 failing of six causes: the groups, time against a download, memory, requests."""
    with cluster(9800, 200) as lab:
        timed(TRIAGE, lab)  # compiled files and the server's first answers are nobody's time
        lab.server.forget_requests()
        once = timed(TRIAGE, lab)
        asked = Counter(f"{r.verb} {r.resource or 'identity'}" for r in lab.server.requests)
        yield Line("groups are the six planted causes", float(right(once.out, SIX)), "", "1", right(once.out, SIX))
        value, ours, theirs = ratio(lab, BARE, pairs)
        yield Line("triage : bare download of its pages", value, "x", "<= 1.6", value <= 1.6)
        yield Line("  triage", statistics.median(r.wall for r in ours), "s")
        yield Line("  triage, processor time", statistics.median(r.cpu for r in ours), "s")
        yield Line("  bare download", statistics.median(r.wall for r in theirs), "s")
        peak = peak_memory(TRIAGE, lab)
        yield Line("peak memory", peak, "MiB", "<= 150", peak <= 150)
        for name, number in sorted(asked.items()):
            yield Line(f"  requests: {name}", number, "")


def against_kubectl(pairs: int) -> Iterator[Line]:
    """The same cluster: time against `kubectl get pods -A -o json`."""
    if not shutil.which("kubectl"):
        yield Line("triage : kubectl get pods -A -o json (there is no kubectl)", float("nan"), "")
        return
    with cluster(9800, 200) as lab:
        timed(TRIAGE, lab)
        value, _, theirs = ratio(lab, KUBECTL, max(1, pairs // 2))
        yield Line("triage : kubectl get pods -A -o json", value, "x", "<= 0.3", value <= 0.3)
        yield Line("  kubectl", statistics.median(r.wall for r in theirs), "s")


def growth(sizes: Sequence[int] = (1000, 5000, 20000)) -> Iterator[Line]:
    """1,000, 5,000 and 20,000 pods with as many failing ones each time: each further pod costs the same.

    In processor time: by the clock the first thousands cost nothing, since other work is done meanwhile. In rounds
    over all sizes, since machines become slower and faster again by more than a few thousand pods cost.
    """
    with ExitStack() as stack:
        labs = [stack.enter_context(cluster(size - 200, 200)) for size in sizes]
        for lab in labs:
            timed(TRIAGE, lab)
        rounds = [[timed(TRIAGE, lab) for lab in labs] for _ in range(9)]
        for size, lab, runs in zip(sizes, labs, zip(*rounds, strict=True), strict=True):
            yield Line(f"{size:,} pods", statistics.median(r.wall for r in runs), "s")
            yield Line("  processor time", statistics.median(r.cpu for r in runs), "s")
            peak = peak_memory(TRIAGE, lab)
            yield Line("  peak memory", peak, "MiB", "<= 150", peak <= 150)

    def each(beyond: int) -> float:
        first, last = sizes[0], sizes[beyond]
        return statistics.median(runs[beyond].cpu - runs[0].cpu for runs in rounds) / (last - first)

    value = each(2) / each(1)
    yield Line(f"each further pod, to {sizes[2]:,} : to {sizes[1]:,}", value, "x", "<= 1.3", value <= 1.3)


def distinct(numbers: Sequence[int] = (10, 100, 1000)) -> Iterator[Line]:
    """5,000 pods, 1,000 of them failing, of 10, 100 and 1,000 distinct failures; then 4,000 failing of ten."""
    took: dict[tuple[int, int], float] = {}
    for number, failing in (*((n, 1000) for n in numbers), (10, 4000)):
        with cluster(5000 - failing, failing, many_tags(number)) as lab:
            timed(TRIAGE, lab)
            runs = [timed(TRIAGE, lab) for _ in range(3)]
            took[number, failing] = statistics.median(r.wall for r in runs)
            found = json.loads(runs[0].out)
            yield Line(f"5,000 pods, {failing:,} failing, {number:,} causes", took[number, failing], "s")
            yield Line("  groups", len(found["groups"]), "", str(number), len(found["groups"]) == number)
    flat = took[10, 4000] / took[10, 1000]
    yield Line("4,000 : 1,000 failing pods of as many causes", flat, "x", "<= 1.5", flat <= 1.5)


PARTS = {
    "download": against_download,
    "kubectl": against_kubectl,
    "growth": lambda _pairs: growth(),
    "distinct": lambda _pairs: distinct(),
}


def main() -> int:
    """Prints the table; ends with 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    options = parser.parse_args()
    lines: list[Line] = []
    for name in options.only:
        for line in PARTS[name](options.pairs):
            lines.append(line)
            mark = "" if line.met is None else " ok" if line.met else " MISSED"
            figure = f"{line.value:10,.2f}".removesuffix(".00") + f" {line.unit}"
            print(f"{line.what:60}{figure:>16} {line.target:8}{mark}", flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    return int(any(line.met is False for line in lines))


if __name__ == "__main__":
    sys.exit(main())
