"""`runbook collect`: evidence from a live cluster, without secret values."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("-n", "--namespace", "namespaces", multiple=True, help="Project to collect; repeat for more.")
@click.option("--context", default="", help="Kubeconfig context.")
@click.option("--kubeconfig", default="", help="Kubeconfig file.")
@click.option("--as", "as_user", default="", help="User to impersonate.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write; standard output by default.")
def collect(namespaces: tuple[str, ...], context: str, kubeconfig: str, as_user: str, out: Path | None) -> int:
    """Save evidence from a cluster, without secret values.

    Keeps pods (names, images, states), events, service accounts, nodes, and of
    pull secrets type, keys, hosts and usernames. Fit to hand on, and to read
    with --bundle.

    \b
    runbook collect -n shop -o shop.json
    runbook diagnose --bundle shop.json
    """
    import msgspec

    from runbook_lib.cli.console import for_terminal, progress_line
    from runbook_lib.collecting import collect as collect_evidence
    from runbook_lib.model.problem import BadInput
    from runbook_lib.model.unavailable import Unavailable, Why
    from runbook_lib.sources.cluster import open_cluster
    from runbook_lib.vault.files import write_private

    cluster = open_cluster(context=context, kubeconfig=kubeconfig, impersonate=as_user)
    chosen = namespaces or (cluster.default_namespace,)
    first = cluster.list("pods", chosen[0])
    if isinstance(first, Unavailable) and first.why is not Why.FORBIDDEN:
        raise BadInput(first.sentence, first.remedy)
    with progress_line() as show:
        bundle = collect_evidence(cluster, chosen, show)
    text = msgspec.json.format(msgspec.json.encode(bundle), indent=1).decode() + "\n"
    if out is None:
        click.echo(for_terminal(text), nl=False)
        return 0
    try:
        write_private(out, text.encode())
    except OSError as refused:
        raise BadInput(f"{out} cannot be written ({refused.strerror}).", "Name another file with --out.") from None
    objects = len(bundle["items"]) - 1
    refused_lists = [e for e in bundle["items"][0]["asked"] if "refused" in e]
    click.echo(f"{out}: {objects} objects of {', '.join(chosen)}, no secret values.", err=True)
    for entry in refused_lists:
        click.echo(
            f"Not collected: {entry['resource']} of {entry['namespace'] or 'the cluster'}: {entry['detail']}",
            err=True,
        )
    return 0
