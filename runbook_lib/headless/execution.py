"""Executes a notebook by papermill in a kernel that is already warm."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runbook_lib.headless.kernel import WarmKernel

CELL_SECONDS = 120


class CellFailed(Exception):
    """Raised where a cell raised: its name and sentence, without the traceback."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.sentence = name, sentence


class KernelLost(Exception):
    """Raised where a cell has no end: its kernel ended before it, or its time did."""


def execute(
    kernel: WarmKernel,
    source: Path,
    target: Path,
    parameters: Mapping[str, object],
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Executes one notebook and returns it with its outputs; papermill writes it to `target` as it goes.

    Raises:
        CellFailed: a cell raised.
        KernelLost: the kernel ended, or a cell took longer than CELL_SECONDS.
    """
    # jsonschema imports this grammar builder where it is there (1.7 s) to check IRIs, which no notebook holds.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import papermill
        from nbclient.exceptions import CellTimeoutError
        from papermill.clientwrap import PapermillNotebookClient
        from papermill.engines import Engine, papermill_engines
        from papermill.exceptions import PapermillExecutionError

    class WarmEngine(Engine):  # type: ignore[misc]
        """papermill's own client, given a kernel instead of starting one."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_options: Any) -> None:
            cells = len(nb_man.nb.cells)

            class Client(PapermillNotebookClient):  # type: ignore[misc]
                def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
                    progress(cell_index + 1, cells)
                    return super().execute_cell(cell, cell_index, *args, **kwargs)

            client = Client(nb_man, km=kernel.manager, timeout=CELL_SECONDS, kernel_name=kernel_name)
            try:
                client.execute()
            finally:  # it stops only a kernel of its own: an open channel would hold the process at its end
                if client.kc is not None:
                    client.kc.stop_channels()

    papermill_engines.register("warm", WarmEngine)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        executed = papermill.execute_notebook(
            str(source),
            str(target),
            parameters=dict(parameters),
            engine_name="warm",
            kernel_name="python3",
            language="python",
            progress_bar=False,
            log_output=False,
        )
    except PapermillExecutionError as failed:
        raise CellFailed(str(failed.ename), str(failed.evalue)) from None
    except RuntimeError:  # DeadKernelError in a cell, and a plain one before the first
        if kernel.manager.is_alive():
            raise
        raise KernelLost("its kernel ended before it, perhaps killed for want of memory") from None
    except CellTimeoutError:
        raise KernelLost(f"a cell took longer than {CELL_SECONDS} seconds") from None
    return dict(executed)
