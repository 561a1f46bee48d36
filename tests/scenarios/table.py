"""Prints scenario × access → cause (confidence): `python -m tests.scenarios.table`."""

from __future__ import annotations

from runbook_lib.lab import Lab, list_scenarios
from tests.scenarios.playing import ACCESSES, played, verdict_of


def main() -> None:
    print(f"| scenario | planted | {' | '.join(a.name for a in ACCESSES)} |")
    print("|---|---|" + "---|" * len(ACCESSES))
    for name in list_scenarios():
        cells = []
        planted = ""
        for access in ACCESSES:
            with Lab(name) as lab:
                planted = ", ".join(f.cause for f in lab.scenario.planted) or "ok"
                cases = played(lab, access).cases
            cells.append(", ".join(f"{verdict_of(c)} ({c.verdict.confidence or '-'})" for c in cases))
        print(f"| {name} | {planted} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
