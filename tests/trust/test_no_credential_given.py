"""Credentials come from where other tools keep them, never from a command line, where every user's `ps` shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from runbook_lib.cli import cli
from runbook_lib.headless.parameters import declared_parameters
from runbook_lib.headless.shipped import NOTEBOOK_OF_SECTION, load

WORD = re.compile(r"key|token|passw|secret|credential|auth(?!or)", re.IGNORECASE)


def options(command: click.Command, path: str = "runbook") -> Iterator[tuple[str, str]]:
    """Each option and argument of a command and of those under it."""
    for parameter in command.params:
        yield from ((path, name) for name in (*parameter.opts, parameter.name or ""))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from options(inner, f"{path} {name}")


def test_no_option_of_a_command_takes_a_credential():
    """Of any command; a login is found in variables, in the CLI's session and in kubeconfigs."""
    every = list(options(cli))
    assert len(every) > 60
    assert [(path, name) for path, name in every if WORD.search(name)] == []


@pytest.mark.parametrize("notebook", NOTEBOOK_OF_SECTION)
def test_no_parameter_of_a_notebook_takes_a_credential(notebook):
    """Executed notebooks hold their parameters, and are handed on."""
    declared = declared_parameters(load(notebook))
    assert declared
    assert [name for name in declared if WORD.search(name)] == []
