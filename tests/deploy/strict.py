"""Kubernetes' schemas, as the official client's models carry them: unknown fields, wrong types, missing ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from kubernetes import client

GROUPS = {
    "v1": "V1",
    "apps/v1": "V1",
    "batch/v1": "V1",
    "networking.k8s.io/v1": "V1",
    "rbac.authorization.k8s.io/v1": "V1",
}
_PLAIN: dict[str, type | tuple[type, ...]] = {"str": str, "int": int, "bool": bool, "float": (int, float)}
_CHECKING = SimpleNamespace(client_side_validation=True)  # a configuration proper would set levels of loggers
_OF = re.compile(r"(list|dict)[\[(](?:str, )?(.+)[\])]")


def flaws(document: dict[str, Any]) -> list[str]:
    """Returns what is wrong with a manifest, as `path: what`."""
    prefix = GROUPS.get(str(document.get("apiVersion")))
    model = getattr(client, f"{prefix}{document.get('kind')}", None) if prefix else None
    if model is None:
        return [f"there is no {document.get('apiVersion')} {document.get('kind')}"]
    return list(_object(document, model, str(document["kind"])))


def _object(value: Any, model: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: is no object"
        return
    attribute_of = {json_name: name for name, json_name in model.attribute_map.items()}
    given: dict[str, Any] = {}
    for key, inner in value.items():
        if key not in attribute_of:
            yield f"{path}.{key}: unknown field"
            continue
        given[attribute_of[key]] = inner
        yield from _typed(inner, model.openapi_types[attribute_of[key]], f"{path}.{key}")
    try:
        model(**given, local_vars_configuration=_CHECKING)  # the constructor knows which fields are required
    except ValueError as missing:
        yield f"{path}: {missing}"


def _typed(value: Any, declared: str, path: str) -> Iterator[str]:
    of = _OF.fullmatch(declared)
    if of and of[1] == "list":
        if not isinstance(value, list):
            yield f"{path}: is no list"
            return
        for number, item in enumerate(value):
            yield from _typed(item, of[2], f"{path}[{number}]")
    elif of:
        if not isinstance(value, dict):
            yield f"{path}: is no mapping"
            return
        for key, item in value.items():
            yield from _typed(item, of[2], f"{path}.{key}")
    elif declared in _PLAIN:
        if not isinstance(value, _PLAIN[declared]) or (declared == "int" and isinstance(value, bool)):
            yield f"{path}: {value!r} is no {declared}"
    elif declared != "object":
        yield from _object(value, getattr(client, declared), path)
