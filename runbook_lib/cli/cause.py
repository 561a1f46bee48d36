"""`runbook cause`: the catalogue's pages."""

from __future__ import annotations

import json

import click

from runbook_lib.cli import completing


@click.command()
@click.argument("id", required=False, default="", shell_complete=completing.causes)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def cause(id: str, form: str) -> None:
    """Show a cause's page, or list them all.

    \b
    runbook cause
    runbook cause stale-secret-copy
    """
    from runbook_lib.causes.pages import Entry, entries

    known: dict[str, Entry] = {entry.id: entry for entry in entries()}
    if not id:
        _list(list(known.values()), form)
        return
    if id not in known:
        import difflib

        from runbook_lib.model.problem import BadInput

        close = difflib.get_close_matches(id, known, n=1)
        hint = f"Did you mean {close[0]}?" if close else "`runbook cause` lists them."
        raise BadInput(f"There is no cause {id}.", hint)
    found = known[id]
    if form == "json":
        row = {"id": found.id, "title": found.title, "step": found.step, "page": found.page}
        click.echo(json.dumps(row, indent=2))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(found.page))


def _list(known: list, form: str) -> None:  # type: ignore[type-arg]
    if form == "json":
        click.echo(json.dumps([{"id": c.id, "title": c.title, "step": c.step} for c in known], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("cause", "what is wrong", "step", box=None, pad_edge=False)
    for c in known:
        table.add_row(c.id, c.title, c.step)
    Console().print(table)
