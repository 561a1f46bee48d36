"""Writes a run's folder: report.html, report.md, findings.json, each scrubbed and scanned."""

from __future__ import annotations

from pathlib import Path

from runbook_lib.model.result import RunResult
from runbook_lib.report.document import to_json
from runbook_lib.report.html import to_html
from runbook_lib.report.markdown import to_markdown
from runbook_lib.vault import scan_file, vault, write_scrubbed


def write_report(result: RunResult, folder: Path, *, seconds: float = 0.0) -> None:
    """Writes the three forms of a result beside its executed notebooks, and scans the notebooks too."""
    write_scrubbed(folder / "findings.json", to_json(result).decode())
    write_scrubbed(folder / "report.md", to_markdown(result))
    write_scrubbed(folder / "report.html", to_html(result, seconds=seconds))
    for notebook in folder.glob("*.ipynb"):
        if scan_file(notebook):
            write_scrubbed(notebook, vault().scrub(notebook.read_text(encoding="utf-8")))
