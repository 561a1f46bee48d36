"""The project's own files agree with one another and name nothing that they should not."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

from runbook_lib.causes import CATALOGUE
from runbook_lib.model.readings import Commands, Target
from runbook_lib.model.wiring import Need
from runbook_lib.providers import PROVIDERS
from runbook_lib.sources.account import Account
from runbook_lib.sources.kube import KubeSource
from runbook_lib.sources.probing import Probing
from runbook_lib.steps import ALL_STEPS

ROOT = Path(__file__).parents[2]
GIVEN = {KubeSource, Target, Commands, Probing, Account}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_conda_users_get_the_same_packages():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (pip,) = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    assert pip == [*declared, "-e ."]


def test_constraints_hold_names_and_versions_only():
    lines = [x for x in (ROOT / "constraints.txt").read_text().splitlines() if x and not x.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line) for line in lines)


def test_no_module_is_called_utils_or_helpers():
    assert not [p for p in tracked("*.py") if p.stem in ("utils", "util", "helpers", "helper", "common", "misc")]


def test_modules_are_small_rooms():
    sizes = sorted(len(p.read_text().splitlines()) for p in tracked("runbook_lib/*.py"))
    assert sizes[len(sizes) // 2] <= 120
    assert sizes[-1] <= 280


def test_nothing_names_a_path_of_a_machine_or_a_package_registrys_host():
    forbidden = re.compile(
        r"(?<![\w.])/(?:work|root|farm)/|files\.pythonhosted|pypi\.org|registry\.npmjs|deb\.debian\.org"
    )
    for path in tracked("*.py", "*.md", "*.yaml", "*.yml", "*.toml", "*.ipynb", "*.json", "Makefile", ".ci/run"):
        if path.name == "test_project.py" or "corpus" in path.parts:
            continue
        found = forbidden.search(path.read_text(errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found[0] if found else ''}"


def test_every_reading_has_a_provider_and_the_graph_has_no_cycle():
    def walk(need: Need, above: tuple[type, ...]) -> None:
        if need.reading in GIVEN:
            return
        assert need.reading in PROVIDERS, f"{need.reading.__name__} has no provider"
        assert need.reading not in above, f"a cycle: {[t.__name__ for t in above]}"
        for below in PROVIDERS[need.reading].needs:
            walk(below, (*above, need.reading))

    for wired in (*ALL_STEPS, *CATALOGUE, *PROVIDERS.values()):
        for need in wired.needs:
            walk(need, ())


def test_the_table_of_steps_in_the_readme_is_the_code_s():
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| `([\w./-]+)` \| (.+?) \|", readme, re.MULTILINE)
    assert rows == [(step.id, step.title) for step in ALL_STEPS]
