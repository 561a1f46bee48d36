"""Makes the pictures of the README and the guide from the real thing: a run on the practice cluster.

    make pictures                                            all of them
    .venv/bin/python docs/make_pictures.py terminal report   these only

Needs Chromium: Debian's where it is installed, else the one that playwright brings.
"""

from __future__ import annotations

import io
import json
import os
import pty
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from runbook_lib.lab import Lab

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
SCENARIO = "renewed-key-old-copy"
LARGEST = 300_000  # bytes
DESKTOP, PHONE = (1280, 800), (390, 844)
COLUMNS, ROWS = 80, 46
_RUNBOOK = (sys.executable, "-c", "import runbook_lib.cli as c; c.main()")
_CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #1b1f27; color: #e6e6e6; }}
pre {{ margin: 0; padding: 16px 20px; font: 14px/1.35 "DejaVu Sans Mono", "Liberation Mono", monospace; width: 81ch;
  white-space: pre-wrap; word-break: break-all; }}
pre, code {{ font-family: "DejaVu Sans Mono", "Liberation Mono", monospace; }}
</style><pre><code>{code}</code></pre>"""
_JUPYTER = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
_KERNEL_READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return !!(context && context.isReady && context.session?.kernel?.status === "idle"
            && context.session.kernel.connectionStatus === "connected");
}"""


@dataclass(frozen=True)
class Studio:
    """What a picture is made with: the practice cluster, a browser, and a report of the one made for all."""

    lab: Lab
    browser: Browser
    report: Path

    @contextmanager
    def page(self, size: tuple[int, int], scheme: Any = "light") -> Iterator[Page]:
        """Opens an empty page of this size."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        try:
            yield context.new_page()
        finally:
            context.close()


def _of_report(size: tuple[int, int], scheme: str = "light", anchor: str = "") -> Callable[[Studio, Path], None]:
    def take(studio: Studio, target: Path) -> None:
        with studio.page(size, scheme) as page:
            page.goto(studio.report.as_uri())
            if anchor:
                page.locator(anchor).evaluate("heading => window.scrollTo(0, heading.offsetTop - 24)")
            page.screenshot(path=target)

    return take


def _of_terminal(studio: Studio, target: Path) -> None:
    """Runs `runbook diagnose` in a terminal of 80 columns and draws what it printed, up to ROWS lines."""
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    said = _in_terminal([*_RUNBOOK, "diagnose"], studio.lab.environ())
    prompt = Text.from_markup("[bold green]$[/] runbook diagnose")
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(prompt)
    for line in Text.from_ansi(said).split("\n")[:ROWS]:
        console.print(line, soft_wrap=True)
    html = console.export_html(inline_styles=True, code_format=_TERMINAL, theme=MONOKAI)
    with studio.page((760, 400), "dark") as page:
        page.set_content(html)
        page.locator("pre").screenshot(path=target)


def _in_terminal(command: list[str], environment: dict[str, str]) -> str:
    """Returns what a command prints on a terminal, with its colours."""
    ours, its = pty.openpty()
    terminal = {"COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    kept = {name: value for name, value in environment.items() if name != "NO_COLOR"}
    with subprocess.Popen(command, stdout=its, stderr=subprocess.DEVNULL, env={**kept, **terminal}) as process:
        os.close(its)
        pieces = []
        with suppress(OSError):  # Linux says so where the other end is closed
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        os.close(ours)
        if process.wait() not in (0, 1, 3):
            raise SystemExit(f"{command[-1]} ended with {process.returncode}")
    return b"".join(pieces).decode().replace("\r\n", "\n")


def _of_notebook(studio: Studio, target: Path) -> None:
    """Opens the first notebook in JupyterLab on the practice cluster, runs it, and shows its first cards."""
    with _jupyter(studio.lab) as address, studio.page((1280, 1120)) as page:
        page.goto(address, wait_until="domcontentloaded")
        page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function(_KERNEL_READY, timeout=60_000)
        page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(_KERNEL_READY, timeout=120_000)
        page.wait_for_timeout(1500)
        first = page.locator(".jp-CodeCell .jp-OutputArea-output").first
        first.evaluate("output => output.closest('.jp-Cell').scrollIntoView({block: 'start'})")
        page.wait_for_timeout(500)
        page.screenshot(path=target)


@contextmanager
def _jupyter(lab: Lab) -> Iterator[str]:
    """Starts JupyterLab as `runbook notebook` does, with settings of its own; yields the notebook's address."""
    with tempfile.TemporaryDirectory() as made, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port, token, folder = free.getsockname()[1], secrets.token_hex(16), Path(made)
        free.close()
        (folder / "app").mkdir()
        (folder / "app" / "overrides.json").write_text(json.dumps(_JUPYTER))
        homes = {
            name: str(folder / name)
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
                         "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
        }  # fmt: skip
        command = [
            *_RUNBOOK, "notebook", "--folder", str(folder / "runbooks"), "--", "--no-browser",
            "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
            "--expose-app-in-browser", f"--LabApp.app_settings_dir={folder / 'app'}",
        ]  # fmt: skip
        log = folder / "log"
        with log.open("wb") as written:
            server = subprocess.Popen(
                command, env=lab.environ(**homes), stdin=subprocess.DEVNULL, stdout=written,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, log)
            yield f"http://127.0.0.1:{port}/lab/workspaces/picture/tree/image_pull.ipynb?token={token}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ends = time.monotonic() + 60
    while time.monotonic() < ends and server.poll() is None:
        try:
            direct.open(address, timeout=2).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


MADE: dict[str, Callable[[Studio, Path], None]] = {
    "report": _of_report(DESKTOP),
    "report-way": _of_report((1280, 1080), anchor="#case-1-way"),
    "report-phone": _of_report(PHONE),
    "report-dark": _of_report(DESKTOP, scheme="dark"),
    "terminal": _of_terminal,
    "notebook": _of_notebook,
}


def main(names: list[str]) -> None:
    """Makes the named pictures, or all."""
    unknown = [name for name in names if name not in MADE]
    if unknown:
        raise SystemExit(f"There is no picture {unknown[0]}. There are: {', '.join(MADE)}.")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made, Lab(SCENARIO, live=True) as lab, sync_playwright() as driver:
        folder = Path(made, "report")
        ran = subprocess.run([*_RUNBOOK, "report", "--out", str(folder)], env=lab.environ(), check=False)
        if ran.returncode != 1:
            raise SystemExit("The report found no cause: a picture of it would be of no use.")
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=[*_CHROMIUM_FLAGS]
        )
        studio = Studio(lab, browser, folder / "report.html")
        for name in names or MADE:
            target = PICTURES / f"{name}.png"
            MADE[name](studio, target)
            size = target.stat().st_size
            print(f"{target.relative_to(HERE.parent)}: {size:,} bytes")
            if size > LARGEST:
                raise SystemExit(f"{target.name} is larger than {LARGEST:,} bytes.")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
