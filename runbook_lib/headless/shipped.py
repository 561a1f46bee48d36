"""Finds the notebooks and parameters: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent

NOTEBOOK_OF_SECTION = {
    "image-pull": "image_pull.ipynb",
    "api-key": "api_key.ipynb",
    "token": "registry_token.ipynb",
}


def folder(name: str) -> Path:
    """Returns the folder `notebooks` or `parameters`."""
    inside = _PACKAGE / "_shipped" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def notebook_path(section: str) -> Path:
    """Returns the file of a section's notebook."""
    return folder("notebooks") / NOTEBOOK_OF_SECTION[section]


def load(section: str) -> dict[str, Any]:
    """Returns a section's notebook as JSON."""
    loaded: dict[str, Any] = json.loads(notebook_path(section).read_text(encoding="utf-8"))
    return loaded
