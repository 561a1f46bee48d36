"""`python -m runbook_lib` is the `runbook` command."""

from __future__ import annotations

import atexit
import os
import sys

from runbook_lib.cli import main


def run() -> None:
    """Runs the command and ends the process as it stands: taking a large cluster apart object by object is no use.

    What is registered for the end (the vault's, Dask's) runs, and output is written out; a reading that nobody
    waits for any more is left.
    """
    code: object = 0
    try:
        main()
    except SystemExit as left:
        code = left.code
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # as where a shell closes it: `>&-`
                stream.flush()
        except (OSError, ValueError):  # whoever read it has gone
            code = code or 2
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    run()
