"""OpenAPI documents, as far as clients act on them: which kinds exist and that the server validates fields
itself.

kubectl reads v3 to learn whether it may leave validation to the server, and falls back to v2 in protobuf
form; both name no fields, so kubectl uses the merge rules it has built in.
"""

from __future__ import annotations

from typing import Any

from .discovery import VERSION
from .resources import Catalogue, Resource

Obj = dict[str, Any]

PROTOBUF_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
_TITLE = "Kubernetes"


def _paths(resource: Resource) -> tuple[str, str]:
    within = "/namespaces/{namespace}" if resource.namespaced else ""
    collection = f"{resource.prefix}{within}/{resource.plural}"
    return collection, f"{collection}/{{name}}"


def _kind(resource: Resource) -> Obj:
    return {"group": resource.group, "version": resource.version, "kind": resource.kind}


def _operation(resource: Resource, verb: str, name: str) -> Obj:
    return {
        "operationId": f"{verb}{resource.kind}{name}",
        "x-kubernetes-action": verb,
        "x-kubernetes-group-version-kind": _kind(resource),
        "responses": {"200": {"description": "OK"}},
    }


def _parameters(path: str) -> list[str]:
    return [name for name in ("namespace", "name") if f"{{{name}}}" in path]


def document_v2(catalogue: Catalogue) -> Obj:
    """The swagger document of `/openapi/v2` as JSON."""
    paths: Obj = {}
    for resource in catalogue.resources:
        for path, verbs in zip(
            _paths(resource), ({"get": "list", "post": "post"}, {"get": "get", "patch": "patch"}), strict=True
        ):
            path_parameters = [{"name": n, "in": "path", "required": True, "type": "string"} for n in _parameters(path)]
            operations: Obj = {method: _operation(resource, verb, method) for method, verb in verbs.items()}
            paths[path] = {**operations, **({"parameters": path_parameters} if path_parameters else {})}
    info = {"title": _TITLE, "version": VERSION["gitVersion"]}
    return {"swagger": "2.0", "info": info, "paths": paths, "definitions": {}}


def document_v2_protobuf() -> bytes:
    """The smallest such document in the protobuf form that kubectl asks for: `swagger`, `info`, no
    definitions.
    """

    def text(number: int, value: bytes) -> bytes:
        return bytes([number << 3 | 2, len(value)]) + value

    info = text(1, _TITLE.encode()) + text(2, VERSION["gitVersion"].encode())
    return text(1, b"2.0") + text(2, info) + text(8, b"") + text(9, b"")


def index_v3(catalogue: Catalogue) -> Obj:
    """The answer of `/openapi/v3`: where the document of each group and version is."""
    places = {resource.prefix[1:] for resource in catalogue.resources}
    return {"paths": {place: {"serverRelativeURL": f"/openapi/v3/{place}"} for place in sorted(places)}}


def document_v3(catalogue: Catalogue, place: str) -> Obj | None:
    """The document of one group and version, such as `api/v1`; None where it is not served."""
    served = [resource for resource in catalogue.resources if resource.prefix == f"/{place}"]
    if not served:
        return None
    paths: Obj = {}
    validation = {"name": "fieldValidation", "in": "query", "schema": {"type": "string", "uniqueItems": True}}
    for resource in served:
        schema = {"schema": {"type": "object", "additionalProperties": True}}
        patch = _operation(resource, "patch", "")
        patch["parameters"] = [validation]
        patch["requestBody"] = {"content": {"application/json-patch+json": schema}}
        path = _paths(resource)[1]
        parameters = [
            {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in _parameters(path)
        ]
        paths[path] = {"get": _operation(resource, "get", ""), "patch": patch, "parameters": parameters}
    info = {"title": _TITLE, "version": VERSION["gitVersion"]}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": {}}}
