"""Whether an object has the shape that the API promises, where it matters for what is concluded from it.

The views of `model.kube` take what is there and leave the rest empty, since objects lack fields and hold
nulls. Of an object whose fields are of other types they would leave the telling parts empty too, and a pod
without a failing container would look well. Such an object is not read at all.
"""

from __future__ import annotations

from typing import Any

import msgspec

Texts = dict[str, str | None]


class _Reference(msgspec.Struct, rename="camel"):
    name: str | None = None


class _Owner(msgspec.Struct, rename="camel"):
    kind: str | None = None
    name: str | None = None


class _Metadata(msgspec.Struct, rename="camel"):
    name: str
    namespace: str | None = None
    uid: str | None = None
    labels: Texts | None = None
    annotations: Texts | None = None
    owner_references: list[_Owner] | None = None


class _State(msgspec.Struct, rename="camel"):
    reason: str | None = None
    message: str | None = None


class _Container(msgspec.Struct, rename="camel"):
    name: str
    image: str | None = None


class _ContainerStatus(msgspec.Struct, rename="camel"):
    name: str
    state: dict[str, _State | None] | None = None


class _PodSpec(msgspec.Struct, rename="camel"):
    containers: list[_Container] | None = None
    init_containers: list[_Container] | None = None
    ephemeral_containers: list[_Container] | None = None
    image_pull_secrets: list[_Reference] | None = None
    service_account_name: str | None = None
    node_name: str | None = None


class _PodStatus(msgspec.Struct, rename="camel"):
    phase: str | None = None
    container_statuses: list[_ContainerStatus] | None = None
    init_container_statuses: list[_ContainerStatus] | None = None
    ephemeral_container_statuses: list[_ContainerStatus] | None = None


class _Object(msgspec.Struct, rename="camel"):
    metadata: _Metadata


class _Pod(_Object):
    spec: _PodSpec | None = None
    status: _PodStatus | None = None


class _Secret(_Object):
    type: str | None = None
    data: Texts | None = None


class _ServiceAccount(_Object):
    image_pull_secrets: list[_Reference] | None = None


class _Event(_Object):
    reason: str | None = None
    type: str | None = None
    message: str | None = None
    involved_object: dict[str, Any] | None = None


class _NodeInfo(msgspec.Struct, rename="camel"):
    operating_system: str | None = None
    architecture: str | None = None


class _NodeStatus(msgspec.Struct, rename="camel"):
    node_info: _NodeInfo | None = None


class _Node(_Object):
    status: _NodeStatus | None = None


_SHAPES: dict[str, type[_Object]] = {
    "pods": _Pod,
    "secrets": _Secret,
    "serviceaccounts": _ServiceAccount,
    "events": _Event,
    "nodes": _Node,
}


def misshapen(resource: str, item: object) -> str:
    """Says where an object of a resource differs from the API's shape, without its values; empty where it fits."""
    try:
        msgspec.convert(item, _SHAPES.get(resource, _Object))
    except msgspec.ValidationError as error:
        return str(error)
    except RecursionError:
        return "nested too deeply"
    except UnicodeError:
        return "holds text that is no Unicode"
    return ""
