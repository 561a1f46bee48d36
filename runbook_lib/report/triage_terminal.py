"""The terminal's form of a triage: one table, then each group with its example and its remedy. 80 columns."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from runbook_lib.model.diagnosis import VerdictStatus
from runbook_lib.report import triage_view as view
from runbook_lib.report import words
from runbook_lib.report.sealed import sealed
from runbook_lib.report.text import one_line
from runbook_lib.report.view import count_of
from runbook_lib.triage.result import Group, Triage
from runbook_lib.triage.watching import Change, Happened, Turn
from runbook_lib.vault import vault

_STYLE = {
    VerdictStatus.PROBLEM: "bold red",
    VerdictStatus.UNDETERMINED: "yellow",
    VerdictStatus.OK: "green",
}
_WIDEST = 100
_ROWS = 40
_TOLD = 10
_NAMES = 5


def print_triage(triage: Triage, *, file_name: str = "") -> None:
    """Prints a triage; `file_name` is where its page was written."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _WIDEST)
    shown = sealed(triage)
    with console.capture() as printed:
        _whole(console, shown, file_name)
    lines = (line.rstrip() for line in vault().scrub(printed.get()).splitlines())
    console.file.write("\n".join(lines) + "\n")
    console.file.flush()


def print_turn(turn: Turn) -> None:
    """Prints one look of a watch: a line for each change, nothing where nothing changed."""
    stamp = datetime.now(UTC).strftime("%H:%M:%S")
    if turn.triage is None:
        lines = [f"{stamp}  the cluster could not be looked at: {one_line(turn.refused, 300)}"]
    else:
        lines = [f"{stamp}  {_told(sealed(change))}" for change in turn.changes]
        if turn.is_first:
            lines.insert(0, f"{stamp}  {view.overview(sealed(turn.triage))}")
    for line in lines:
        print(vault().scrub(line), flush=True)


def _told(change: Change) -> str:
    group = change.group
    name = f"{group.cause}: {one_line(view.thing(group), 120)}"
    if change.happened is Happened.RESOLVED:
        return f"- resolved  {name} ({count_of(change.before, 'pod')} before)"
    if change.happened is Happened.APPEARED:
        where = count_of(len(group.namespaces), "namespace")
        return f"+ appeared  {name} ({view.sure(group)}, {count_of(change.now, 'pod')} in {where})"
    return f"~ changed   {name} ({view.sure(group)}, {change.before:,} -> {count_of(change.now, 'pod')})"


def _whole(console: Console, triage: Triage, file_name: str) -> None:
    console.print(Text(one_line(view.overview(triage), 400), style="bold" if triage.groups else "bold green"))
    if triage.groups:
        console.print()
        console.print(_table(triage))
    for number, group in enumerate(triage.groups[:_TOLD], 1):
        _group(console, number, group)
    if len(triage.groups) > _TOLD:
        console.print()
        console.print(Text(f"{len(triage.groups) - _TOLD} more groups: see them with --format json or --out."))
    if remarks := list(view.remarks(triage)):
        console.print()
        for remark in remarks:
            console.print(Text(one_line(remark, 700), style="dim"))
    if file_name:
        console.print()
        console.print(Text(f"Written: {one_line(file_name)}"), soft_wrap=True)


def _table(triage: Triage) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    table.add_column("#", justify="right")
    table.add_column("cause, and what to mend", ratio=1, overflow="fold")
    table.add_column("how sure")
    for name in ("pods", "work-\nloads", "name-\nspaces", "since"):
        table.add_column(name, justify="right", no_wrap=True)
    for number, group in enumerate(triage.groups[:_ROWS], 1):
        named = Text.assemble(
            (group.cause, _STYLE[group.verdict.status]), "\n", Text(one_line(view.thing(group), 120), style="dim")
        )
        counts = (group.pods, group.workloads, len(group.namespaces))
        since = view.age(group.since, triage.provenance.taken_at)
        table.add_row(str(number), named, Text(view.sure(group)), *(f"{n:,}" for n in counts), since)
    if len(triage.groups) > _ROWS:
        table.add_row("", Text(f"and {len(triage.groups) - _ROWS} more"), "", "", "", "", "")
    return table


def _group(console: Console, number: int, group: Group) -> None:
    console.print()
    head = Text.assemble((f"{number}. {one_line(group.title, 200)}", "bold"), f": {one_line(view.thing(group), 200)}")
    console.print(head)
    _item(console, f"{view.extent(group, named=_NAMES)}; for example {view.example_of(group)}.")
    if said := view.sureness(group):
        _item(console, said)
    claim = group.example.diagnosis.first
    because = claim.because if claim is not None and claim.id == group.cause else (group.verdict.summary,)
    for reason in because[:3]:
        _item(console, reason, mark="-")
    for action in group.remedy:
        effect = f" [{words.effect(action)}]" if action.command else ""
        _item(console, f"{action.text}{effect}", mark=">")
        if action.command:
            indent = "" if "\n" in action.command else "     "
            console.print(Text(indent + action.command, style="cyan"), soft_wrap=True)
    if len(group.namespaces) > 1 and any(action.changes for action in group.remedy):
        _item(console, f"The commands are for {group.example.namespace}; the others are mended alike.")


def _item(console: Console, text: str, *, mark: str = "") -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(f"   {mark}" if mark else "  ", Text(one_line(text, 700)))
    console.print(table)
