"""What a notebook calls: a runbook over one or more cases, and cards that read well in every front end."""

from runbook_lib.interactive.runbook import Runbook, start

__all__ = ["Runbook", "start"]
