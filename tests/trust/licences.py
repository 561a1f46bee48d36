"""The licences of everything that an installation brings: `python -m tests.trust.licences` writes docs/licences.md."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "licences.md"
_OF_CLASSIFIER = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
_HEAD = """# Licences of what is installed

Every package that `pip install .` brings, with the licence that it states itself. Made by
`python -m tests.trust.licences`; a test holds it against what is installed.

| package | licence |
|---|---|
"""


def closure() -> set[str]:
    """Names of the packages that the runtime dependencies bring on this platform, as installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(text) for text in project["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        extras = frozenset(requirement.extras)
        key = (canonicalize_name(requirement.name), extras)
        if key in seen:
            continue
        seen.add(key)
        for text in metadata.distribution(requirement.name).requires or ():
            needed = Requirement(text)
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in (*extras, "")):
                waiting.append(needed)
    return {name for name, _ in seen}


def licence(name: str) -> str:
    """The licence that a package states: an SPDX expression, else a classifier, else its first words."""
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if c.startswith("License ::")]
    known = [_OF_CLASSIFIER[c] for c in classifiers if c in _OF_CLASSIFIER]
    if known:
        return " OR ".join(dict.fromkeys(known))
    stated = (about.get("License") or "").strip()
    first = stated.splitlines()[0][:60] if stated else "not stated"
    return "Apache-2.0" if first.startswith(("Apache 2", "Apache License", "Apache Software")) else first


def table() -> dict[str, str]:
    """Each package with its licence."""
    return {name: licence(name) for name in sorted(closure())}


def page() -> str:
    """The page's text."""
    return _HEAD + "".join(f"| {name} | {text} |\n" for name, text in table().items())


def on_the_page() -> dict[str, str]:
    """What the page says."""
    rows = [line.strip("| \n").split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in rows if row[0] != "package"}


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
