"""The headless run: the sections' notebooks in the order in which the case leads, then the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from runbook_lib.headless.execution import CellFailed, KernelLost, execute
from runbook_lib.headless.folder import whole_folder
from runbook_lib.headless.kernel import WarmKernel
from runbook_lib.headless.parameters import checked, declared_parameters, from_files
from runbook_lib.headless.shipped import load, notebook_path
from runbook_lib.interactive.cards import RUN_TYPE
from runbook_lib.model.problem import BadInput
from runbook_lib.model.result import RunResult
from runbook_lib.report import write_report
from runbook_lib.sources.cluster import check_context

FIRST = "image-pull"


def checked_parameters(given: Mapping[str, object], files: list[str], *, section: str = FIRST) -> dict[str, object]:
    """Returns the run's parameters, checked against the parameters cell of the notebook that is run first."""
    declared = declared_parameters(load(section))
    return {**from_files(declared, files), **checked(declared, given)}


def default_folder(parameters: Mapping[str, object]) -> Path:
    """A name that sorts by time and tells the case: reports/2026-01-31T03-15-00-shop-web."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    words = (str(parameters.get(k) or "") for k in ("namespace", "pod"))
    case = "-".join("".join(c if c.isalnum() or c in "-." else "-" for c in w) for w in words if w)
    return Path("reports", f"{stamp}-{case or 'pull'}"[:120])


def run_report(
    parameters: Mapping[str, object],
    out: Path,
    progress: Callable[[str, int, int], None],
    *,
    only: str = "",
) -> RunResult:
    """Executes the notebooks in the order in which the case leads through them, and writes the folder.

    With `only`, that section's notebook alone is run.

    Raises:
        BadInput: the run cannot start or its folder cannot be written; nothing is left behind then.
    """
    began = time.monotonic()
    with whole_folder(out) as folder, WarmKernel() as kernel:
        _check_cluster(parameters)
        done: list[str] = []
        waiting = [only or FIRST]
        while waiting:
            source = notebook_path(waiting.pop(0))
            if done:
                kernel.clear()
            executed = _execute(kernel, source, folder / source.name, parameters, progress)
            done.append(source.name)
            result = _result_of(executed)
            if len(done) == 1 and not only:
                waiting = list(result.leads_to)
        result = replace(result, notebooks=tuple(done))
        progress("report", 1, 1)
        write_report(result, folder, seconds=time.monotonic() - began)
    return result


def _check_cluster(parameters: Mapping[str, object]) -> None:
    """Raises BadInput where no cluster is named: the first notebook would say so, and seem to have begun."""
    if not parameters.get("bundle"):
        context, kubeconfig = (str(parameters.get(name) or "") for name in ("context", "kubeconfig"))
        check_context(context=context, kubeconfig=kubeconfig)


def _execute(
    kernel: WarmKernel,
    source: Path,
    target: Path,
    parameters: Mapping[str, object],
    progress: Callable[[str, int, int], None],
) -> dict[str, Any]:
    try:
        return execute(kernel, source, target, parameters, lambda n, of: progress(source.stem, n, of))
    except CellFailed as failed:
        if failed.name in ("Told", "BadInput"):
            raise BadInput(failed.sentence) from None
        raise
    except KernelLost as lost:
        raise BadInput(
            f"The notebook {source.name} did not come to its end: {lost}; no report was written.",
            "Run it again; `runbook diagnose` gives the cause without notebooks.",
        ) from None


def _result_of(executed: Mapping[str, Any]) -> RunResult:
    """Takes the run's result out of the executed notebook: the report says what the notebook shows."""
    for cell in reversed(executed["cells"]):
        for output in cell.get("outputs", ()):
            if RUN_TYPE in output.get("data", {}):
                return msgspec.convert(output["data"][RUN_TYPE], RunResult)
    raise ValueError("the executed notebook holds no verdict")
