"""What answers at once imports nothing that it does not use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "IPython", "distributed", "ibm_cloud_sdk_core", "ibm_container_registry", "ibm_platform_services", "jinja2",
    "jupyter_client", "kubernetes", "markdown_it", "nbformat", "pandas", "papermill", "requests", "urllib3", "yaml",
}  # fmt: skip
_RUN = """
import json, sys
from runbook_lib.cli import main
sys.argv = ["runbook", *json.loads(sys.argv[1])]
try:
    main()
finally:
    print("\\n" + json.dumps(sorted(sys.modules)))
"""

COMMANDS = {
    "help": (["--help"], HEAVY | {"rich", "msgspec", "docker_image", "runbook_lib.vault", "runbook_lib.judge"}),
    "explain": (["explain", "ErrImagePull"], HEAVY | {"rich", "msgspec", "docker_image", "runbook_lib.judge"}),
    "diagnose --bundle": (["diagnose", "--bundle", "tests/evidence/b-wrong-password.json"], HEAVY),
}


@pytest.mark.parametrize(("command", "unused"), COMMANDS.values(), ids=COMMANDS)
def test_a_quick_command_imports_only_what_it_uses(command, unused):
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    loaded = set(json.loads(ran.stdout.splitlines()[-1]))
    assert "runbook_lib.cli" in loaded
    assert not loaded & unused
