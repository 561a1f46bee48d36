"""Create, update, patch, apply, delete and scale over HTTP, each of them also as a dry run."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from .patch import json_patch, merge_patch
from .reads import show
from .refusals import ApiRefusal, bad_request, conflict, invalid, not_found, required, unsupported_media_type
from .request import Reply, Request, json_reply
from .resources import Resource
from .storage import Stored, encoded, object_key
from .store import ObjectStore
from .strategic import strategic_merge, without_dropped

Obj = dict[str, Any]

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"


class Writer:
    """Writes for clients; remembers what each field manager applied, which server-side apply needs."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._applied: dict[tuple[str, str, str], Obj] = {}

    def create(self, request: Request, resource: Resource) -> Reply:
        """POST to a collection."""
        obj = self._given(request, resource, request.document())
        return self._shown(request, resource, self._store.create(obj, dry_run=request.dry_run), 201)

    def update(self, request: Request, resource: Resource) -> Reply:
        """PUT to an object or its `status` or `scale`."""
        body = request.document()
        if request.subresource == "scale":
            return self._set_scale(request, resource, body)
        obj = self._given(request, resource, body)
        if request.subresource == "status":
            return self._shown(request, resource, self._set_status(request, resource, obj))
        return self._shown(request, resource, self._store.update(obj, dry_run=request.dry_run))

    def patch(self, request: Request, resource: Resource) -> Reply:
        """PATCH in one of the four forms; the content type says which."""
        store, patch = self._store, request.document()
        with store.storage.lock:
            stored = store.stored(resource.plural, request.namespace, request.name)
            if request.media_type == APPLY_PATCH:
                return self._apply(request, resource, stored, patch)
            if stored is None:
                raise not_found(resource.plural, resource.group, request.name)
            if request.subresource == "scale":
                return self._set_scale(request, resource, self._patched(request, resource, _scale(stored.obj), patch))
            changed = self._patched(request, resource, stored.copy(), patch)
            obj = self._given(request, resource, changed)
            if request.subresource == "status":
                return self._shown(request, resource, self._set_status(request, resource, obj))
            return self._shown(request, resource, store.update(obj, dry_run=request.dry_run))

    def delete(self, request: Request, resource: Resource) -> Reply:
        """DELETE of one object: the pod itself, or for other types a Status that names what went."""
        self._check_preconditions(request, resource)
        gone = self._store.delete(resource.plural, request.namespace, request.name, dry_run=request.dry_run)
        if resource.plural in ("pods", "namespaces", "serviceaccounts"):
            return json_reply(gone)
        details: Obj = {"name": request.name, "kind": resource.plural, "uid": gone["metadata"]["uid"]}
        if resource.group:
            details["group"] = resource.group
        status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
        return json_reply({**status, "details": details})

    def delete_collection(self, request: Request, resource: Resource, items: list[Stored]) -> Reply:
        """DELETE of all objects that a list with the same selectors would show."""
        for stored in items:
            metadata = stored.obj["metadata"]
            try:
                self._store.delete(
                    resource.plural, metadata.get("namespace"), metadata["name"], dry_run=request.dry_run
                )
            except ApiRefusal as refusal:
                if refusal.status != 404:  # an owner's deletion may have taken it along
                    raise
        head: Obj = {"kind": f"{resource.kind}List", "apiVersion": resource.api_version}
        return json_reply({**head, "metadata": {}, "items": [msgspec.Raw(stored.body) for stored in items]})

    def scale(self, request: Request, resource: Resource) -> Reply:
        """GET of the `scale` subresource."""
        stored = self._store.stored(resource.plural, request.namespace, request.name)
        if stored is None:
            raise not_found(resource.plural, resource.group, request.name)
        return json_reply(_scale(stored.obj))

    def _set_scale(self, request: Request, resource: Resource, scale: Obj) -> Reply:
        obj = self._store.get(resource.plural, request.namespace, request.name)
        if obj is None:
            raise not_found(resource.plural, resource.group, request.name)
        obj["spec"]["replicas"] = int((scale.get("spec") or {}).get("replicas") or 0)
        return json_reply(_scale(self._store.update(obj, dry_run=request.dry_run)))

    def _set_status(self, request: Request, resource: Resource, obj: Obj) -> Obj:
        status, dry_run = obj.get("status") or {}, request.dry_run
        return self._store.replace_status(resource.plural, request.namespace, request.name, status, dry_run=dry_run)

    def _check_preconditions(self, request: Request, resource: Resource) -> None:
        options = request.document() if request.body else {}
        wanted = (options or {}).get("preconditions") or {}
        stored = self._store.stored(resource.plural, request.namespace, request.name)
        for key, value in wanted.items() if stored else ():
            actual = stored.obj["metadata"].get(key) if stored else None
            if actual != value:
                why = f"Precondition failed: {key} in precondition: {value}, {key} in object meta: {actual}"
                raise conflict(resource.plural, resource.group, request.name, why)

    def _patched(self, request: Request, resource: Resource, target: Obj, patch: Any) -> Any:
        if request.media_type == JSON_PATCH:
            return json_patch(target, patch)
        if request.media_type == MERGE_PATCH:
            return merge_patch(target, patch)
        if request.media_type == STRATEGIC_PATCH:
            return strategic_merge(resource.kind, target, patch)
        raise unsupported_media_type(request.media_type, (JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH))

    def _apply(self, request: Request, resource: Resource, stored: Stored | None, applied: Any) -> Reply:
        manager = request.query.get("fieldManager")
        if not manager:
            why = "is required for apply patch"
            raise invalid("PatchOptions", "meta.k8s.io", "", [required("fieldManager", why)])
        obj = self._given(request, resource, copy.deepcopy(applied))
        slot = (resource.plural, object_key(obj["metadata"].get("namespace"), request.name), manager)
        if stored is None:
            result, status = self._store.create(obj, dry_run=request.dry_run), 201
        else:
            before = self._applied.get(slot, {}) if stored.obj["metadata"].get("uid") else {}
            kept = without_dropped(resource.kind, stored.copy(), before, obj) if before else stored.copy()
            merged = strategic_merge(resource.kind, kept, obj)
            result, status = self._store.update(merged, dry_run=request.dry_run), 200
        if not request.dry_run:
            self._applied[slot] = obj
        return self._shown(request, resource, result, status)

    def _given(self, request: Request, resource: Resource, body: Any) -> Obj:
        """The body as an object of this type and place; 400 where it says it is another."""
        if not isinstance(body, dict):
            raise bad_request("couldn't get version/kind; json parse error: not an object")
        kind, api_version = body.get("kind") or resource.kind, body.get("apiVersion") or resource.api_version
        if (kind, api_version) != (resource.kind, resource.api_version):
            message = f"{kind} in version {api_version!r} cannot be handled as a {resource.kind}"
            raise bad_request(f"{message}: no kind is registered")
        metadata = body.get("metadata") or {}
        if not isinstance(metadata, dict) or not isinstance(body.get("spec") or {}, dict):
            version = f'{resource.kind} in version "{resource.version}"'
            raise bad_request(f"{version} cannot be handled as a {resource.kind}")
        metadata = dict(metadata)
        if request.name and metadata.setdefault("name", request.name) != request.name:
            message = "the name of the object ({}) does not match the name on the URL ({})"
            raise bad_request(message.format(metadata["name"], request.name))
        if resource.namespaced:
            metadata["namespace"] = metadata.get("namespace") or request.namespace
            if metadata["namespace"] != request.namespace:
                message = "the namespace of the provided object does not match the namespace sent on the request"
                raise bad_request(message)
        return {**body, "kind": kind, "apiVersion": api_version, "metadata": metadata}

    def _shown(self, request: Request, resource: Resource, obj: Obj, status: int = 200) -> Reply:
        return show(self._store, request, resource, encoded(resource, "", 0, obj), status)


def _scale(obj: Obj) -> Obj:
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    metadata = {key: obj["metadata"][key] for key in kept}
    labels = (obj["spec"].get("selector") or {}).get("matchLabels") or {}
    status: Obj = {"replicas": int((obj.get("status") or {}).get("replicas") or 0)}
    status["selector"] = ",".join(f"{k}={v}" for k, v in labels.items())
    spec = {"replicas": int(obj["spec"].get("replicas") or 0)}
    head = {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata}
    return {**head, "spec": spec, "status": status}
