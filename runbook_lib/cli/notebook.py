"""`runbook notebook`: the notebooks in JupyterLab."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("runbooks"), help="Where the copies are kept."
)
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
def notebook(folder: Path, jupyter_options: tuple[str, ...]) -> int:
    """Open the notebooks in JupyterLab, on the cluster of your kubeconfig.

    The notebooks are copied to a folder of yours (files that you changed are
    kept), so that the originals stay clean. What follows -- goes to JupyterLab.
    """
    from runbook_lib.headless.shipped import folder as shipped
    from runbook_lib.model.problem import BadInput

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(shipped("notebooks").glob("*.ipynb")):
            if not (folder / source.name).exists():
                shutil.copyfile(source, folder / source.name)
    except OSError as refused:
        raise BadInput(
            f"The notebooks cannot be copied to {folder} ({refused.strerror}).", "Name a --folder."
        ) from None
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder.resolve()}",
        *jupyter_options,
    ]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0
