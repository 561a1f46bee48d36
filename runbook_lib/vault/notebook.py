"""Notebook outputs without credentials; IPython is only touched through the shell that is passed in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from runbook_lib.vault.current import vault
from runbook_lib.vault.exceptions import scrub_exception


def install_ipython(ip: Any) -> Callable[[], None]:
    """Scrubs what a shell shows: rich displays, tracebacks and, in a kernel, every message it sends.

    The messages carry what no formatter sees: streams, widgets' state, the error in the reply that papermill
    prints. Returns the undoing; installing twice is the same as once.
    """
    if getattr(ip, "_runbook_vault_undo", None):
        undo: Callable[[], None] = ip._runbook_vault_undo
        return undo
    replaced: list[tuple[Any, str]] = []

    def wrap(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        if owner is not None and hasattr(owner, name):
            object.__setattr__(owner, name, make(getattr(owner, name)))
            replaced.append((owner, name))

    wrap(ip.display_formatter, "format", _scrubbing_format)
    wrap(ip.display_pub, "publish", _scrubbing_publish)
    wrap(ip, "_showtraceback", _scrubbing_showtraceback)
    kernel = getattr(ip, "kernel", None)
    wrap(getattr(kernel, "session", None), "send", _scrubbing_send)

    def remove() -> None:
        for owner, name in replaced:
            vars(owner).pop(name, None)
        ip._runbook_vault_undo = None

    ip._runbook_vault_undo = remove
    return remove


def _scrubbing_format(original: Any) -> Any:
    def format(obj: Any, include: Any = None, exclude: Any = None) -> Any:
        data, metadata = original(obj, include=include, exclude=exclude)
        return vault().scrub_json(data), vault().scrub_json(metadata)

    return format


def _scrubbing_publish(original: Any) -> Any:
    def publish(data: Any, metadata: Any = None, *args: Any, **kwargs: Any) -> Any:
        return original(vault().scrub_json(data), vault().scrub_json(metadata), *args, **kwargs)

    return publish


def _scrubbing_showtraceback(original: Any) -> Any:
    def showtraceback(etype: Any, evalue: Any, stb: Any) -> Any:
        try:
            shown = vault().scrub_json(stb)
            message = _ScrubbedError(vault().scrub(str(evalue)))
        except Exception:
            name = getattr(etype, "__name__", "error")
            print(scrub_exception(RuntimeError(f"{name}, which could not be rendered")), file=sys.stderr)
            return None
        return original(etype, message, shown)

    return showtraceback


class _ScrubbedError(Exception):
    """Stands for an exception whose message must not be rendered again."""


def _scrubbing_send(original: Any) -> Any:
    def send(stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(msg_or_type, dict):
            kept = {"content": msg_or_type.get("content"), "metadata": msg_or_type.get("metadata")}
            msg_or_type = {**msg_or_type, **vault().scrub_json(kept)}
        return original(stream, msg_or_type, vault().scrub_json(content), *args, **kwargs)

    return send
