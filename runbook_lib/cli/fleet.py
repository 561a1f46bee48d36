"""`runbook fleet`: many clusters at once."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("clusters", metavar="CLUSTERS.yaml", type=click.Path(path_type=Path))
@click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler; workers here by default.")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes here; as many as cores by default.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write, or to go on with.")
@click.option("--reports", type=click.IntRange(0, 100), default=3, show_default=True, help="Full reports a cluster.")
@click.option("--limit", type=click.FloatRange(1), default=300, show_default=True, help="Seconds a cluster may take.")
@click.option("--probe/--no-probe", default=True, help="Ask the registries from the workers too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def fleet(
    clusters: Path,
    scheduler: str,
    workers: int | None,
    out: Path | None,
    reports: int,
    limit: float,
    probe: bool,
    form: str,
) -> int:
    """Survey many clusters, and leave one report.

    CLUSTERS.yaml lists them; credentials stay in the kubeconfigs:

    \b
    - {name: shop-prod, context: shop-prod/admin}
    - {name: shop-eu, kubeconfig: eu.yaml, namespace: shop}

    Each is triaged, and the first failing pulls of each group get full reports.
    A cluster that is refused or hangs costs only itself. With --out of a run
    that was broken off, only what is missing is asked.

    \b
    runbook fleet clusters.yaml --out reports/fleet
    runbook fleet clusters.yaml --scheduler tls://dask-scheduler:8786
    """
    from runbook_lib.cli.console import for_terminal, progress_bar
    from runbook_lib.fleet.engine import survey_all
    from runbook_lib.fleet.inventory import read_inventory
    from runbook_lib.fleet.result import Asked
    from runbook_lib.fleet.run import default_folder, default_workers, run_fleet
    from runbook_lib.fleet.terminal import print_fleet
    from runbook_lib.fleet.writing import to_json
    from runbook_lib.report.sealed import sealed

    places = read_inventory(clusters, elsewhere=bool(scheduler))
    asked = [Asked(place, probe=probe, reports=reports, limit=limit) for place in places]
    folder = out or default_folder()
    with progress_bar() as show:
        found = run_fleet(
            asked,
            folder,
            lambda waiting: survey_all(waiting, scheduler=scheduler, workers=workers or default_workers()),
            show,
        )
    if form == "json":
        click.echo(for_terminal(to_json(sealed(found))), nl=False)
    else:
        print_fleet(found, folder)
    return found.exit_code
