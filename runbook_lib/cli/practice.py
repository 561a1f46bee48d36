"""`runbook lab practice`: a hidden fault, JupyterLab on it, and a dialog that marks the answer."""

from __future__ import annotations

import random
import secrets
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runbook_lib.cli import completing

if TYPE_CHECKING:
    from runbook_lib.lab import Scenario
    from runbook_lib.practice import Exercise

_END_SECONDS = 15


@click.command()
@click.argument("scenario", required=False, default="", shell_complete=completing.scenarios)
@click.option("--difficulty", type=click.IntRange(1, 5), help="Of the scenario that is drawn, 1 to 5.")
@click.option("--reveal", is_flag=True, help="Tell what is planted, at once.")
@click.option("--answer", default="", shell_complete=completing.answers, help="Mark this answer, and end.")
@click.option("--no-browser", is_flag=True, help="No JupyterLab: the dialog alone, and the variables to use.")
def practice(scenario: str, difficulty: int | None, reveal: bool, answer: str, no_browser: bool) -> int:
    """Find a hidden fault: a scenario is drawn, and you name its cause.

    Exit codes: 0 right (or told by --reveal), 1 not.

    \b
    runbook lab practice
    runbook lab practice --difficulty 4
    runbook lab practice two-failing-pods --no-browser
    runbook lab practice no-pull-secret --answer no-pull-secret
    """
    from runbook_lib.cli.lab import known
    from runbook_lib.lab import load_scenario
    from runbook_lib.model.problem import BadInput
    from runbook_lib.practice import Mark, as_answer, judged, why

    if answer and not scenario:
        raise BadInput("--answer marks an answer to a scenario, and none is named.", "Name one: `runbook lab list`.")
    drawn = load_scenario(known(scenario)) if scenario else draw(difficulty, random.SystemRandom())
    exercise = exercise_of(drawn)
    if answer:
        said = as_answer(answer)
        right = exercise.mark(said) is Mark.RIGHT
        _print(judged(exercise, said) + (f"\n\n{why(exercise)}" if right or reveal else ""))
        return 0 if right else 1
    _print(f"{drawn.story}\n\nIt is about **{drawn.pod}** in the project **{drawn.namespace}**.")
    if reveal:
        _print(f"Scenario `{drawn.name}`: {drawn.title}.\n\n{why(exercise)}")
        return 0
    return _practise(drawn, exercise, no_browser)


def draw(difficulty: int | None, chance: random.Random) -> Scenario:
    """Returns a scenario with a planted cause, of a difficulty where one is wanted.

    Raises:
        BadInput: there is none of that difficulty.
    """
    from runbook_lib.lab import list_scenarios, load_scenario
    from runbook_lib.model.problem import BadInput

    every = [load_scenario(name) for name in list_scenarios()]
    fitting = [s for s in every if s.planted and difficulty in (None, s.difficulty)]
    if not fitting:
        raise BadInput(f"No scenario is of difficulty {difficulty}.", "Name another one.")
    return chance.choice(fitting)


def exercise_of(scenario: Scenario) -> Exercise:
    """Returns what is to be found in a scenario."""
    from runbook_lib.practice import Exercise

    return Exercise(
        tuple((p.container, p.cause) for p in scenario.planted),
        frozenset(cause for p in scenario.planted for cause in p.also),
    )


def _practise(scenario: Scenario, exercise: Exercise, no_browser: bool) -> int:
    from runbook_lib.lab import Lab

    with Lab(scenario, live=True) as lab:
        if no_browser:
            click.echo("In another terminal:")
            for name, value in lab.env.items():
                click.echo(f"  export {name}={shlex.quote(value)}")
            return _dialog(exercise)
        with _jupyterlab(lab.environ()) as address:
            click.echo(f"JupyterLab opens in your browser; else go to {address}")
            return _dialog(exercise)


@contextmanager
def _jupyterlab(environ: Mapping[str, str]) -> Iterator[str]:
    """Serves fresh notebooks from a folder that is gone at the end, and yields their address."""
    from runbook_lib.cli.notebook import FIRST, copied, jupyterlab
    from runbook_lib.practice import free_port

    with tempfile.TemporaryDirectory(prefix="practice-") as folder:
        port, token = free_port(), secrets.token_hex(16)
        copied(Path(folder))
        options = [f"--port={port}", "--ip=127.0.0.1", f"--IdentityProvider.token={token}"]
        with open(Path(folder, ".jupyterlab.log"), "wb") as log:
            process = subprocess.Popen(
                jupyterlab(Path(folder), options),
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield f"http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}"
        finally:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _dialog(exercise: Exercise) -> int:
    """Asks until the cause is named or told, or the person leaves."""
    from runbook_lib.model.problem import BadInput
    from runbook_lib.practice import Mark, as_answer, hint, judged, why

    _completion()
    click.echo("Name the cause by its id (Tab completes). Or say: ? (all ids), hint, reveal, quit.")
    while True:
        try:
            said = input("cause> ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return 1
        if said in ("quit", "exit", "q"):
            return 1
        if said in ("?", "list", "help"):
            _list()
        elif said == "hint":
            _print(hint(exercise))
        elif said == "reveal":
            _print(why(exercise))
            return 1
        elif said:
            try:
                answer = as_answer(said)
            except BadInput as unclear:
                click.echo(str(unclear))
                continue
            _print(judged(exercise, answer))
            if exercise.mark(answer) is Mark.RIGHT:
                _print(why(exercise))
                _until_left()
                return 0


def _until_left() -> None:
    click.echo("The cluster stays up: mend it, if you like, and see the pod heal. Enter ends it.")
    try:
        input()
    except (EOFError, KeyboardInterrupt):
        click.echo()


def _completion() -> None:
    """Lets Tab complete the ids, where the terminal's line editor is at hand."""
    try:
        import readline
    except ImportError:
        return
    from runbook_lib.practice import answers

    words = (*answers(), "hint", "reveal", "quit")

    def complete(text: str, state: int) -> str | None:
        found = [word for word in words if word.startswith(text)]
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n")
    readline.parse_and_bind("tab: complete")


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from runbook_lib.causes import CATALOGUE
    from runbook_lib.practice import NOTHING

    table = Table("cause", "what is wrong", box=None, pad_edge=False)
    for cause in CATALOGUE:
        table.add_row(cause.id, cause.title)
    table.add_row(NOTHING, "Nothing: the pod is well")
    Console().print(table)


def _print(markdown: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))
