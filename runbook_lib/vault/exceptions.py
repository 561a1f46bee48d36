"""Exceptions and tracebacks as text without credentials."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from runbook_lib.vault.current import vault


def scrub_exception(exc: BaseException) -> str:
    """Gives `Type: message` on one line, scrubbed; one that cannot be rendered gives its type only."""
    try:
        message = " ".join(str(exc).split())
    except Exception:  # a __str__ of somebody else's that fails
        message = ""
    name = type(exc).__name__
    return vault().scrub(f"{name}: {message}" if message else name)


def scrub_traceback(exc: BaseException) -> str:
    """Gives the whole traceback with its causes, scrubbed, ending in a newline; without local variables."""
    try:
        lines = traceback.format_exception(exc)
    except Exception:
        return scrub_exception(exc) + "\n"
    return vault().scrub("".join(lines))


def install_excepthook() -> Callable[[], None]:
    """Makes uncaught exceptions, of threads and finalizers too, print scrubbed; returns the undoing."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def uncaught(_kind: type[BaseException], exc: BaseException, _trace: TracebackType | None) -> None:
        _print(scrub_traceback(exc))

    def in_thread(args: Any) -> None:
        if args.exc_type is not SystemExit and args.exc_value is not None:
            name = args.thread.name if args.thread else "?"
            _print(vault().scrub(f"Exception in thread {name}:\n") + scrub_traceback(args.exc_value))

    def unraisable(args: Any) -> None:
        if args.exc_value is not None:
            _print(f"Exception ignored ({args.err_msg or 'in a finalizer'}):\n{scrub_traceback(args.exc_value)}")

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable

    def undo() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before

    return undo


def _print(text: str) -> None:
    with contextlib.suppress(Exception):  # a hook that fails would have Python print the original
        sys.stderr.write(text)
        sys.stderr.flush()
