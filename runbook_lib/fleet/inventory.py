"""The list of clusters of a fleet: names, contexts and kubeconfig paths, and never a credential."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.yaml_text import flaw_in, load_yaml

_KEYS = ("name", "context", "kubeconfig", "namespace")
_LONGEST = 200  # characters of a name
_EXAMPLE = "Write a list of clusters: `- {name: shop-prod, context: shop-prod}`, or `kubeconfig:` with a file's path."


@dataclass(frozen=True, slots=True)
class Place:
    """Where one cluster is found: a context, a kubeconfig, or both. `namespace` empty: all that may be listed."""

    name: str
    context: str = ""
    kubeconfig: str = ""
    namespace: str = ""

    @property
    def folder(self) -> str:
        """The name as a file's: unchanged where it is fit for one, else made so and kept apart by a digest."""
        fit = re.sub(r"[^A-Za-z0-9._-]+", "-", self.name).strip(".-")[:80]
        if fit == self.name:
            return fit
        return f"{fit or 'cluster'}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"


def read_inventory(file: str | Path, *, elsewhere: bool = False) -> tuple[Place, ...]:
    """Reads a YAML list of clusters. An entry is a mapping, or a text: the name of a context.

    Args:
        elsewhere: the workers run on other machines, so that a path has to be absolute (or begin with ~);
            else a relative one is taken from the folder of the list.

    Raises:
        BadInput: no such file, no such list, unknown keys, or one cluster named twice.
    """
    path = Path(file)
    entries = _loaded(path)
    places = tuple(_place(number, entry, path, elsewhere) for number, entry in enumerate(entries, 1))
    names, targets = [p.name for p in places], [(p.context, p.kubeconfig, p.namespace) for p in places]
    for place, target in zip(places, targets, strict=True):
        if names.count(place.name) > 1:
            raise BadInput(f"{path} names {place.name} twice.", "Give each cluster a name of its own.")
        if targets.count(target) > 1:
            raise BadInput(f"{path} lists the cluster of {place.name} twice.", "List each cluster once.")
    return places


def _loaded(path: Path) -> list[Any]:
    try:
        loaded = load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"There is no list of clusters {path}.", _EXAMPLE) from None
    except (OSError, ValueError) as broken:
        raise BadInput(f"{path} cannot be read as YAML ({flaw_in(broken)}).", _EXAMPLE) from None
    if not isinstance(loaded, list) or not loaded:
        raise BadInput(f"{path} holds no list of clusters.", _EXAMPLE)
    return loaded


def _place(number: int, entry: Any, path: Path, elsewhere: bool) -> Place:
    where = f"Entry {number} of {path}"
    if isinstance(entry, str):
        entry = {"name": entry, "context": entry}
    if not isinstance(entry, dict):
        raise BadInput(f"{where} is neither a mapping nor a text.", _EXAMPLE)
    unknown = [str(key) for key in entry if key not in _KEYS]
    if unknown:
        raise BadInput(
            f"{where} has the unknown key {unknown[0]!r}.",
            f"The keys are {', '.join(_KEYS)}. Credentials stay in kubeconfigs, where the workers read them.",
        )
    for key, value in entry.items():
        if not isinstance(value, str) or not value or not value.isprintable():
            raise BadInput(f"{where}: {key} is no text.", "Put it in quotes.")
    place = Place(**entry) if "name" in entry else Place(name=entry.get("context", ""), **entry)
    if not place.name or not (place.context or place.kubeconfig):
        raise BadInput(f"{where} names no cluster.", "Give it a name, and a context or a kubeconfig.")
    if len(place.name) > _LONGEST:
        raise BadInput(f"{where}: the name has more than {_LONGEST} characters.", "Shorten it.")
    return Place(place.name, place.context, _path(place.kubeconfig, where, path, elsewhere), place.namespace)


def _path(kubeconfig: str, where: str, listed_in: Path, elsewhere: bool) -> str:
    if not kubeconfig or kubeconfig.startswith("~") or Path(kubeconfig).is_absolute():
        return kubeconfig
    if elsewhere:
        raise BadInput(
            f"{where}: the kubeconfig {kubeconfig} is a relative path.",
            "Workers on other machines read it where they run: name an absolute path there.",
        )
    return str((listed_in.parent / kubeconfig).resolve())
