"""Runs the `runbook` command in this process and returns what a shell would see."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from runbook_lib.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def runbook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    monkeypatch.setattr(sys, "argv", ["runbook", *map(str, arguments)])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return Ran(int(ended.value.code or 0), out, err)
