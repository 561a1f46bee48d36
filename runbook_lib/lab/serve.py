"""Serves one scenario for other processes: `python -m runbook_lib.lab.serve SCENARIO`.

Prints the environment to use as one line of JSON, then serves until its standard input ends, or SIGTERM or
SIGINT. Waiting on standard input makes it end with its parent, even one that was killed.
"""

from __future__ import annotations

import json
import signal
import sys
from types import FrameType
from typing import NoReturn

from runbook_lib.lab.practice_cluster import Lab
from runbook_lib.lab.scenario import ScenarioError


def main(arguments: list[str]) -> int:
    """Serves the scenario named by the only argument; 2 where there is none such."""
    if len(arguments) != 1:
        print("usage: python -m runbook_lib.lab.serve SCENARIO", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _end)
    try:
        with Lab(arguments[0], live=True) as lab:
            print(json.dumps(lab.env), flush=True)
            sys.stdin.read()
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _end(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
