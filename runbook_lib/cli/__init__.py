"""The `runbook` command: a function a verb, no logic of its own."""

from __future__ import annotations

import gc
import os
import signal
import sys

import click

from runbook_lib import __version__
from runbook_lib.cli.lazy import LazyGroup
from runbook_lib.model.problem import BadInput

_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Python looks for cycles every 700 new objects: for what lives a second that is a tenth of it, and finds nothing."""

_VERBS = {
    "diagnose": "diagnose:diagnose",
    "triage": "triage:triage",
    "report": "report:report",
    "steps": "steps:steps",
    "fleet": "fleet:fleet",
    "collect": "collect:collect",
    "access": "access:access",
    "explain": "explain:explain",
    "cause": "cause:cause",
    "notebook": "notebook:notebook",
    "lab": "lab:lab",
}


@click.command(
    cls=LazyGroup,
    verbs=_VERBS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(__version__, prog_name="runbook")
def cli() -> None:
    """Find out why a pod cannot pull its image, with proof.

    Reads a cluster (or saved evidence) and never changes it.

    \b
    runbook diagnose                       the failing pull of this namespace
    runbook report -n shop --pod web       the same, with notebooks and report
    runbook diagnose --bundle pods.json    saved evidence, offline
    runbook lab run no-pull-secret -- runbook diagnose
                                           a practice cluster

    Exit codes: 0 no image-pull problem, 1 a cause was found, 2 wrong usage
    or a failure of this tool, 3 undetermined.
    """
    from runbook_lib.vault import install_excepthook, install_log_scrubber

    install_excepthook()
    install_log_scrubber()


def main() -> None:
    """Runs the command; bad input is one sentence and exit code 2, never a traceback."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 100)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwinds, so that kernel and drafts go too
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted; nothing was written.", err=True)
        sys.exit(2)
    except click.ClickException as usage:
        usage.show()
        sys.exit(2)
    except BadInput as told:
        from runbook_lib.report.text import visible
        from runbook_lib.vault import vault

        click.echo(visible(vault().scrub(str(told))), err=True)  # names in it come from the cluster
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(2)
    except Exception as defect:
        if os.environ.get("RUNBOOK_DEBUG"):
            raise
        from runbook_lib.report.text import one_line
        from runbook_lib.vault import scrub_exception

        click.echo(f"This tool failed: {one_line(scrub_exception(defect))}", err=True)
        click.echo("Run it again with RUNBOOK_DEBUG=1 for the details, and report them.", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
