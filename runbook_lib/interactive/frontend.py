"""What shows the cells: whether a person is there, and places on the page whose content can be replaced."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Bundle = dict[str, Any]
"""One output in several forms, by MIME type."""


class Content(Protocol):
    """What can be shown: a card, a table."""

    def bundle(self, stale: str = "") -> Bundle:
        """Returns every form; `stale` says why the content is out of date, and is empty while it is not."""
        ...


def _shell() -> Any:
    from IPython import get_ipython

    return get_ipython()


def _request() -> Mapping[str, Any]:
    """Returns the message that asked for the running cell; empty outside a kernel."""
    kernel = getattr(_shell(), "kernel", None)
    request: Mapping[str, Any] = kernel.get_parent("shell") if kernel is not None else {}
    return request or {}


def attended() -> bool:
    """True where a person's front end runs the cell: then there are widgets, and progress is shown.

    A front end for people lets a cell ask for input; runners (papermill, nbconvert, nbclient) do not. The
    variable RUNBOOK_HEADLESS says no whatever runs the cells.
    """
    if os.environ.get("RUNBOOK_HEADLESS"):
        return False
    return bool((_request().get("content") or {}).get("allow_stdin"))


@dataclass(frozen=True, slots=True)
class CellRun:
    """One run of one cell. `cell` is empty where the front end does not tell it."""

    cell: str
    count: int

    def is_again(self, before: CellRun) -> bool:
        """True where the same cell is run another time."""
        return bool(self.cell) and self.cell == before.cell and self.count != before.count


def cell_run() -> CellRun:
    """Tells which cell runs now."""
    cell = str((_request().get("metadata") or {}).get("cellId") or "")
    return CellRun(cell, int(getattr(_shell(), "execution_count", 0) or 0))


class Place:
    """One output on the page. What it shows can be replaced at any time, from any thread."""

    def __init__(self) -> None:
        self._id = uuid.uuid4().hex

    def show(self, bundle: Bundle) -> None:
        """Puts the output where the running cell's outputs go."""
        self._publish(bundle, update=False)

    def replace(self, bundle: Bundle) -> None:
        """Shows something else in every copy of this output; nothing happens where there is none."""
        self._publish(bundle, update=True)

    def _publish(self, bundle: Bundle, *, update: bool) -> None:
        from IPython.display import publish_display_data

        if _shell() is None:
            if not update:
                print(bundle["text/plain"])
            return
        publish_display_data(bundle, transient={"display_id": self._id}, update=update)
