"""What a notebook calls: a runbook over one or more cases, and cards that read well in every front end."""

from runbook_lib.interactive.runbook import Runbook
from runbook_lib.interactive.starting import start

__all__ = ["Runbook", "start"]
