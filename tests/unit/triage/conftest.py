"""A look at a practice cluster, over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runbook_lib.judge import Selectors
from runbook_lib.lab import Lab
from runbook_lib.triage import Looking, Triage
from tests.unit.triage.planted import SIX, plant

Look = Callable[..., Triage]


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    """Looks at a lab with its own environment."""

    def run(lab: Lab, *, everywhere: bool = False, **selectors: Any) -> Triage:
        for name, value in lab.env.items():
            monkeypatch.setenv(name, value)
        return Looking(Selectors(**selectors), everywhere=everywhere).look()

    return run


@pytest.fixture(scope="package")
def planted() -> Iterator[Lab]:
    """A cluster of some hundred pods with six planted causes in sixty namespaces; tests only read it."""
    with Lab("healthy") as lab:
        plant(lab, well=1100, failing=200, plants=SIX, spaces=10)
        yield lab
