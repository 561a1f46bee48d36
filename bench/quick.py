"""What answers at once: `runbook --help`, `explain` and `diagnose --bundle` against a bare Python, and the parser."""

from __future__ import annotations

import compileall
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.pairs import BARE, BIN, Line, at_most, clean_environment, in_pairs, seconds

ROOT = Path(__file__).resolve().parents[1]
MESSAGE = "failed to pull image: failed to authorize: failed to fetch anonymous token: 401 Unauthorized"
COMMANDS = {
    "--help": (10, ("--help",)),
    "explain": (10, ("explain", MESSAGE)),
    "diagnose --bundle": (40, ("diagnose", "--bundle", str(ROOT / "tests/evidence/b-wrong-password.json"))),
}


def starts(pairs: int) -> Iterator[Line]:
    """Each command against `python -c pass`; both with compiled files, as an installation has them."""
    compileall.compile_dir(str(ROOT / "runbook_lib"), quiet=2)
    environment = clean_environment()
    for name, (limit, arguments) in COMMANDS.items():
        command = (str(BIN / "runbook"), *arguments)

        def ours(command: tuple[str, ...] = command) -> float:
            return seconds(command, environment, may_end_with=(0, 1))

        def bare() -> float:
            return seconds(BARE, environment)

        ours()
        yield from at_most(f"runbook {name} : python -c pass", limit, in_pairs(ours, bare, 3 * pairs), (name, "python"))


def parser(_pairs: int) -> Iterator[Line]:
    """Messages that the parser reads in a second of one core."""
    spec = importlib.util.spec_from_file_location("score", ROOT / "corpus/score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    sys.modules["score"] = score
    spec.loader.exec_module(score)
    speed = score.speed(ROOT / "corpus/build.jsonl", rounds=10)
    yield Line("messages read in a second of one core", speed, "/s", ">= 10000", speed >= 10_000)
