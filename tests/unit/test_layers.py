"""Each layer imports only those before it, and the lab nothing of the rest."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "runbook_lib"
ORDER = (
    ("vault",),
    ("model",),
    ("resolve",),
    ("sources", "steps", "causes"),
    ("providers",),
    ("session",),
    ("case", "selection"),
    ("judge", "collecting", "access"),
    ("triage",),
    ("report",),
    ("headless", "interactive"),
    ("fleet", "practice"),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
MAY_BESIDE = {
    ("headless", "interactive"),  # the JSON type from which a run's result is taken
    ("interactive", "headless"),  # the button that makes the report
    ("report", "triage"),
    ("judge", "triage"),
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        inner = path.relative_to(PACKAGE)
        yield (inner.parts[0] if len(inner.parts) > 1 else inner.stem), path


def imported(path: Path) -> Iterator[str]:
    """The first package names under runbook_lib that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module] if node.module != "runbook_lib" else [f"runbook_lib.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "runbook_lib" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize(("layer", "path"), list(modules()), ids=lambda v: str(v) if isinstance(v, str) else v.stem)
def test_a_module_imports_only_what_lies_before_it(layer, path):
    found = set(imported(path)) - {layer, "__version__"}
    if layer == "lab":
        assert not found
        return
    if layer == "__init__":
        assert not found
        return
    assert layer in RANK, f"{layer} is in no layer"
    for other in found:
        if other == "lab":
            assert layer in ("cli", "practice")
            continue
        allowed = RANK[other] < RANK[layer] or (layer, other) in MAY_BESIDE
        assert allowed, f"{path.name} of {layer} imports {other}"


def test_only_sources_speak_to_the_world():
    """Network and cluster clients are imported by the sources, by nothing else but the lab."""
    clients = {"requests", "urllib3", "kubernetes", "http", "socket", "ibm_platform_services", "ibm_container_registry"}
    for layer, path in modules():
        if layer in ("lab", "sources", "practice"):
            continue
        names = {
            (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        assert not names & clients, f"{path} imports {names & clients}"
