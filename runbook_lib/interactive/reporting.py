"""Makes the report of what is open in a notebook, beside the person's work: in a thread, with progress."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from runbook_lib.interactive import markup
from runbook_lib.interactive.frontend import Bundle, Place
from runbook_lib.model.finding import Status
from runbook_lib.model.problem import BadInput
from runbook_lib.model.result import RunResult
from runbook_lib.report import text
from runbook_lib.report.words import AS_STATUS, VERDICT
from runbook_lib.vault import vault

Progress = Callable[[str, int, int], None]
Made = Callable[[str, bool], None]

_EMPTY: Bundle = {"text/plain": "", "text/html": ""}


class ReportMaker:
    """Runs the notebooks headlessly with the parameters of the open case, and links to the report.

    Args:
        parameters: gives the parameters when the report is begun.
    """

    def __init__(self, parameters: Callable[[], Mapping[str, object]]) -> None:
        self._parameters = parameters
        self._place = Place()
        self._thread: threading.Thread | None = None

    def show(self) -> None:
        """Makes room for the link where the running cell's outputs go."""
        self._place.show(_EMPTY)

    def start(self, progress: Progress, made: Made) -> None:
        """Begins a report, and returns at once.

        Args:
            progress: is told (what, done, of) as the notebooks are run.
            made: is told a sentence at the end, and whether the report failed.
        """
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._make, args=(progress, made), name="report", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Waits until the report is there."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _make(self, progress: Progress, made: Made) -> None:
        from runbook_lib.headless.run import checked_parameters, default_folder, run_report

        began = time.monotonic()
        try:
            progress("starting", 0, 1)
            parameters = checked_parameters(self._parameters(), [])
            folder = default_folder(parameters)
            result = run_report(parameters, folder, progress)
        except BadInput as told:
            made(f"No report was made. {told}", True)
        except Exception as failed:
            made(f"No report was made: {type(failed).__name__}: {failed}", True)
        else:
            self._place.replace(link_bundle(result, folder))
            made(f"The report is there, after {time.monotonic() - began:.0f} s.", False)


def link_bundle(result: RunResult, folder: Path) -> Bundle:
    """Returns the verdict in one line and the links to the report, relative to the notebook."""
    verdict = result.verdict
    files = [(name, f"{quote(folder.as_posix())}/{name}") for name in ("report.html", "report.md", "findings.json")]
    links = " · ".join(f"<a href='{path}' class='rb-link'>{name}</a>" for name, path in files)
    head = f"{markup.badge(AS_STATUS[verdict.status], VERDICT[verdict.status])} {markup.prose(verdict.summary)}"
    told = " · ".join(f"[{name}]({path})" for name, path in files)
    return {
        "text/plain": vault().scrub(f"Report: {folder}/report.html"),
        "text/markdown": vault().scrub(f"**Report** {text.code(str(folder))}: {told}"),
        "text/html": vault().scrub(
            markup.card(
                Status.SKIPPED, "Report", f"<div>{head}</div><div>{links}</div>{markup.quiet(markup.text(str(folder)))}"
            )
        ),
    }
