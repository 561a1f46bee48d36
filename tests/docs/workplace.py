"""A reader's folder and shell: the practice cluster as the cluster that is logged in to, and the files that the pages
name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from runbook_lib.lab import Lab

from .pages import ROOT

SECONDS = 150
ERROR = (
    "Failed to pull image: failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized\n"
)


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


def furnish(folder: Path, lab: Lab) -> None:
    """Puts the files there that a reader would have, made from the lab."""
    for name in ("notebooks", "parameters", "docs", "deploy", "pyproject.toml"):
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)
    (folder / "error.txt").write_text(ERROR)
    (folder / "clusters.yaml").write_text("- {name: shop-prod, context: lab}\n")
    _inspected(folder / "must-gather", lab)
    with tarfile.open(folder / "must-gather.tar.gz", "w:gz") as archive:
        archive.add(folder / "must-gather", "must-gather")
    saved = run(folder, lab, "runbook collect -n shop -o shop.json")
    assert saved.code == 0, saved.err


def _inspected(folder: Path, lab: Lab) -> None:
    """Writes what `oc adm inspect` leaves of a project: Lists, the values of secrets replaced, no service accounts."""
    core = folder / "inspected" / "namespaces" / "shop" / "core"
    core.mkdir(parents=True)
    for resource in ("pods", "events", "secrets"):
        items: list[Any] = [o for o in lab.store.list(resource) if o["metadata"].get("namespace") == "shop"]
        if resource == "secrets":
            items = [{**o, "data": dict.fromkeys(o.get("data") or {}, "MTAwIGJ5dGVzIGxvbmc=")} for o in items]
        (core / f"{resource}.yaml").write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": items}))


def run(folder: Path, lab: Lab, text: str) -> Ran:
    """Runs a command as a reader's bash would; `oc` is kubectl, for the verbs that both have."""
    tools = folder / ".tools"
    tools.mkdir(exist_ok=True)
    kubectl = shutil.which("kubectl")
    if kubectl and not shutil.which("oc") and not (tools / "oc").exists():
        (tools / "oc").symlink_to(kubectl)
    here = Path(sys.executable).parent
    path = os.pathsep.join([str(tools), str(here), os.environ.get("PATH", "")])
    environment = lab.environ(PATH=path, HOME=str(folder), RUNBOOK_DEBUG="1", PYTHONWARNINGS="ignore")
    ended = subprocess.run(
        ["bash", "-c", text.replace(".venv/bin/", f"{here}/")], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    return Ran(ended.returncode, ended.stdout, ended.stderr)
