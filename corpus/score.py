"""Scores the parser of pull errors on labelled messages: ``python corpus/score.py [-v] [--speed] [FILE…]``.

A message is *exact* where the parser gives its label, *acceptable* where it gives the label or a kind that
the label's
author holds possible too, *wrong* where it gives any other kind than ``other``.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from runbook_lib.model.pull_error import parse

HERE = Path(__file__).parent
FILES = ("given.jsonl", "build.jsonl", "measure.jsonl")


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one file, and its confusions as (label, given)."""

    messages: int
    exact: int
    acceptable: int
    wrong: int
    confusions: Counter[tuple[str, str]]

    def line(self, name: str) -> str:
        """Gives the figures of a file on one line."""
        n = max(self.messages, 1)
        return (
            f"{name}: {self.messages} messages, exact {self.exact / n:.1%}, "
            f"acceptable {self.acceptable / n:.1%}, wrong {self.wrong / n:.1%}"
        )


def score(path: Path, *, verbose: bool = False) -> Score:
    """Parses every message of a JSON-lines file and compares the kinds."""
    exact = acceptable = wrong = total = 0
    confusions: Counter[tuple[str, str]] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        entry = json.loads(line)
        total += 1
        given, label = str(parse(entry["message"]).kind), entry["cause"]
        fits = given == label or given in entry.get("also_acceptable", ())
        exact += given == label
        acceptable += fits
        wrong += not fits and given != "other"
        if given != label:
            confusions[label, given] += 1
            if verbose:
                print(f"{'~' if fits else '!'} {label} <- {given}: {entry['message'][:700]}")
    return Score(total, exact, acceptable, wrong, confusions)


def speed(path: Path, *, rounds: int = 40) -> float:
    """Gives how many messages of a file are parsed in a second of one core's time."""
    lines = path.read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line)["message"] for line in lines if line.strip()]
    started = time.process_time()
    for _ in range(rounds):
        for message in messages:
            parse(message)
    return rounds * len(messages) / (time.process_time() - started)


def main(arguments: list[str]) -> int:
    """Prints the figures and confusions of each file that is there."""
    verbose = "-v" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(FILES)
    for path in (Path(name) if Path(name).is_file() else HERE / name for name in names):
        if path.is_file():
            result = score(path, verbose=verbose)
            print(result.line(path.name))
            for (label, given), count in result.confusions.most_common():
                print(f"  {label} read as {given}: {count}")
            if "--speed" in arguments:
                print(f"  {speed(path):,.0f} messages/s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
