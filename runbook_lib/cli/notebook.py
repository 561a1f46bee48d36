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
    for kept in copied(folder):
        click.echo(f"{kept} differs from the one shipped: kept as it is. Delete it to have it anew.", err=True)
    try:
        return subprocess.run(jupyterlab(folder, jupyter_options), check=False).returncode
    except KeyboardInterrupt:
        return 0


def jupyterlab(folder: Path, options: Sequence[str] = ()) -> list[str]:
    """Returns the command that serves a folder and opens the first notebook; `options` win over its own."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    own = [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{FIRST}", *_QUIET, *root]
    return [sys.executable, "-m", "jupyterlab", *own, *options]


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
