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
from runbook_lib.sources.pages import Take
from runbook_lib.vault import vault

_GENERATED_BY = ("openshift.io/internal-registry-auth-token.service-account", "kubernetes.io/service-account.name")


class _Item(Struct):
    metadata: dict[str, Any]
    type: Any = None
    data: dict[str, msgspec.Raw] | None = None
    image_pull_secrets: Any = msgspec.field(default=None, name="imagePullSecrets")
    status: dict[str, msgspec.Raw] | None = None


class _List(Struct):
    metadata: dict[str, Any] | None = None
    items: list[_Item] | UnsetType | None = UNSET


_decoder = msgspec.json.Decoder(_List)


def taker(resource: str, found: dict[str, RawObject], registries: frozenset[str]) -> Take:
    """Returns what takes in the pages of a list: objects by their name go to `found`.

    Args:
        resource: secrets, serviceaccounts or nodes.
        registries: those of the images that fail.
    """
    shapes: dict[str, Callable[[_Item], Mapping[str, Any]]] = {
        "secrets": lambda item: _secret(item, registries),
        "serviceaccounts": _account,
        "nodes": _node,
    }
    shape = shapes[resource]

    def take(body: bytes) -> str:
        page = _decoder.decode(body)
        if page.items is UNSET:
            raise msgspec.ValidationError("a list without items")
        for item in page.items or ():
            if isinstance(name := item.metadata.get("name"), str):
                item.metadata.pop("managedFields", None)
                found[name] = shape(item)
        return str((page.metadata or {}).get("continue") or "")

    return take


def _secret(item: _Item, registries: frozenset[str]) -> Mapping[str, Any]:
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


def _account(item: _Item) -> Mapping[str, Any]:
    return {"metadata": item.metadata, "imagePullSecrets": item.image_pull_secrets}


def _node(item: _Item) -> Mapping[str, Any]:
    """Keeps what a node says of itself; the list of its images is most of it, and is not needed."""
    info = (item.status or {}).get("nodeInfo")
    status = {} if info is None else {"nodeInfo": msgspec.json.decode(info)}
    return {"metadata": {"name": item.metadata.get("name")}, "status": status}
