"""`runbook lab`: practice clusters on this machine."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import click

from runbook_lib.cli import completing
from runbook_lib.cli.practice import practice

RUNTIMES = {"containerd-1.7": "containerd 1.7", "containerd-2": "containerd 2", "cri-o": "cri-o"}
"""The lab's container runtimes by the names that a shell takes without quotes."""

_runtime = click.option(
    "--runtime", type=click.Choice(list(RUNTIMES)), help="The node's container runtime, in place of the scenario's."
)


@click.group()
def lab() -> None:
    """A practice cluster on this machine: real TCP and TLS, no account needed.

    \b
    runbook lab list
    runbook lab run no-pull-secret -- runbook diagnose
    runbook lab up stale-secret-copy
    runbook lab practice
    """


lab.add_command(practice)


_SECTIONS = {
    "image-pull": "All kinds of failed pulls, and pods that are well",
    "api-key": "Pull secrets with API keys",
    "token": "Pull secrets with tokens (deprecated)",
}


@lab.command("list")
@click.argument("word", default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def list_(word: str, form: str) -> None:
    """List the scenarios, or those with a WORD in name or title.

    `practice` keeps what is planted to itself.
    """
    from runbook_lib.lab import list_scenarios, load_scenario

    scenarios = [load_scenario(name) for name in list_scenarios()]
    scenarios = [s for s in scenarios if word.casefold() in f"{s.name} {s.title}".casefold()]
    if form == "json":
        import json

        rows = [{"name": s.name, "title": s.title, "section": s.section} for s in scenarios]
        click.echo(json.dumps(rows, indent=2))
        return
    if not scenarios:
        from runbook_lib.model.problem import BadInput

        raise BadInput(f"No scenario has the word {word} in its name or title.", "`runbook lab list` lists all.")
    width = max(len(s.name) for s in scenarios)
    told = []
    for section, title in _SECTIONS.items():
        if listed := [s for s in scenarios if s.section == section]:
            told.append("\n".join([f"{title}:", *(f"  {s.name:{width}}  {s.title}" for s in listed)]))
    click.echo("\n\n".join(told))


def known(name: str) -> str:
    """Returns a scenario's name. Raises BadInput where there is none such, and names what comes close."""
    from runbook_lib.lab import list_scenarios
    from runbook_lib.model.problem import BadInput

    names = list_scenarios()
    if name not in names:
        import difflib

        close = difflib.get_close_matches(name, names, n=1)
        raise BadInput(
            f"There is no scenario {name}.",
            f"Did you mean {close[0]}?" if close else "`runbook lab list` lists them.",
        )
    return name


@lab.command()
@click.argument("scenario", shell_complete=completing.scenarios)
@_runtime
def up(scenario: str, runtime: str | None) -> None:
    """Start a scenario, print the environment to use, and stay until Ctrl-C."""
    import threading

    from runbook_lib.lab import Lab

    with Lab(known(scenario), runtime=RUNTIMES.get(runtime or ""), live=True) as cluster:
        click.echo(f"# {cluster.scenario.title}", err=True)
        click.echo("# In another terminal, paste these lines; Ctrl-C here ends the cluster.", err=True)
        for name, value in cluster.env.items():
            click.echo(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("Ended.", err=True)


@lab.command(context_settings={"ignore_unknown_options": True})
@click.argument("scenario", shell_complete=completing.scenarios)
@_runtime
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(scenario: str, runtime: str | None, command: tuple[str, ...]) -> int:
    """Run a command on a scenario, and end with its exit code.

    \b
    runbook lab run no-pull-secret -- runbook report
    runbook lab run no-pull-secret -- kubectl get pods
    """
    from runbook_lib.lab import Lab
    from runbook_lib.model.problem import BadInput

    with Lab(known(scenario), runtime=RUNTIMES.get(runtime or ""), live=True) as cluster:
        folder = os.path.dirname(sys.executable)
        path = os.pathsep.join([folder, os.environ.get("PATH", "")])
        try:
            return subprocess.run(list(command), env=cluster.environ(PATH=path), check=False).returncode
        except FileNotFoundError:
            raise BadInput(f"There is no command {command[0]}.", "Check its name, or give its path.") from None
        except KeyboardInterrupt:
            return 130
