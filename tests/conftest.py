"""Each test starts with the loggers as they come: a Kubernetes configuration made by another one sets them."""

from __future__ import annotations

import logging

import pytest


@pytest.fixture(autouse=True)
def _loggers_as_they_come() -> None:
    for name in ("urllib3", "urllib3.connectionpool", "client", "kubernetes"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    return
