"""Credentials: taken in when they are read, carried masked, and kept out of everything that leaves."""

from runbook_lib.vault.current import use, vault
from runbook_lib.vault.exceptions import install_excepthook, scrub_exception, scrub_traceback
from runbook_lib.vault.files import WriteOutcome, scan_file, write_scrubbed
from runbook_lib.vault.logs import LogScrubber, install_log_scrubber
from runbook_lib.vault.notebook import install_ipython
from runbook_lib.vault.secret import Secret, SecretUnavailableError
from runbook_lib.vault.store import Leak, Vault

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
