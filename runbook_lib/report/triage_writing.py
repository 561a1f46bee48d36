"""Writes a triage's folder: triage.html and triage.json, each scrubbed and scanned."""

from __future__ import annotations

from pathlib import Path

from runbook_lib.model.problem import BadInput
from runbook_lib.report.triage_document import to_triage_json
from runbook_lib.report.triage_html import to_triage_html
from runbook_lib.triage.result import Triage
from runbook_lib.vault import write_scrubbed


def write_triage(triage: Triage, folder: Path) -> Path:
    """Writes both forms and returns the page's path.

    Raises:
        BadInput: the folder cannot be written.
    """
    page = folder / "triage.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_scrubbed(folder / "triage.json", to_triage_json(triage).decode())
        write_scrubbed(page, to_triage_html(triage))
    except OSError as refused:
        raise BadInput(f"{folder} cannot be written ({refused.strerror}).", "Name another --out.") from None
    return page
