"""The terminal: verdict first, 80 columns, commands in one piece, no colour where none is wanted."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from runbook_lib.model.finding import change
from runbook_lib.model.result import RunResult
from runbook_lib.report.terminal import print_result, print_summary
from runbook_lib.vault import Vault
from tests.unit.report import results

KINDS = pytest.mark.parametrize("make", results.ALL.values(), ids=results.ALL)


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_screen(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    print_result(results.run())
    return screen.getvalue()


def test_a_screen_gets_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1;31mPROBLEM\x1b[0m" in on_screen(monkeypatch)


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR takes the colours; bold, which is none, may stay."""
    assert "\x1b[1;31m" not in on_screen(monkeypatch, NO_COLOR="1")


@KINDS
def test_piped_output_is_plain_text(make: Callable[[], RunResult], capsys: pytest.CaptureFixture[str]) -> None:
    print_result(make())
    print_summary(make(), Path("reports/x"))
    out = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in out)
    assert "\u202e" not in out


def test_lines_fit_80_columns_but_for_commands(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(results.several())
    long = [line.strip() for line in capsys.readouterr().out.splitlines() if len(line) > 80]
    assert all(line.startswith("oc ") for line in long)


def test_the_verdict_stands_first_then_because_then_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(results.run())
    out = capsys.readouterr().out
    assert out.lstrip().startswith("PROBLEM  stale-secret-copy  confirmed\n")
    heads = ["Because", "What to do", "Steps", "It may also be", "Could not be read"]
    places = [out.index(f"\n{head}\n") for head in heads]
    assert places == sorted(places)


def test_a_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    command = (
        "oc get secret all-icr-io -n default -o json | jq '.metadata={\"name\":.metadata.name}' | oc apply -n shop -f -"
    )
    print_result(_with_command(command))
    assert f"\n     {command}\n" in capsys.readouterr().out


def test_a_command_of_several_lines_keeps_its_margin(capsys: pytest.CaptureFixture[str]) -> None:
    """A here-document ends only where its word stands at the margin."""
    command = "oc create -f - <<'EOF'\nkind: Secret\nEOF"
    print_result(_with_command(command))
    assert f"\n{command}\n" in capsys.readouterr().out


def _with_command(command: str) -> RunResult:
    case = results.case()
    claim = replace(case.diagnosis.causes[0], remedy=(change("Make it.", command),))
    return results.run(replace(case, diagnosis=replace(case.diagnosis, causes=(claim,))))


def test_markup_in_texts_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    case = replace(results.case(), pod="[red]web[/red][link=https://evil.example]")
    print_result(results.run(case))
    assert "[red]web[/red][link=" in capsys.readouterr().out


def test_whether_a_command_changes_something_is_said_behind_any_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(results.hostile())
    words = " ".join(capsys.readouterr().out.split())
    assert "[makes a change]" in words


def test_steps_that_say_the_same_are_one_row(capsys: pytest.CaptureFixture[str]) -> None:
    case = results.case()
    last = case.findings[-1]
    more = tuple(replace(last, step=f"token/{n}") for n in (2, 3))
    print_result(results.run(replace(case, findings=(*case.findings, *more))))
    assert "token/1 to 3" in capsys.readouterr().out


def test_the_summary_is_three_lines_and_the_reports_place(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(results.run(), Path("reports/now"))
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "stale-secret-copy (confirmed)",
        "Because",
        "Do",
        "",
        "Report",
    ]
    assert lines[-1] == "Report: reports/now/report.html"


def test_no_credential_is_printed(own_vault: Vault, capsys: pytest.CaptureFixture[str]) -> None:
    key = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"
    own_vault.register(key, "key")
    case = results.case()
    claim = results.claim(text=f"{'word ' * 12}{key}")
    print_result(results.run(replace(case, diagnosis=replace(case.diagnosis, causes=(claim,)))))
    assert "aB3" not in capsys.readouterr().out
