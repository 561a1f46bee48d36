"""A shell that keeps what it is asked to show, with a person before it or without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from runbook_lib.interactive import starting


class _Kept(DisplayPublisher):
    """Keeps every message in place of sending it."""

    def __init__(self, sent: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(**options)
        self.sent = sent

    def publish(self, data: Any, metadata: Any = None, **more: Any) -> None:
        self.sent.append({"data": data, "update": more.get("update", False), **(more.get("transient") or {})})


@dataclass
class Page:
    """What a front end would show: the newest content of every output, in the order of their coming."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    cell: str = "1"
    person: bool = True

    @property
    def outputs(self) -> list[dict[str, Any]]:
        shown: dict[str, dict[str, Any]] = {}
        for number, message in enumerate(self.sent):
            key = message.get("display_id") or str(number)
            if not message["update"] or key in shown:
                shown[key] = message["data"]
        return list(shown.values())

    @property
    def text(self) -> str:
        return "\n".join(output["text/plain"] for output in self.outputs)

    def get_parent(self, _channel: str) -> dict[str, Any]:
        """Stands for the kernel: the message that asked for the running cell."""
        return {"content": {"allow_stdin": self.person}, "metadata": {"cellId": self.cell}}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page before a person; `person = False` makes it a runner's."""
    monkeypatch.delenv("RUNBOOK_HEADLESS", raising=False)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shown = Page()
    shell.display_pub = _Kept(shown.sent, parent=shell, shell=shell)
    shell.kernel = shown
    yield shown
    InteractiveShell.clear_instance()
    starting._sessions.clear()
    starting._started.clear()


@pytest.fixture
def run(page: Page) -> Any:
    """Runs a cell: its value displays itself, as the last expression of a cell does."""

    def run_(cell: str, make: Any) -> Any:
        shell = InteractiveShell.instance()
        page.cell = cell
        shell.execution_count += 1
        value = make()
        shell.display_formatter.format(value)
        return value

    return run_
