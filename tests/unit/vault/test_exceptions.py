"""Exceptions and uncaught errors print no credential."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from runbook_lib.vault import Vault, install_excepthook, scrub_exception, scrub_traceback

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError(KEY)


def test_one_line_says_type_and_message(own_vault: Vault) -> None:
    """A message over several lines becomes one, without the credential."""
    own_vault.register(KEY, "key")
    assert scrub_exception(ValueError(f"bad\n  key {KEY}")) == "ValueError: bad key «key #1»"
    assert scrub_exception(KeyError()) == "KeyError"
    assert scrub_exception(Unprintable()) == "Unprintable"


def test_a_traceback_keeps_its_causes_and_notes(own_vault: Vault) -> None:
    """Causes and notes are part of it and scrubbed with it."""
    own_vault.register(KEY, "key")
    try:
        try:
            raise ValueError(KEY)
        except ValueError as cause:
            cause.add_note(f"tried {KEY}")
            raise RuntimeError("outer") from cause
    except RuntimeError as exc:
        text = scrub_traceback(exc)
    assert KEY not in text
    assert "ValueError: «key #1»\ntried «key #1»" in text
    assert text.endswith("RuntimeError: outer\n")


def test_uncaught_exceptions_print_scrubbed(own_vault: Vault, capsys: pytest.CaptureFixture[str]) -> None:
    """The hooks for the main thread, other threads and finalizers print, scrubbed, and can be taken away."""
    own_vault.register(KEY, "key")
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    undo = install_excepthook()
    try:
        exc = ValueError(KEY)
        sys.excepthook(ValueError, exc, None)
        threading.excepthook(threading.ExceptHookArgs((ValueError, exc, None, threading.current_thread())))
    finally:
        undo()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    printed = capsys.readouterr().err
    assert printed.count("ValueError: «key #1»") == 2
    assert KEY not in printed


def test_a_process_that_dies_prints_no_credential() -> None:
    """In a process of its own: the interpreter's way out, and a finalizer that fails."""
    program = (
        "import sys\n"
        "from runbook_lib.vault import vault, install_excepthook\n"
        "install_excepthook()\n"
        "value = sys.stdin.read()\n"
        "vault().register(value, 'key')\n"
        "class Late:\n"
        "    def __del__(self): raise OSError(value)\n"
        "Late()\n"
        "raise SystemError(value)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], input=KEY, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "SystemError: «key #1»" in ended.stderr
    assert "OSError: «key #1»" in ended.stderr
    assert KEY not in ended.stderr + ended.stdout
