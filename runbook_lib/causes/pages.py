"""The pages of the causes, and the folder that is built from them.

A page is the docstring of its cause's module, so that rule and explanation are changed together. It names its
rivals as ``[`id`]``, which stays plain text wherever no address is given for it: `linked` gives them one.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from runbook_lib.causes import CATALOGUE, catalogue, insufficient_evidence

SECTIONS = ("What it is", "Why it happens", "How it is told from its rivals", "How to fix it", "See also")
"""The headings of each page, in this order."""

_RIVAL = re.compile(r"\[`([a-z-]+)`\]")
_SURENESS = re.compile(r"\*\*(confirmed|likely|possible)\*\*")
_SHOWN = 3
_INTRODUCTION = """# Causes

What can be wrong when a pod cannot pull its image: one page a cause, as `runbook cause <id>` shows it.
A report names its cause by the id, with a confidence:

- **confirmed** – observed directly, or proved by a counter-test
- **likely** – all that could be read fits, and one rival was not excluded
- **possible** – something speaks for it, and little excludes the rest

In the commands a word in `<angle brackets>` is yours to fill in, and `# changes:` stands above what changes
something; all else only reads. The `kubectl` lines work with `oc` too, and a project is a namespace. On a Kubernetes
cluster, `ibmcloud oc cluster …` is `ibmcloud ks cluster …`.
"""
_ORIGIN = "\n<!-- Built from the docstrings of runbook_lib/causes by `python -m runbook_lib.causes.pages`. -->\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One cause as its page tells it; `body` is Markdown without a heading of the first rank."""

    id: str
    title: str
    step: str
    body: str

    @property
    def page(self) -> str:
        """The page with its heading."""
        return f"# {self.id}: {self.title}\n\n{self.body.strip()}\n"

    @property
    def surest(self) -> str:
        """The highest confidence that the cause can be told with, as its page says it; empty where it has none."""
        told = self.body.partition(f"## {SECTIONS[2]}")[2].partition("\n## ")[0]
        found = _SURENESS.search(told)
        return found[1] if found else ""


@cache
def entries() -> tuple[Entry, ...]:
    """Returns every id of the diagnosis with its page: the catalogue's causes, and what stands where none is named."""
    none = insufficient_evidence
    last = Entry(none.ID, none.TITLE, none.STEP, none.__doc__ or "")
    return (*(Entry(c.id, c.title, c.step, _told_in_module(c.id)) for c in CATALOGUE), last)


def _told_in_module(cause_id: str) -> str:
    """Returns the text of the module that is named like the cause, wherever its rule was made."""
    return import_module(f"{catalogue.__name__}.{cause_id.replace('-', '_')}").__doc__ or ""


@cache
def all_pages() -> Mapping[str, str]:
    """Returns the page of each id as Markdown with a heading."""
    return MappingProxyType({entry.id: entry.page for entry in entries()})


def page_of(cause_id: str) -> str | None:
    """Returns the page of an id, or None where there is no such cause."""
    return all_pages().get(cause_id)


def rivals_of(page: str) -> tuple[str, ...]:
    """Returns the ids that a page refers to, once each, in its order."""
    return tuple(dict.fromkeys(_RIVAL.findall(page)))


def linked(page: str, address: Callable[[str], str]) -> str:
    """Returns the page with an address for each rival; an empty address leaves that one plain text."""
    addresses = [(rival, address(rival)) for rival in rivals_of(page)]
    definitions = [f"[`{rival}`]: {to}" for rival, to in addresses if to]
    return page.rstrip() + "\n\n" + "\n".join(definitions) + "\n" if definitions else page


def staged(scenarios: Path, recorded: Path) -> Mapping[str, tuple[str, ...]]:
    """Returns for each cause where it can be seen: practice scenarios that plant it, and recorded clusters.

    Both are read as files, since no cause knows the practice cluster: `scenarios` is a folder of folders with a
    `scenario.yaml`, `recorded` a JSON file of the causes expected for each recording, the exact one first.
    """
    import yaml

    found: dict[str, list[str]] = {}
    for path in sorted(scenarios.glob("*/scenario.yaml")):
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        for cause in {planted["cause"] for planted in scenario["planted"]}:
            found.setdefault(cause, []).append(f"scenario `{path.parent.name}`")
    for name, causes in sorted(json.loads(recorded.read_text(encoding="utf-8")).items()):
        found.setdefault(causes[0], []).append(f"recorded cluster `{name}`")
    return {id: tuple(sorted(seen, key=lambda s: s != f"scenario `{id}`")) for id, seen in found.items()}


def build(scenarios: Path, recorded: Path) -> Mapping[str, str]:
    """Returns the folder's files by name: one a cause, and README.md with the table of all."""
    files = {f"{e.id}.md": linked(e.page, lambda rival: f"{rival}.md") + _ORIGIN for e in entries()}
    return {"README.md": _readme(entries(), staged(scenarios, recorded)) + _ORIGIN, **files}


def _readme(shown: Iterable[Entry], seen: Mapping[str, tuple[str, ...]]) -> str:
    rows = ["| id | what is wrong | step | told at best as | where to see it |", "|---|---|---|---|---|"]
    for e in shown:
        where = seen.get(e.id, ())
        cell = ", ".join(where[:_SHOWN]) + (f" and {len(where) - _SHOWN} more" if len(where) > _SHOWN else "")
        if not where and e.id == insufficient_evidence.ID:
            cell = f"not staged: {insufficient_evidence.NOT_STAGED}"
        rows.append(f"| [`{e.id}`]({e.id}.md) | {e.title} | `{e.step}` | {e.surest or '–'} | {cell} |")
    return f"{_INTRODUCTION}\n" + "\n".join(rows) + "\n"


def main() -> None:
    """Writes the folder; the practice scenarios and recordings are those of the repository one stands in."""
    parser = argparse.ArgumentParser(prog="python -m runbook_lib.causes.pages", description="Write the causes' pages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenarios", type=Path, default=Path("runbook_lib/lab/scenarios"))
    parser.add_argument("--recorded", type=Path, default=Path("tests/evidence/expected.json"))
    chosen = parser.parse_args()
    if not chosen.scenarios.is_dir() or not chosen.recorded.is_file():
        parser.error("run it in the repository, or name --scenarios and --recorded")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, text in build(chosen.scenarios, chosen.recorded).items():
        (chosen.folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
