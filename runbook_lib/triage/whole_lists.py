"""Decodes whole lists of secrets, service accounts and nodes, and keeps no more of each object than is needed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from runbook_lib.model.keyring import normalise_key
from runbook_lib.model.pull_secret import TYPE_OF_KEY
from runbook_lib.model.pull_secret_decode import ELIDED_ANNOTATION, ELIDED_VALUE
from runbook_lib.sources.kube import RawObject
from runbook_lib.sources.pages import ListMetadata, Take
from runbook_lib.vault import vault

_GENERATED_BY = ("openshift.io/internal-registry-auth-token.service-account", "kubernetes.io/service-account.name")


class Item(Struct):
    """An object of a list, with what any of the shapes below keeps of it."""

    metadata: dict[str, Any]
    type: Any = None
    data: dict[str, msgspec.Raw] | None = None
    image_pull_secrets: Any = msgspec.field(default=None, name="imagePullSecrets")
    status: dict[str, msgspec.Raw] | None = None


class _List(Struct):
    metadata: ListMetadata | None = None
    items: list[Item] | UnsetType | None = UNSET


_decoder = msgspec.json.Decoder(_List)


def read_list(body: bytes) -> tuple[list[Item], ListMetadata]:
    """Decodes one page: its objects that have a name, and what it says of the rest.

    Raises:
        msgspec.DecodeError: the body is not JSON, or not a list of objects.
    """
    page = _decoder.decode(body)
    if page.items is UNSET:
        raise msgspec.ValidationError("a list without items")
    named = [item for item in page.items or () if isinstance(item.metadata.get("name"), str)]
    for item in named:
        item.metadata.pop("managedFields", None)
    return named, page.metadata or ListMetadata()


def taker(resource: str, found: dict[str, RawObject], registries: frozenset[str]) -> Take:
    """Returns what takes in the pages of a list: objects by their name go to `found`.

    Args:
        resource: secrets, serviceaccounts or nodes.
        registries: those of the images that fail.
    """
    shapes: dict[str, Callable[[Item], Mapping[str, Any]]] = {
        "secrets": lambda item: _secret(item, registries),
        "serviceaccounts": account_of,
        "nodes": _node,
    }
    shape = shapes[resource]

    def take(body: bytes) -> str:
        items, head = read_list(body)
        found.update((item.metadata["name"], shape(item)) for item in items)
        return head.token or ""

    return take


def _secret(item: Item, registries: frozenset[str]) -> Mapping[str, Any]:
    """Keeps a pull secret whole; of another one only which keys it has: its values are never decoded.

    Of the secrets that OpenShift generates for its internal registry, a few in every project, the
    credentials are left out where no image of that registry fails.
    """
    data, metadata = item.data or {}, item.metadata
    if item.type not in TYPE_OF_KEY.values() and not TYPE_OF_KEY.keys() & data.keys():
        metadata.pop("annotations", None)
        return {"metadata": metadata, "type": item.type, "data": dict.fromkeys(data, "")}
    kept = {key: msgspec.json.decode(value) for key, value in data.items()}
    annotations = metadata.get("annotations")
    if isinstance(annotations, dict) and any(name in annotations for name in _GENERATED_BY):
        hosts = _hosts(kept)
        if hosts is not None and not registries & {normalise_key(h).partition("/")[0] for h in hosts}:
            marks = {name: annotations[name] for name in _GENERATED_BY if name in annotations}
            metadata["annotations"] = marks | {ELIDED_ANNOTATION: "true"}
            return {"metadata": metadata, "type": item.type, "data": _without_credentials(kept, hosts)}
    raw = {"metadata": metadata, "type": item.type, "data": kept}
    vault().register_secret(raw)
    return raw


def _hosts(data: Mapping[str, Any]) -> list[str] | None:
    """The hosts of a bare `.dockercfg`, which is what is generated; None for anything else."""
    try:
        hosts = msgspec.json.decode(base64.b64decode(data[".dockercfg"]), type=dict[str, msgspec.Raw])
    except (KeyError, TypeError, ValueError):
        return None
    return list(hosts) if len(data) == 1 else None


def _without_credentials(data: Mapping[str, Any], hosts: list[str]) -> dict[str, str]:
    entry = {"username": "serviceaccount", "password": ELIDED_VALUE}
    return {key: base64.b64encode(json.dumps(dict.fromkeys(hosts, entry)).encode()).decode() for key in data}


def account_of(item: Item) -> Mapping[str, Any]:
    """Keeps of a service account what a pod gets of it, and since when there is one."""
    kept = {key: item.metadata[key] for key in ("name", "namespace", "creationTimestamp") if key in item.metadata}
    return {"metadata": kept, "imagePullSecrets": item.image_pull_secrets}


def _node(item: Item) -> Mapping[str, Any]:
    """Keeps what a node says of itself; the list of its images is most of it, and is not needed."""
    info = (item.status or {}).get("nodeInfo")
    status = {} if info is None else {"nodeInfo": msgspec.json.decode(info)}
    return {"metadata": {"name": item.metadata.get("name")}, "status": status}
