"""Chromium for the tests that need a browser; they are skipped, and say so, where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")

playwright.expect.set_options(timeout=60_000)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.Browser]:
    """One Chromium for all."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: playwright.Browser) -> Iterator[Callable[..., playwright.Page]]:
    """Opens pages in contexts of their own, which end with the test."""
    contexts = []

    def open_(**options: object) -> playwright.Page:
        options.setdefault("viewport", {"width": 1280, "height": 1000})
        context = browser.new_context(**options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def notebooks() -> Path:
    """The folder of the shipped notebooks."""
    return Path(__file__).parents[2] / "notebooks"
