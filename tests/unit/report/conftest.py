"""Each test has a vault of its own in place of the one that the process shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runbook_lib.vault import Vault, use


@pytest.fixture(autouse=True)
def own_vault() -> Iterator[Vault]:
    with use(Vault()) as fresh:
        yield fresh
