"""What happens to an object on its way into the store: server-set metadata, defaults,
admission, validation.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from .admission import account_name, admit_pod
from .defaults import apply_defaults
from .names import suffix, timestamp
from .refusals import already_exists, bad_request, not_found
from .resources import Resource
from .storage import copied, object_key
from .validation import validate_create

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]

_SET_BY_SERVER = ("uid", "creationTimestamp", "generation", "managedFields", "selfLink")
_COUNTED = ("apps", "batch", "policy", "networking.k8s.io")


def stamp(store: ObjectStore, obj: Obj) -> None:
    """Gives an object its uid and creation time where it has none."""
    metadata = obj.setdefault("metadata", {})
    metadata.setdefault("uid", str(uuid.UUID(int=store.rng.getrandbits(128), version=4)))
    metadata.setdefault("creationTimestamp", timestamp(store.clock()))


def _fresh(store: ObjectStore, resource: Resource, obj: Obj) -> Obj:
    fresh = copied(obj)
    metadata = fresh["metadata"] = dict(fresh.get("metadata") or {})
    if metadata.pop("resourceVersion", None):
        raise bad_request("resourceVersion should not be set on objects to be created")
    for key in _SET_BY_SERVER:
        metadata.pop(key, None)
    if resource.namespaced:
        metadata.setdefault("namespace", "default")
    else:
        metadata.pop("namespace", None)
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = metadata["generateName"] + suffix(store.rng)
    stamp(store, fresh)
    if resource.group in _COUNTED or "openshift" in resource.group:
        metadata["generation"] = 1
    return fresh


def prepare_create(store: ObjectStore, obj: Obj) -> tuple[Resource, Obj]:
    """The object as it would be stored. Raises ApiRefusal: 400, 403, 404, 409 or 422."""
    resource = store.resource_of(obj)
    fresh = _fresh(store, resource, obj)
    namespace, name = fresh["metadata"].get("namespace"), fresh["metadata"].get("name") or ""
    if namespace and store.stored("namespaces", None, namespace) is None:
        raise not_found("namespaces", "", namespace)
    apply_defaults(fresh)
    if resource.plural == "pods":
        account = store.stored("serviceaccounts", namespace, account_name(fresh))
        admit_pod(fresh, account.obj if account else None, store.rng)
    validate_create(resource, fresh)
    if store.storage.get(resource, object_key(namespace, name)) is not None:
        raise already_exists(resource.plural, resource.group, name)
    return resource, fresh


def keep_metadata(old: Obj, new: Obj) -> Obj:
    """Puts back, in the new version, the metadata that no update changes; returns that version's metadata."""
    metadata: Obj = dict(new.get("metadata") or {})
    for key in ("uid", "creationTimestamp", "generation", "generateName", "deletionTimestamp"):
        metadata.pop(key, None)
        if key in old["metadata"]:
            metadata[key] = old["metadata"][key]
    metadata.pop("managedFields", None)
    new["metadata"] = metadata
    return metadata


def keep_scheduling(old: Obj, status: Obj) -> None:
    """Puts into a pod's new status what the kubelet does not write: its QoS class and the scheduler's
    condition.
    """
    if "qosClass" in old:
        status.setdefault("qosClass", old["qosClass"])
    scheduled = [c for c in old.get("conditions") or [] if c.get("type") == "PodScheduled"]
    given = status.get("conditions") or []
    if scheduled and all(condition.get("type") != "PodScheduled" for condition in given):
        status["conditions"] = [*given, *scheduled]
