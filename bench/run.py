"""One table of all that is promised about speed: `make bench`, or `python -m bench.run [--only PART …]`.

Each line with a target is a ratio in one run with its peer, the median of pairs that take turns: machines
differ and are noisy, and a ratio says the same on all of them. Ends with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

Part = Callable[[int], Iterator[object]]
PARTS = {
    "starts": "quick:starts",
    "parser": "quick:parser",
    "report": "report:report",
    "download": "triage:against_download",
    "kubectl": "triage:against_kubectl",
    "growth": "triage:growth",
    "distinct": "triage:distinct",
    "fleet": "fleet:fleet",
}
_WITHOUT_PAIRS = ("growth", "distinct")


def lines_of(name: str, pairs: int) -> Iterator[object]:
    """Imports a part and yields its lines."""
    module, _, function = PARTS[name].partition(":")
    part = getattr(importlib.import_module(f"bench.{module}"), function)
    yield from part() if name in _WITHOUT_PAIRS else part(pairs)


def row(line: object) -> str:
    """Returns a line of the table."""
    said: dict[str, object] = asdict(line)  # type: ignore[call-overload]
    figure = f"{said['value']:,.2f}".removesuffix(".00") + f" {said['unit']}"
    mark = {None: "", True: "ok", False: "MISSED"}[said["met"]]  # type: ignore[index]
    return f"{said['what']:<76}{figure:>14}  {said['target']:<8} {mark}".rstrip()


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="pairs a ratio")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--json", type=Path, help="write the figures to a file too")
    options = parser.parse_args()
    lines: list[object] = []
    for name in options.only:
        for line in lines_of(name, options.pairs):
            lines.append(line)
            print(row(line), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")  # type: ignore[call-overload]
    missed = [line for line in lines if getattr(line, "met", None) is False]
    print(f"{len(missed)} targets missed" if missed else "every target is met")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
