"""What a shell completes: the names of scenarios and the ids of causes, read when they are asked for."""

from __future__ import annotations

import click


def scenarios(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Returns the scenarios whose names begin so."""
    from runbook_lib.lab import list_scenarios

    return [name for name in list_scenarios() if name.startswith(incomplete)]


def causes(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Returns the ids of causes that begin so."""
    from runbook_lib.causes import CATALOGUE

    return [cause.id for cause in CATALOGUE if cause.id.startswith(incomplete)]


def answers(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Returns the answers to a scenario that begin so."""
    from runbook_lib.practice import answers as every

    return [name for name in every() if name.startswith(incomplete)]
