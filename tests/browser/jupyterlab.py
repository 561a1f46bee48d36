"""A JupyterLab of its own on loopback, and a page with one of its notebooks.

"Idle" on the toolbar is shown before there is a kernel, so readiness is asked of the page's model. Settings and
runtime files are kept apart from the user's, and closing a page leaves its kernel: the server is asked to end it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
_KERNEL_IS_READY = """() => {
  const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = session?.isReady && session.session?.kernel;
  return !!(kernel && kernel.status === 'idle' && kernel.connectionStatus === 'connected');
}"""


@dataclass(frozen=True, slots=True)
class JupyterServer:
    """A running server: its address, its token, and the folder that it serves."""

    base: str
    token: str
    root: Path

    def ask(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(f"{self.base}{path}?token={self.token}", method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def end_kernels(self) -> None:
        for session in self.ask("/api/sessions"):
            self.ask(f"/api/sessions/{session['id']}", "DELETE")


@contextmanager
def serve(folder: Path, environ: Mapping[str, str]) -> Iterator[JupyterServer]:
    """Starts JupyterLab with everything of its own below `folder`."""
    names = ("config", "data", "runtime", "ipython", "settings", "workspaces", "app", "root")
    dirs = {name: folder / name for name in names}
    for made in dirs.values():
        made.mkdir()
    (dirs["app"] / "overrides.json").write_text(json.dumps(OVERRIDES))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={dirs['root']}",
        "--expose-app-in-browser",
        f"--LabApp.app_settings_dir={dirs['app']}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
    ]
    own = {
        "JUPYTER_CONFIG_DIR": dirs["config"],
        "JUPYTER_DATA_DIR": dirs["data"],
        "JUPYTER_RUNTIME_DIR": dirs["runtime"],
        "IPYTHONDIR": dirs["ipython"],
        "JUPYTERLAB_SETTINGS_DIR": dirs["settings"],
        "JUPYTERLAB_WORKSPACES_DIR": dirs["workspaces"],
    }
    log = folder / "jupyterlab.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env={**environ, **{name: str(path) for name, path in own.items()}},
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    server = JupyterServer(f"http://127.0.0.1:{port}", token, dirs["root"])
    try:
        _wait_for(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(server: JupyterServer, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended: {log.read_text()[-3000:]}")
        try:
            server.ask("/api/status")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("JupyterLab did not answer within 60 seconds")


class NotebookPage:
    """A notebook that is open in JupyterLab, with its kernel ready."""

    def __init__(self, page: Page, server: JupyterServer, source: Path) -> None:
        self.page, self.server, self.name = page, server, source.name
        if source.parent != server.root:
            shutil.copy(source, server.root / source.name)
        space = secrets.token_hex(4)
        page.goto(
            f"{server.base}/lab/workspaces/auto-{space}/tree/{self.name}?token={server.token}",
            wait_until="domcontentloaded",
        )
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.panel.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=120_000)
        page.wait_for_function(_KERNEL_IS_READY, timeout=120_000)

    def run_all(self) -> None:
        """Runs every cell, and returns when they have run."""
        self.command("notebook:run-all-cells")

    def command(self, name: str) -> Any:
        return self.page.evaluate("(name) => window.jupyterapp.commands.execute(name)", name)

    def cell(self, source: str) -> Locator:
        """Finds the code cell whose source holds a text."""
        return self.panel.locator(".jp-CodeCell", has=self.page.locator(".jp-Editor", has_text=source)).first

    def run(self, source: str) -> Locator:
        """Runs one cell, and returns its output when it has run."""
        script = "(index) => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }"
        self.page.evaluate(script, self._index(source))
        self.command("notebook:run-cell")
        return self.cell(source).locator(".jp-Cell-outputArea")

    def set_source(self, holds: str, source: str) -> None:
        """Replaces the source of the cell that holds a text."""
        script = """([index, source]) => {
          window.jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source);
        }"""
        self.page.evaluate(script, [self._index(holds), source])

    def _index(self, holds: str) -> int:
        """Finds the first code cell whose source holds a text."""
        script = """(holds) => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(
          (cell) => cell.model.type === 'code' && cell.model.sharedModel.getSource().includes(holds))"""
        index = int(self.page.evaluate(script, holds))
        assert index >= 0, f"no code cell holds {holds!r}"
        return index

    def save(self) -> dict[str, Any]:
        """Saves the notebook and returns it."""
        self.command("docmanager:save")
        saved: dict[str, Any] = json.loads((self.server.root / self.name).read_text(encoding="utf-8"))
        return saved

    def theme(self, name: str) -> None:
        """Changes JupyterLab's theme."""
        self.page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
