"""`python -m runbook_lib` is the `runbook` command."""

from runbook_lib.cli import main

main()
