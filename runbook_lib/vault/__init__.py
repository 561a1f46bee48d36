"""Credentials: taken in when they are read, carried masked, and kept out of everything that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runbook_lib.vault.current import use, vault
from runbook_lib.vault.exceptions import install_excepthook, scrub_exception, scrub_traceback
from runbook_lib.vault.logs import LogScrubber, install_log_scrubber
from runbook_lib.vault.secret import Secret, SecretUnavailableError
from runbook_lib.vault.store import Leak, Vault

if TYPE_CHECKING:
    from runbook_lib.vault.files import WriteOutcome, scan_file, write_scrubbed
    from runbook_lib.vault.notebook import install_ipython

__all__ = [
    "Leak",
    "LogScrubber",
    "Secret",
    "SecretUnavailableError",
    "Vault",
    "WriteOutcome",
    "install_excepthook",
    "install_ipython",
    "install_log_scrubber",
    "scan_file",
    "scrub_exception",
    "scrub_traceback",
    "use",
    "vault",
    "write_scrubbed",
]
_HOME = {"WriteOutcome": "files", "scan_file": "files", "write_scrubbed": "files", "install_ipython": "notebook"}


def __getattr__(name: str) -> Any:
    """Imports what is asked for: a run that writes no file needs none of what files need."""
    import importlib

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
