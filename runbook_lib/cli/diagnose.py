"""`runbook diagnose`: the verdict in the terminal."""

from __future__ import annotations

from typing import Any

import click

from runbook_lib.cli.selectors import as_selectors, selected, selectors


@click.command()
@selectors
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def diagnose(form: str, **values: Any) -> int:
    """Name the cause of a failing pull.

    \b
    runbook diagnose -n shop web
    runbook diagnose deploy/web --format json
    oc get pods,events,secrets,sa,nodes -o json | runbook diagnose --bundle -
    """
    from runbook_lib.cli.console import for_terminal, progress_line
    from runbook_lib.judge import gather, open_cases, open_session, run_steps
    from runbook_lib.report import to_json
    from runbook_lib.report.terminal import print_result
    from runbook_lib.steps import ALL_STEPS, SECTIONS

    chosen_selectors = as_selectors(selected(values))
    session = open_session(chosen_selectors)
    with progress_line(quiet=form == "json") as show:
        cases, chosen = open_cases(session, chosen_selectors)
        run_steps(cases, ALL_STEPS, show)
        result = gather(session, cases, chosen_selectors, chosen, list(SECTIONS))
    if form == "json":
        click.echo(for_terminal(to_json(result)), nl=False)
    else:
        print_result(result)
    return result.exit_code
