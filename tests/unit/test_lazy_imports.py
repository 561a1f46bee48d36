"""What answers at once imports nothing that it does not use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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


def run(command: list[str]) -> tuple[str, set[str]]:
    """What a command says, and the modules that it has loaded."""
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    *_, modules = ran.stdout.splitlines()
    return ran.stdout.removesuffix(f"{modules}\n") + ran.stderr, set(json.loads(modules))


COMMANDS = {
    "help": (["--help"], HEAVY | {"rich", "msgspec", "docker_image", "runbook_lib.vault", "runbook_lib.judge"}),
    "explain": (["explain", "ErrImagePull"], HEAVY | {"rich", "msgspec", "docker_image", "runbook_lib.judge"}),
    "diagnose --bundle": (["diagnose", "--bundle", "tests/evidence/b-wrong-password.json"], HEAVY),
}


@pytest.mark.parametrize(("command", "unused"), COMMANDS.values(), ids=COMMANDS)
def test_a_quick_command_imports_only_what_it_uses(command, unused):
    _, loaded = run(command)
    assert "runbook_lib.cli" in loaded
    assert not loaded & unused


def test_a_cluster_of_a_plain_kubeconfig_is_read_without_the_official_client(tmp_path):
    """The client takes longer to load than a page of pods to read; here the server is one that refuses."""
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(yaml.safe_dump({
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": "sha256~a-token-0123456789"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }))  # fmt: skip
    told, loaded = run(["triage", "--kubeconfig", str(kubeconfig)])
    assert "127.0.0.1" in told
    assert "runbook_lib.sources.cluster.live" in loaded
    assert not loaded & {"kubernetes", "ibm_platform_services", "ibm_cloud_sdk_core", "pandas", "jinja2"}
