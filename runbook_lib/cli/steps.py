"""`runbook steps`: the document's steps."""

from __future__ import annotations

import click


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def steps(form: str) -> None:
    """List the steps of the document, in its order."""
    from runbook_lib.headless.shipped import NOTEBOOK_OF_SECTION
    from runbook_lib.steps import ALL_STEPS

    if form == "json":
        import json

        rows = [
            {"id": s.id, "title": s.title, "section": s.section, "notebook": NOTEBOOK_OF_SECTION[s.section]}
            for s in ALL_STEPS
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("step", "title", "notebook", box=None, pad_edge=False)
    for s in ALL_STEPS:
        table.add_row(s.id, s.title, NOTEBOOK_OF_SECTION[s.section])
    Console().print(table)
