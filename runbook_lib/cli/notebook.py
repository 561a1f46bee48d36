"""`runbook notebook`: the notebooks in JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

FIRST = "image_pull.ipynb"
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
SHORT = {
    "browser": "ServerApp.browser",
    "certfile": "ServerApp.certfile",
    "client-ca": "ServerApp.client_ca",
    "ip": "ServerApp.ip",
    "keyfile": "ServerApp.keyfile",
    "notebook-dir": "ServerApp.root_dir",
    "port": "ServerApp.port",
    "port-retries": "ServerApp.port_retries",
}
"""JupyterLab's short names for settings of its server."""


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("runbooks"), help="Where the copies are kept.")
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
def notebook(folder: Path, jupyter_options: tuple[str, ...]) -> int:
    """Open the notebooks in JupyterLab, on the cluster of your kubeconfig.

    The notebooks are copied to a folder of yours, so that the originals stay
    clean; a copy that you changed is kept. Reports that you make there go to
    its folder reports. What follows -- goes to JupyterLab.

    \b
    runbook notebook
    runbook notebook --folder ~/incident-17
    runbook notebook -- --no-browser --port 9000
    """
    command = jupyterlab(folder, jupyter_options)
    for kept in copied(folder):
        click.echo(f"{kept} differs from the one shipped: kept as it is. Delete it to have it anew.", err=True)
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def jupyterlab(folder: Path, options: Sequence[str] = ()) -> list[str]:
    """Returns the command that serves a folder and opens the first notebook; `options` win over its own.

    JupyterLab takes no option twice, so one of ours that is among `options` is left out.

    Raises:
        BadInput: one of `options` is given twice, and takes one value only.
    """
    given = [name for name in map(_named, options) if name]
    _refuse_twice(given)
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    own = [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{FIRST}", *_QUIET, *root]
    kept = [option for option in own if _named(option) not in given]
    return [sys.executable, "-m", "jupyterlab", *kept, *options]


def _named(option: str) -> str:
    """Returns the setting that an option gives; empty for a flag or a value."""
    name = option.partition("=")[0].removeprefix("--")
    if name == option.partition("=")[0]:
        return ""
    return SHORT.get(name, name if "." in name else "")


def _refuse_twice(given: Sequence[str]) -> None:
    from runbook_lib.model.problem import BadInput

    for name in dict.fromkeys(given):
        if given.count(name) > 1 and not _takes_many(name):
            short = next((f" (or --{s})" for s, full in SHORT.items() if full == name), "")
            raise BadInput(f"JupyterLab's option --{name}{short} is given twice.", "Give it once.")


def _takes_many(name: str) -> bool:
    """True for a setting that is a list or a mapping: JupyterLab is asked, which takes a second."""
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]
    from traitlets import Container, Dict

    holder, _, trait = name.partition(".")
    known = [c for c in (LabApp, LabApp.serverapp_class, *LabApp.serverapp_class.classes) if c.__name__ == holder]
    return any(isinstance(c.class_traits(config=True).get(trait), Container | Dict) for c in known)


def copied(folder: Path) -> list[Path]:
    """Copies the notebooks to a folder, and returns those of it that were kept though their sources differ.

    Raises:
        BadInput: the folder cannot be written.
    """
    from runbook_lib.headless.shipped import folder as shipped
    from runbook_lib.model.problem import BadInput

    kept = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(shipped("notebooks").glob("*.ipynb")):
            mine = folder / source.name
            if not mine.exists():
                shutil.copyfile(source, mine)
            elif _sources(mine) != _sources(source):
                kept.append(mine)
    except OSError as refused:
        raise BadInput(
            f"The notebooks cannot be copied to {folder} ({refused.strerror}).", "Name a --folder."
        ) from None
    return kept


def _sources(path: Path) -> list[Any] | None:
    """Returns what a person may have edited of a notebook; None for a file that is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None
