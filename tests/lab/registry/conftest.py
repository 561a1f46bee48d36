"""Registries without a wire."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_lib.lab.registry import RegistryApp, RegistryState

from .registry_client import REPOSITORIES, USERS, Client, MakeClient


@pytest.fixture
def client() -> MakeClient:
    """Makes a client of a registry whose state deviates from the usual as the arguments say."""

    def make(host: str = "registry.example.com", **deviations: Any) -> Client:
        own = {"users": USERS, "repositories": REPOSITORIES, **deviations}
        return Client(RegistryApp(RegistryState.load({host: own})), host)

    return make
