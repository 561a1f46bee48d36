"""A command group that imports a verb when it is used, so that `runbook --help` answers at once."""

from __future__ import annotations

import importlib
from typing import Any

import click

_HELP = {
    "diagnose": "Name the cause of a failing pull, here in the terminal.",
    "triage": "Group the failing pulls of a cluster by what to mend.",
    "report": "Run the notebooks headlessly and leave a report.",
    "steps": "List the steps of the document.",
    "fleet": "Survey many clusters, and leave one report.",
    "collect": "Save evidence from a cluster, without secret values.",
    "access": "Show what may be read here, and what to ask for.",
    "explain": "Say what a pull error means; needs no cluster.",
    "cause": "Show a cause's page, or list them all.",
    "notebook": "Open the notebooks in JupyterLab on a cluster.",
    "lab": "A practice cluster on this machine.",
}


class LazyGroup(click.Group):
    """Knows its verbs by name; `verbs` maps each to `module:function` in this package."""

    def __init__(self, *args: Any, verbs: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Lists the verbs in the order of their use."""
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the verb's module."""
        target = self._verbs.get(cmd_name)
        if target is None:
            return None
        module, _, function = target.partition(":")
        command: click.Command = getattr(importlib.import_module(f"runbook_lib.cli.{module}"), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the verb; an unknown one is told with the one that may be meant."""
        if args and args[0] not in self._verbs and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], self._verbs, n=1)
            if close:
                ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the verbs' short helps without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _HELP.get(name, "")) for name in self._verbs])
