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


_SLOW_HEAD = """
## Without a release for two years

Looked up in November 2026. None is named in `pyproject.toml`: each comes with a package that is kept up and relies on it.

| package | last release | comes with | why it stays |
|---|---|---|---|
"""
SLOW = {
    "defusedxml": ("2021-03", "a guard around the standard library's XML, used by nbconvert only"),
    "isoduration": ("2020-11", "a checker of one format, which no schema here uses"),
    "jupyterlab-pygments": ("2023-11", "a style sheet"),
    "mdurl": ("2022-08", "the URL rules of Markdown, which do not change"),
    "notebook-shim": ("2024-02", "settings' former names, for JupyterLab"),
    "overrides": ("2024-01", "a marker of methods without a runtime effect"),
    "pandocfilters": ("2024-01", "for conversions to formats that are not made here"),
    "pexpect": ("2023-11", "terminals in IPython and JupyterLab; finished"),
    "ptyprocess": ("2020-12", "as pexpect, from the same authors"),
    "requests-oauthlib": ("2024-03", "renewal of OpenID logins, which this tool does not do"),
    "rfc3339-validator": ("2021-05", "a checker of one format"),
    "rfc3986-validator": ("2019-10", "a checker of one format"),
    "stack-data": ("2023-09", "IPython's tracebacks"),
    "terminado": ("2024-03", "JupyterLab's terminals"),
    "uri-template": ("2023-06", "a checker of one format"),
}
"""Packages of the closure whose last release is two years old, when it was, and the reason."""


def dependencies() -> list[str]:
    """What pyproject.toml names."""
    return list(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])


def closure() -> set[str]:
    """Names of the packages that the runtime dependencies bring on this platform, as installed."""
    waiting = [Requirement(text) for text in dependencies()]
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
    licences = "".join(f"| {name} | {text} |\n" for name, text in table().items())
    slow = "".join(f"| {n} | {when} | {', '.join(needed_by(n))} | {why} |\n" for n, (when, why) in SLOW.items())
    return _HEAD + licences + _SLOW_HEAD + slow


def needed_by(name: str) -> list[str]:
    """The packages of the closure that need another one."""
    return [
        other
        for other in sorted(closure())
        if any(canonicalize_name(Requirement(r).name) == name for r in metadata.distribution(other).requires or ())
    ]


def on_the_page() -> dict[str, str]:
    """What the page says of licences."""
    text = PAGE.read_text("utf-8").partition(_SLOW_HEAD)[0]
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in rows if row[0] != "package"}


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
