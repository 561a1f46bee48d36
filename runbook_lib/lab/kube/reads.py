"""Get, list and watch, in the three forms that clients ask for: the object, its metadata alone,
or a Table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from .paging import list_page
from .refusals import ApiRefusal, bad_request, not_found
from .request import Reply, Request, json_reply
from .resources import Resource
from .selectors import selects
from .storage import Stored
from .store import ObjectStore
from .table import partial, table
from .watching import WatchEvent, watch

Obj = dict[str, Any]


def _form(request: Request) -> str:
    """The first form of the Accept header that the server has: `Table`, `PartialObjectMetadata…`, or plain
    ``.
    """
    for choice in request.headers.get("accept", "").split(","):
        terms = dict(term.strip().partition("=")[::2] for term in choice.split(";")[1:])
        if terms.get("v") == "v1" and terms.get("g") == "meta.k8s.io":
            if terms.get("as") in ("Table", "PartialObjectMetadata", "PartialObjectMetadataList"):
                return terms["as"]
        elif "as" not in terms and choice.partition(";")[0].strip() in (
            "application/json",
            "*/*",
            "application/*",
        ):
            return ""
    return ""


def _limit(request: Request, name: str) -> int:
    text = request.query.get(name) or "0"
    if not text.lstrip("-").isdigit():
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return max(0, int(text))


def get(store: ObjectStore, request: Request, resource: Resource) -> Reply:
    """One object; 404 where it does not exist."""
    stored = store.stored(resource.plural, request.namespace, request.name)
    if stored is None:
        raise not_found(resource.plural, resource.group, request.name)
    return show(store, request, resource, stored)


def show(store: ObjectStore, request: Request, resource: Resource, stored: Stored, status: int = 200) -> Reply:
    """An object as the request's Accept header asks for it."""
    form = _form(request)
    if form == "Table":
        metadata = {"resourceVersion": stored.obj["metadata"].get("resourceVersion", "")}
        include = request.query.get("includeObject", "Metadata")
        return json_reply(table(resource, [stored], store.clock(), metadata, include), status)
    return json_reply(partial(stored), status) if form else Reply(status, stored.full)


def list_objects(store: ObjectStore, request: Request, resource: Resource) -> Reply:
    """A list, or one page of it."""
    predicate = _predicate(request, resource)
    namespace = request.namespace if resource.namespaced else ""
    page = list_page(
        store.storage,
        resource,
        namespace or None,
        predicate,
        _limit(request, "limit"),
        request.query.get("continue"),
    )
    metadata: Obj = {"resourceVersion": str(page.version)}
    if page.next is not None:
        metadata["continue"] = page.next
    if page.remaining is not None:
        metadata["remainingItemCount"] = page.remaining
    form = _form(request)
    if form == "Table":
        include = request.query.get("includeObject", "Metadata")
        return json_reply(table(resource, page.items, store.clock(), metadata, include))
    if form:
        kind = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1"}
        return json_reply({**kind, "metadata": metadata, "items": [partial(stored) for stored in page.items]})
    head = {"kind": f"{resource.kind}List", "apiVersion": resource.api_version, "metadata": metadata}
    items = b",".join([stored.body for stored in page.items])
    return Reply(200, msgspec.json.encode(head)[:-1] + b',"items":[' + items + b"]}")


def _predicate(request: Request, resource: Resource) -> Any:
    fields = request.query.get("fieldSelector", "")
    if request.name:  # a watch on one object by its path
        fields = f"metadata.name={request.name}" + (f",{fields}" if fields else "")
    return selects(resource, request.query.get("labelSelector", ""), fields)


def watch_objects(store: ObjectStore, request: Request, resource: Resource) -> Reply:
    """A watch, one JSON event a line; a version that is too old is an ERROR event, as clients expect it."""
    query = request.query
    namespace = request.namespace if resource.namespaced else ""
    timeout = float(query["timeoutSeconds"]) if query.get("timeoutSeconds", "").isdigit() else None
    bookmarks = request.flag("allowWatchBookmarks")
    since = query.get("resourceVersion", "")
    predicate = _predicate(request, resource)
    try:
        events = watch(store.storage, resource, namespace or None, predicate, since, timeout, bookmarks)
    except ApiRefusal as refusal:
        if refusal.status != 410:
            raise
        line = msgspec.json.encode({"type": "ERROR", "object": refusal.to_status()}) + b"\n"
        return Reply(200, stream=lambda: iter([line]))
    form = _form(request)
    return Reply(200, stream=lambda: _lines(store, request, resource, events, form))


def _lines(
    store: ObjectStore, request: Request, resource: Resource, events: Iterator[WatchEvent | None], form: str
) -> Iterator[bytes]:
    include, first = request.query.get("includeObject", "Metadata"), True
    for event in events:
        if event is None:
            yield b""
            continue
        body: Any
        if event.stored is None:
            kind = {"kind": resource.kind, "apiVersion": resource.api_version}
            body = {**kind, "metadata": {"resourceVersion": str(event.version), "creationTimestamp": None}}
        elif form == "Table":
            metadata = {"resourceVersion": str(event.version)}
            body = table(resource, [event.stored], store.clock(), metadata, include, headers=first)
            first = False
        elif form:
            body = partial(event.stored)
        else:
            body = msgspec.Raw(event.stored.full)
        yield msgspec.json.encode({"type": event.type, "object": body}) + b"\n"


def pod_log(store: ObjectStore, request: Request) -> Reply:
    """The log of a container: 400 with the reason while it waits to start, nothing once it runs (the lab runs
    no code).
    """
    stored = store.stored("pods", request.namespace, request.name)
    if stored is None:
        raise not_found("pods", "", request.name)
    pod = stored.obj
    names = [c["name"] for c in pod["spec"].get("containers") or []]
    name = request.query.get("container") or names[0]
    statuses = {s["name"]: s for s in (pod.get("status") or {}).get("containerStatuses") or []}
    waiting = ((statuses.get(name) or {}).get("state") or {}).get("waiting")
    if waiting is not None or name not in statuses:
        why = {
            "ErrImagePull": "image can't be pulled",
            "ImagePullBackOff": "trying and failing to pull image",
        }.get((waiting or {}).get("reason", ""), (waiting or {}).get("reason", "ContainerCreating"))
        raise bad_request(f'container "{name}" in pod "{request.name}" is waiting to start: {why}')
    return Reply(200, b"", "text/plain")
