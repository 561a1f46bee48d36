"""Registries of the tests' own, a source that may ask them without TLS, and a vault of each test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.vault import Vault, use, vault

from .hostile_registry import HostileRegistry, Route

TIME_LIMIT = 1.0  # seconds for a question
PASSWORD = "pa55-word-of-the-test"


@pytest.fixture(autouse=True)
def own_vault() -> Iterator[Vault]:
    with use(Vault()) as fresh:
        yield fresh


@pytest.fixture
def start() -> Iterator[Callable[[dict[str, Route]], HostileRegistry]]:
    """Starts registries that end with the test."""
    with ExitStack() as stack:
        yield lambda routes: stack.enter_context(HostileRegistry(routes))


@pytest.fixture
def credential() -> Credential:
    """The right one, unless the test says otherwise."""
    return Credential("iamapikey", vault().register(PASSWORD, "password"))


@pytest.fixture
def image_of() -> Callable[..., ImageRef]:
    """Names `team/app` in a registry."""

    def image(registry: HostileRegistry, tag: str = "1.0", digest: str = "") -> ImageRef:
        return ImageRef(RegistryHost(registry.authority), "team/app", "" if digest else tag, digest)

    return image


@pytest.fixture
def source_for() -> Callable[..., RegistrySource]:
    """Gives a source that takes the named registries without TLS and nothing from the environment."""

    def source(*registries: HostileRegistry, timeout: float = TIME_LIMIT) -> RegistrySource:
        plain = frozenset(registry.authority for registry in registries)
        return RegistrySource(timeout=timeout, connect_timeout=timeout, trust_env=False, plain_http=plain)

    return source
