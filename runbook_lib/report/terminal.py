"""The terminal's form of a run: the verdict first, then how it is known, what to do, and every step.

80 columns where there is no terminal; no colour when piped or with NO_COLOR. Commands are printed in one
piece, so that a line that is copied is a line that runs. Texts are never read as markup.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from runbook_lib.model.finding import Action, Status
from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.report import view, words
from runbook_lib.report.sealed import sealed
from runbook_lib.report.summary import three_lines
from runbook_lib.report.text import one_line
from runbook_lib.vault import vault

_STYLE = {
    Status.OK: "green",
    Status.PROBLEM: "bold red",
    Status.UNKNOWN: "yellow",
    Status.SKIPPED: "dim",
}
_MOST_CASES = 20
_WIDEST = 100


def print_result(result: RunResult) -> None:
    """Prints a run: every case in full, the first to mend first."""
    console, shown = _console(), sealed(result)
    with console.capture() as printed:
        if len(shown.cases) > 1:
            _overview(console, shown)
        cases = [case for group in view.grouped(shown) for _, case in group.cases]
        for case in cases[:_MOST_CASES]:
            _case(console, case)
        if not cases:
            console.print(Text(shown.verdict.summary))
        if len(cases) > _MOST_CASES:
            _line(console, f"{len(cases) - _MOST_CASES} more cases: see them all with --format json.")
        for note in shown.provenance.notes:
            _line(console, note, style="dim")
    _write(console, printed.get())


def print_summary(result: RunResult, folder: Path) -> None:
    """Prints where the report is, after three lines of what it says."""
    console = _console()
    name = folder / "report.html"
    with console.capture() as printed:
        for line in three_lines(result).splitlines():
            console.print(Text(line), soft_wrap=True)
        console.print()
        console.print(Text(f"Report: {one_line(str(name))}"), soft_wrap=True)
    _write(console, printed.get())


def _console() -> Console:
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _WIDEST)
    return console


def _write(console: Console, text: str) -> None:
    lines = (line.rstrip() for line in vault().scrub(text).splitlines())
    console.file.write("\n".join(lines) + "\n")
    console.file.flush()


def _overview(console: Console, result: RunResult) -> None:
    _line(console, view.overview(result), style="bold")
    table = Table("cause", "how sure", "case", "pods", box=None, pad_edge=False, header_style="dim")
    for group in view.grouped(result):
        for _, case in group.cases[:_MOST_CASES]:
            sure = case.verdict.confidence.value if case.verdict.confidence else ""
            place = "/".join(filter(None, (case.namespace, case.pod, case.container)))
            table.add_row(Text(group.cause), sure, Text(one_line(place, 80)), str(len(case.pods) or 1))
    console.print(table)


def _case(console: Console, case: CaseResult) -> None:
    _verdict(console, case)
    _heading(console, "Because" if view.told(case) else view.known_as(case))
    for reason in view.reasons(case):
        _item(console, "-", reason)
    _to_do(console, case)
    _steps(console, case)
    _rivals(console, case)
    _unread(console, case)
    console.print()


def _verdict(console: Console, case: CaseResult) -> None:
    verdict = case.verdict
    status = words.AS_STATUS[verdict.status]
    console.print()
    head = Text.assemble((words.VERDICT[verdict.status].upper(), _STYLE[status]))
    if verdict.cause:
        head.append(f"  {verdict.cause}", style="bold")
    if verdict.confidence:
        head.append(f"  {verdict.confidence.value}")
    console.print(head)
    _line(console, f"{view.headline(case)}.", style="bold")
    image = f", image {one_line(case.image, 300)}" if case.image else ""
    _line(console, f"{one_line(view.where(case), 300)}{image}")
    if verdict.confidence:
        _line(console, f"{verdict.confidence.value}: {words.CONFIDENCE[verdict.confidence]}", style="dim")


def _to_do(console: Console, case: CaseResult) -> None:
    _heading(console, "What to do")
    actions = view.to_do(case)
    for number, action in enumerate(actions, 1):
        _action(console, f"{number}." if len(actions) > 1 else "-", action)
    if any(action.changes for action in actions):
        _line(console, words.ONLY_READS, style="dim")


def _action(console: Console, mark: str, action: Action) -> None:
    effect = f" [{words.effect(action)}]" if action.command else ""
    _item(console, mark, f"{one_line(action.text, 600)}{effect}")
    if action.command:
        indent = "" if "\n" in action.command else "     "  # a here-document must keep its margin
        console.print(Text(indent + action.command, style="cyan"), soft_wrap=True)


def _steps(console: Console, case: CaseResult) -> None:
    if not case.findings:
        return
    _heading(console, "Steps")
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for steps, finding in view.runs(case.findings):
        status = Text(words.STATUS[finding.status].lower(), style=_STYLE[finding.status])
        table.add_row(status, Text(steps), Text(one_line(finding.summary, 400)))
    console.print(Padding(table, (0, 0, 0, 2)))


def _rivals(console: Console, case: CaseResult) -> None:
    if not view.rivals(case):
        return
    _heading(console, "It may also be" if view.told(case) else "It may be")
    for claim in view.rivals(case):
        reason = f": {claim.because[0]}" if claim.because else ""
        _item(console, "-", f"{claim.id} ({claim.confidence.value}){reason}")


def _unread(console: Console, case: CaseResult) -> None:
    diagnosis = case.diagnosis
    if not diagnosis.unread and not diagnosis.defects:
        return
    _heading(console, "Could not be read")
    for gap in diagnosis.unread:
        _item(console, "-", f"{gap.what}: {gap.detail or words.WHY[gap.why]}. {gap.remedy}".strip())
    for defect in diagnosis.defects:
        _item(console, "-", f"a rule of this tool failed: {defect}")
    if diagnosis.decides and view.told(case):
        _line(console, f"What would decide most: {diagnosis.decides}")


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _line(console: Console, text: str, *, style: str = "") -> None:
    console.print(Text(one_line(text, 700), style=style, overflow="fold"))


def _item(console: Console, mark: str, text: str) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(f"  {mark}", Text(one_line(text, 700)))
    console.print(table)
