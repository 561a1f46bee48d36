"""What a person or a machine gets at the end: HTML, Markdown, JSON, made of a `RunResult` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runbook_lib.report.document import to_json
    from runbook_lib.report.writing import write_report

__all__ = ["to_json", "write_report"]
_HOME = {"to_json": "document", "write_report": "writing"}


def __getattr__(name: str) -> Any:
    """Imports what is asked for: the terminal needs no HTML templates."""
    import importlib

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
