"""`runbook triage`: all failing pulls of a cluster, a namespace or a bundle, by what has to be mended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from runbook_lib.sources.cluster import LiveCluster
    from runbook_lib.sources.read_ahead import ReadAhead


@click.command()
@click.option("-n", "--namespace", default="", help="One project only.")
@click.option("-A", "--all-namespaces", "everywhere", is_flag=True, help="All projects; a refusal is an error.")
@click.option("--context", default="", help="Kubeconfig context.")
@click.option("--kubeconfig", default="", help="Kubeconfig file.")
@click.option("--as", "as_user", default="", help="User to impersonate.")
@click.option("--bundle", default="", help="Saved evidence: file, folder, tar, or - for standard input.")
@click.option("--cluster", default="", help="IBM Cloud's name of the cluster, for the commands.")
@click.option("--probe/--no-probe", default=None, help="Ask the registries from here too.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", help="How to print.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for triage.html and triage.json.")
@click.option("--watch", is_flag=True, help="Look again and again; tell what appears and resolves.")
@click.option("--every", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Seconds between looks.")
@click.option("--for", "seconds", type=click.FloatRange(min=0.0), help="Seconds to watch; for ever by default.")
def triage(
    form: str, out: Path | None, everywhere: bool, watch: bool, every: float, seconds: float | None, **values: Any
) -> int:
    """Find all failing pulls, by what has to be mended.

    \b
    runbook triage                     every project that you may list
    runbook triage -n shop --watch
    runbook triage --bundle must-gather/ --out triage/

    Exit codes: 0 nothing fails, 1 causes were found, 2 wrong usage or a
    failure of this tool, 3 only undetermined ones.
    """
    from runbook_lib.model.problem import BadInput

    if everywhere and values["namespace"]:
        raise BadInput("Both -A and -n are given.", "Give one.")
    if watch and values["bundle"]:
        raise BadInput("A bundle does not change, so there is nothing to watch.", "Watch a cluster.")
    if watch and form != "text":
        raise BadInput(f"A watch is told as text, not as {form}.", "Leave out --format.")
    given = {name: value for name, value in values.items() if value not in ("", None)}
    cluster, ahead = (None, None) if values["bundle"] else _reading_ahead(values)
    # imported while the first pages are on their way
    from runbook_lib.cli.console import progress_line
    from runbook_lib.cli.selectors import as_selectors
    from runbook_lib.triage.looking import Looking

    looking = Looking(as_selectors(given), everywhere=everywhere, cluster=cluster, ahead=ahead)
    if watch:
        return _watch(looking, every, seconds, out)
    with progress_line(quiet=form != "text") as show:
        result = looking.look(show)
    written = _written(result, out)
    _print(result, form, written)
    return result.exit_code


def _reading_ahead(values: dict[str, Any]) -> tuple[LiveCluster, ReadAhead]:
    """Begins to list the pods before the rest of the tool is loaded."""
    from runbook_lib.sources.budget import WHOLE_CLUSTER_SECONDS, TimeBudget
    from runbook_lib.sources.cluster import open_cluster
    from runbook_lib.sources.pod_reader import pods_ahead

    cluster = open_cluster(
        context=values["context"],
        kubeconfig=values["kubeconfig"],
        impersonate=values["as_user"],
        budget=TimeBudget(WHOLE_CLUSTER_SECONDS),
    )
    return cluster, pods_ahead(cluster, values["namespace"])


def _written(result: Any, out: Path | None) -> str:
    if out is None:
        return ""
    from runbook_lib.report.triage_writing import write_triage

    return str(write_triage(result, out))


def _print(result: Any, form: str, written: str) -> None:
    if form == "json":
        from runbook_lib.cli.console import for_terminal
        from runbook_lib.report.triage_document import to_triage_json

        click.echo(for_terminal(to_triage_json(result)), nl=False)
    elif form == "html":
        from runbook_lib.report.triage_html import to_triage_html
        from runbook_lib.vault import vault

        click.echo(vault().scrub(to_triage_html(result)))
    else:
        from runbook_lib.report.triage_terminal import print_triage

        print_triage(result, file_name=written)


def _watch(looking: Any, every: float, seconds: float | None, out: Path | None) -> int:
    from runbook_lib.report.triage_terminal import print_turn
    from runbook_lib.triage.watching import watch as turns

    code = 0
    try:
        for turn in turns(looking, every=every, until=seconds):
            print_turn(turn)
            if turn.triage is not None:
                code = turn.triage.exit_code
                if out is not None:
                    _written(turn.triage, out)
    except KeyboardInterrupt:
        pass
    return code
