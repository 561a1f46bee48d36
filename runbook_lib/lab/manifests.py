"""A scenario's Kubernetes objects, written so that a reader sees what a secret holds and how old an object
is.

Each document is a Kubernetes object, in the order of creation. Some keys are the lab's own and are taken out:

- `age`: how long before now it was made: "90s", "6m", "2h", "30d"; "6m" where none is given;
- `raw: true`: put into the store as it stands, past the API server's checks;
- `pullSecret` on a Secret: the entries by host, each with `username` and `key` (a named API key of the
  account) or `password`, or with a literal `auth`;
- `layout` beside it: `auths` or `bare`, where the content is laid out otherwise than the type asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml

from runbook_lib.lab.pull_secrets import LAYOUTS, secret_data

Obj = dict[str, Any]
DEFAULT_AGE = timedelta(minutes=6)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_CLUSTER_WIDE = frozenset({"Namespace", "Node", "ClusterRole", "ClusterRoleBinding", "PersistentVolume"})


class ManifestError(ValueError):
    """A document is not an object the lab can make; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object to make: its body, how old it is, and whether it passes the API server's checks."""

    body: Obj
    age: timedelta
    raw: bool

    def object(self, key_value: Callable[[str], str]) -> Obj:
        """Gives the Kubernetes object, with the account's key values where they are named."""
        body = {key: value for key, value in self.body.items() if key not in ("pullSecret", "layout")}
        entries = self.body.get("pullSecret")
        if entries is None:
            return body
        kind = body.setdefault("type", "kubernetes.io/dockerconfigjson")
        return body | {"data": secret_data(str(kind), entries, key_value, self.body.get("layout", ""))}


@dataclass(frozen=True, slots=True)
class Manifests:
    """All objects of a scenario, in the order of creation."""

    items: tuple[Manifest, ...]

    def __iter__(self) -> Iterator[Manifest]:
        """Walks the objects in order."""
        return iter(self.items)

    def namespaces(self) -> frozenset[str]:
        """Names the namespaces that the objects live in."""
        found = (str(item.body["metadata"].get("namespace", "")) for item in self.items)
        return frozenset(name for name in found if name)


def read_manifests(text: str, namespace: str) -> Manifests:
    """Reads a file of documents; objects without a namespace get `namespace`. Raises ManifestError."""
    try:
        documents = [document for document in yaml.safe_load_all(text) if document is not None]
    except yaml.YAMLError as error:
        raise ManifestError(str(error)) from None
    return Manifests(tuple(_manifest(number, document, namespace) for number, document in enumerate(documents, 1)))


def _manifest(number: int, document: Any, namespace: str) -> Manifest:
    if not isinstance(document, dict) or not isinstance(document.get("kind"), str):
        raise ManifestError(f"document {number}: not a Kubernetes object")
    body = dict(document)
    metadata = body["metadata"] = dict(body.get("metadata") or {})
    if "name" not in metadata:
        raise ManifestError(f"document {number} ({body['kind']}): metadata.name is missing")
    where = f"document {number} ({body['kind']} {metadata['name']})"
    if "apiVersion" not in body:
        body["apiVersion"] = "v1"
    if body["kind"] not in _CLUSTER_WIDE:
        metadata.setdefault("namespace", namespace)
    if "pullSecret" in body and (body["kind"] != "Secret" or not isinstance(body["pullSecret"], dict)):
        raise ManifestError(f"{where}: pullSecret belongs on a Secret and is a mapping of hosts")
    if body.get("layout", "auths") not in LAYOUTS:
        raise ManifestError(f"{where}: layout is neither {' nor '.join(LAYOUTS)}")
    return Manifest(body, _age(body.pop("age", None), where), bool(body.pop("raw", False)))


def _age(text: Any, where: str) -> timedelta:
    if text is None:
        return DEFAULT_AGE
    found = re.fullmatch(r"(\d+)([smhd])", str(text))
    if found is None:
        raise ManifestError(f"{where}: age {text!r} is not like 90s, 6m, 2h or 30d")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})
