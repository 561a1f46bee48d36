"""`runbook cause`: the catalogue's pages."""

from __future__ import annotations

import click


@click.command()
@click.argument("id", required=False, default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def cause(id: str, form: str) -> None:
    """Show a cause's page, or list them all.

    \b
    runbook cause
    runbook cause stale-secret-copy
    """
    from runbook_lib.causes import CATALOGUE
    from runbook_lib.model.problem import BadInput

    if not id:
        _list(form)
        return
    found = next((c for c in CATALOGUE if c.id == id), None)
    if found is None:
        import difflib

        close = difflib.get_close_matches(id, [c.id for c in CATALOGUE], n=1)
        hint = f"Did you mean {close[0]}?" if close else "`runbook cause` lists them."
        raise BadInput(f"There is no cause {id}.", hint)
    if form == "json":
        import json

        click.echo(
            json.dumps(
                {"id": found.id, "title": found.title, "step": found.step, "page": found.page}, indent=2
            )
        )
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(f"# {found.id}: {found.title}\n\n{found.page}"))


def _list(form: str) -> None:
    from runbook_lib.causes import CATALOGUE

    if form == "json":
        import json

        rows = [{"id": c.id, "title": c.title, "step": c.step} for c in CATALOGUE]
        click.echo(json.dumps(rows, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("cause", "what is wrong", "step", box=None, pad_edge=False)
    for c in CATALOGUE:
        table.add_row(c.id, c.title, c.step)
    Console().print(table)
