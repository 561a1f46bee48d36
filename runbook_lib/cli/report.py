"""`runbook report`: the notebooks run headlessly, and the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from runbook_lib.cli.selectors import selected, selectors


@click.command()
@selectors
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write; a new one in reports/ by default.")
@click.option("-p", "pairs", nargs=2, multiple=True, metavar="NAME VALUE", help="A notebook parameter.")
@click.option("-f", "files", multiple=True, metavar="FILE.yaml", help="A file of parameters.")
@click.option(
    "--only", type=click.Choice(["image-pull", "api-key", "token"]), default=None, help="Run one section's notebook."
)
def report(
    out: Path | None,
    pairs: tuple[tuple[str, str], ...],
    files: tuple[str, ...],
    only: str | None,
    **values: Any,
) -> int:
    """Run the notebooks headlessly and leave a report.

    Runs the notebooks that the case leads through and writes one folder: the
    executed notebooks, report.html (opens offline), report.md, findings.json.

    \b
    runbook report -n shop --pod web
    runbook report --bundle must-gather/ --pod web
    runbook report -f parameters/image_pull.yaml --out reports/example
    """
    from runbook_lib.cli.console import progress_bar
    from runbook_lib.headless.run import FIRST, checked_parameters, default_folder, run_report
    from runbook_lib.report.terminal import print_summary

    parameters = checked_parameters({**dict(pairs), **selected(values)}, list(files), section=only or FIRST)
    if parameters.get("bundle") == "-":
        from runbook_lib.model.problem import BadInput

        raise BadInput("A report cannot read its bundle from standard input.", "Save it to a file, and name that.")
    folder = out or default_folder(parameters)
    with progress_bar() as show:
        result = run_report(parameters, folder, show, only=only or "")
    print_summary(result, folder)
    return result.exit_code
