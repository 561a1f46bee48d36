"""The API server without the wire: a request goes through authentication, impersonation, authorization and
its handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from . import discovery, openapi, reads, reviews
from .paging import list_page
from .rbac import Attributes, Authorizer, asked_for, denied
from .refusals import NO_SUCH_PATH, ApiRefusal, method_not_allowed, no_such_path, unauthorized
from .request import Reply, Request, json_reply
from .resources import Resource
from .selectors import selects
from .store import ObjectStore
from .users import User, authenticate
from .writes import Writer


class KubeApi:
    """Answers requests on a store for the users of a token table; the table may change while it serves."""

    def __init__(self, store: ObjectStore, users: Mapping[str, User], address: str) -> None:
        self._store = store
        self._users = users
        self._address = address
        self._authorizer = Authorizer(store)
        self._writer = Writer(store)

    def identify(self, request: Request) -> Request:
        """The request with its user, after impersonation. Raises 401, or 403 where impersonation is not
        allowed.
        """
        user = authenticate(self._users, request.headers.get("authorization"), self._store.clock())
        name, groups = request.headers.get("impersonate-user"), request.impersonated_groups
        if name is None:
            return replace(request, user=user)
        asked = [Attributes("impersonate", resource="groups", name=group) for group in groups]
        if name.startswith("system:serviceaccount:") and name.count(":") == 3:
            _, _, namespace, account = name.split(":")
            asked.insert(0, Attributes("impersonate", "", "serviceaccounts", namespace, account))
        else:
            asked.insert(0, Attributes("impersonate", resource="users", name=name))
        for attributes in asked:
            if self._authorizer.allows(user, attributes) is None:
                raise denied(user, attributes)
        return replace(request, user=User(name, groups).authenticated())

    def handle(self, request: Request) -> Reply:
        """The answer to an identified request. Raises ApiRefusal."""
        user = request.user
        if user is None:
            raise unauthorized()
        if request.resource is None:
            self._authorize(user, Attributes(request.verb, path=request.path))
            return self._plain(request)
        place = (request.namespace, request.name, request.subresource)
        self._authorize(user, asked_for(request.resource, request.verb, *place))
        if not request.served:
            raise no_such_path()
        if request.verb not in request.resource.verbs:
            raise method_not_allowed()
        return self._resource(request, request.resource, user)

    def _authorize(self, user: User, asked: Attributes) -> None:
        if self._authorizer.allows(user, asked) is None:
            raise denied(user, asked)

    def _resource(self, request: Request, resource: Resource, user: User) -> Reply:
        store, verb = self._store, request.verb
        if resource.verbs == ("create",):
            return json_reply(reviews.review(self._authorizer, user, resource.kind, request.document() or {}), 201)
        if request.subresource == "log":
            return reads.pod_log(store, request)
        if request.subresource == "scale" and verb == "get":
            return self._writer.scale(request, resource)
        if verb == "get":
            return reads.get(store, request, resource)
        if verb == "list":
            if resource.plural == "projects":
                return self._own_projects(resource, user)
            return reads.list_objects(store, request, resource)
        if verb == "watch":
            return reads.watch_objects(store, request, resource)
        if verb == "deletecollection":
            chosen = selects(resource, request.query.get("labelSelector", ""), request.query.get("fieldSelector", ""))
            page = list_page(store.storage, resource, request.namespace or None, chosen)
            return self._writer.delete_collection(request, resource, page.items)
        handlers = {"create": self._writer.create, "update": self._writer.update}
        handlers |= {"patch": self._writer.patch, "delete": self._writer.delete}
        return handlers[verb](request, resource)

    def _own_projects(self, resource: Resource, user: User) -> Reply:
        """The projects that the user may see: everyone may list, the list holds one's own."""
        items = self._store.storage.items(resource)
        names = [stored.obj["metadata"]["name"] for stored in items]
        mine = {n for n in names if self._authorizer.allows(user, Attributes("get", "", "namespaces", n, n))}
        kept = [stored.obj for stored in items if stored.obj["metadata"]["name"] in mine]
        version = {"resourceVersion": str(self._store.storage.version)}
        head = {"kind": "ProjectList", "apiVersion": resource.api_version, "metadata": version}
        return json_reply({**head, "items": kept})

    def _plain(self, request: Request) -> Reply:
        if request.method not in ("GET", "HEAD"):
            raise method_not_allowed()
        catalogue, steps = self._store.catalogue, [step for step in request.path.split("/") if step]
        found: object = None
        if steps in (["healthz"], ["livez"], ["readyz"]):
            return Reply(200, b"ok", "text/plain; charset=utf-8")
        if steps == ["version"]:
            found = discovery.VERSION
        elif steps == ["api"]:
            found = discovery.api_versions(self._address)
        elif steps == ["apis"]:
            found = discovery.api_groups(catalogue)
        elif steps[:1] == ["api"] and len(steps) == 2:
            found = discovery.api_resources(catalogue, "", steps[1])
        elif steps[:1] == ["apis"] and len(steps) == 2:
            found = discovery.api_group(catalogue, steps[1])
        elif steps[:1] == ["apis"] and len(steps) == 3:
            found = discovery.api_resources(catalogue, steps[1], steps[2])
        elif steps == ["openapi", "v2"]:
            if "protobuf" in request.headers.get("accept", "").partition(",")[0]:
                return Reply(200, openapi.document_v2_protobuf(), openapi.PROTOBUF_V2)
            found = openapi.document_v2(catalogue)
        elif steps[:2] == ["openapi", "v3"]:
            place = "/".join(steps[2:])
            found = openapi.document_v3(catalogue, place) if place else openapi.index_v3(catalogue)
        if found is None:
            raise no_such_path()
        return json_reply(found)


def refusal_reply(refusal: ApiRefusal) -> Reply:
    """The wire form of a refusal: a Status, but plain text for a path that is not routed to anything."""
    if refusal.message == NO_SUCH_PATH:
        return Reply(404, b"404 page not found\n", "text/plain; charset=utf-8")
    return json_reply(refusal.to_status(), refusal.status)
