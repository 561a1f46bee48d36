"""One request as the API server sees it: what the path names and which verb it is, and what answers look
like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import yaml

from . import protobuf
from .refusals import bad_request, unsupported_media_type
from .resources import Catalogue, Resource
from .users import User

Obj = dict[str, Any]
JSON = "application/json"
_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "HEAD": "get"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, or with `stream` one that is sent piece by piece until it ends."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    stream: Callable[[], Iterator[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed request; `resource` is None for paths such as `/version`. Headers and body may hold
    credentials and are not part of the repr.

    A type that the server does not have is a resource too, not `served`: authorization comes before routing,
    so that most users are told 403 about it, not 404.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    impersonated_groups: tuple[str, ...] = ()
    resource: Resource | None = None
    served: bool = True
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    user: User | None = None

    @property
    def verb(self) -> str:
        """The verb as RBAC names it: a GET is get, list or watch, a DELETE without a name deletes a
        collection.
        """
        if self.resource is None:
            return self.method.lower()
        if self.method in ("GET", "HEAD"):
            return "watch" if self.flag("watch") else "get" if self.name else "list"
        if self.method == "DELETE" and not self.name:
            return "deletecollection"
        return _VERBS.get(self.method, self.method.lower())

    def flag(self, name: str) -> bool:
        """Whether a query parameter is true, in any of the spellings that Go's ParseBool takes."""
        return self.query.get(name, "").lower() in ("true", "t", "1")

    @property
    def dry_run(self) -> bool:
        """Whether the request asks that nothing be kept."""
        return self.query.get("dryRun") == "All"

    @property
    def media_type(self) -> str:
        """The content type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def document(self) -> Any:
        """The body, from JSON, YAML or protobuf. Raises 415 for other types, 400 for what does not parse."""
        kind = self.media_type
        if kind == protobuf.MEDIA_TYPE:
            return protobuf.decode(self.body)
        try:
            if kind.endswith("yaml"):
                return yaml.safe_load(self.body)
            if kind in ("", JSON, "application/x-www-form-urlencoded") or kind.endswith("+json"):
                return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, yaml.YAMLError, UnicodeDecodeError) as error:
            raise bad_request(f"couldn't get version/kind; json parse error: {type(error).__name__}") from None
        raise unsupported_media_type(kind, (JSON, "application/yaml"))


def json_reply(value: Any, status: int = 200) -> Reply:
    """A value as a JSON answer."""
    return Reply(status, msgspec.json.encode(value))


def parse(
    catalogue: Catalogue,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    groups: tuple[str, ...],
) -> Request:
    """The request that a method and target name."""
    parts = urlsplit(target)
    query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
    plain = Request(method, parts.path, query, headers, body, groups)
    steps = [unquote(step) for step in parts.path.split("/") if step]
    if steps[:1] == ["api"] and len(steps) > 2:
        group, version, rest = "", steps[1], steps[2:]
    elif steps[:1] == ["apis"] and len(steps) > 3:
        group, version, rest = steps[1], steps[2], steps[3:]
    else:
        return plain
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    resource = next((r for r in catalogue.served(group, version) if r.plural == rest[0]), None)
    name, subresource = (*rest[1:], "", "")[:2]
    if resource is None or len(rest) > 3 or (namespace and not resource.namespaced):
        unknown = Resource(group, version, rest[0], "", bool(namespace))
        place = (unknown, False, namespace, name, subresource)
        return Request(method, parts.path, query, headers, body, groups, *place)
    if resource.plural == "namespaces" and name:
        namespace = name  # RBAC looks at a namespace as if it were inside itself
    served = not subresource or subresource in resource.subresources
    place = (resource, served, namespace, name, subresource)
    return Request(method, parts.path, query, headers, body, groups, *place)
