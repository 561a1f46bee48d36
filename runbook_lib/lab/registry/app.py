"""The registries of the lab as one app: the distribution API at every host, each in its own manner.

Routes: /v2/, the dialect's token endpoint, manifests, blobs and tags of a repository, and the blob store to
which redirected downloads go. The store takes signed addresses and ignores any Authorization that a client
keeps sending.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from fnmatch import fnmatchcase

from runbook_lib.lab.registry.access import Access, UserAccess
from runbook_lib.lab.registry.content import tagged
from runbook_lib.lab.registry.dialect import DIALECTS, error_reply
from runbook_lib.lab.registry.gate import Gate
from runbook_lib.lab.registry.state import Registry, RegistryState
from runbook_lib.lab.registry.store import Shelf
from runbook_lib.lab.registry.tokens import Tokens
from runbook_lib.lab.wire import Reply, Request

_RESOURCE = re.compile(r"/v2/(?P<repository>.+)/(?P<kind>manifests|blobs|tags)/(?P<reference>[^/]+)")
_STORED = re.compile(r"/(?P<repository>.+)/(?P<digest>sha256:[0-9a-f]{64})")
API_VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")


class RegistryApp:
    """Answers for every registry of `state`; `access` gives what decides for a registry, or None: its own
    users.

    `canonical` maps a name that a client may use (a private or a former name) to the name under which the
    state keeps the registry; `access` is asked with the client's own name.
    """

    def __init__(
        self,
        state: RegistryState,
        access: Callable[[str], Access | None] = lambda _: None,
        canonical: Callable[[str], str] = lambda host: host,
    ) -> None:
        self._state = state
        self._access = access
        self._canonical = canonical
        self._tokens = Tokens()
        self._store_key = secrets.token_bytes(16)
        self._shelves: dict[tuple[str, str], Shelf] = {}

    def hosts(self) -> tuple[str, ...]:
        """Returns the names at which registries, their token services and their blob stores answer."""
        names: dict[str, None] = {}
        for key, registry in self._state.registries.items():
            token_host = DIALECTS[registry.dialect].token_host
            found = (key, *registry.aliases, token_host, registry.store.format(host=key))
            names.update(dict.fromkeys(name for name in found if name))
        return tuple(names)

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        return self._route(request).with_headers(API_VERSION)

    def digest(self, host: str, repository: str, tag: str) -> str:
        """Returns the digest behind a tag; raises KeyError when there is none."""
        registry = self._state.registries[host]
        return tagged(registry.repositories[repository], repository)[tag].top.digest

    def _route(self, request: Request) -> Reply:
        name = self._find(request.host)
        if name is None:
            return self._route_elsewhere(request)
        gate = self._gate(name)
        if request.path == gate.dialect.token_path and not gate.dialect.token_host:
            return gate.token(request)
        if request.method not in ("GET", "HEAD"):
            return error_reply(405, "UNSUPPORTED", "The operation is unsupported.")
        if request.path in ("/v2/", "/v2"):
            return gate.ping(request)
        match = _RESOURCE.fullmatch(request.path)
        if match is None:
            return error_reply(404, "NOT_FOUND", "page not found")
        return self._resource(request, gate, match["repository"], match["kind"], match["reference"])

    def _resource(self, request: Request, gate: Gate, repository: str, kind: str, reference: str) -> Reply:
        refusal = gate.refuses(request, repository)
        if refusal is not None:
            return refusal
        shelf = self._shelf(gate.name, gate.registry, repository)
        if shelf is None:
            return error_reply(404, "NAME_UNKNOWN", "repository name not known to registry")
        if kind == "manifests":
            return shelf.manifest(reference, request.header("accept"))
        if kind == "tags":
            return shelf.tag_list(request)
        return gate.refuses_blob(request, repository) or self._blob(request, gate, shelf, reference)

    def _blob(self, request: Request, gate: Gate, shelf: Shelf, digest: str) -> Reply:
        if not gate.registry.redirect or request.method == "HEAD" or not shelf.holds_blob(digest):
            return shelf.blob(digest, request.header("range"))
        path = f"/{shelf.name}/{digest}"
        host = gate.registry.store.format(host=gate.name)
        return Reply(307, (("Location", f"https://{host}{path}?sig={self._signature(path)}"),))

    def _route_elsewhere(self, request: Request) -> Reply:
        name = self._token_registry(request.host)
        if name is not None and request.path == DIALECTS[self._state.registries[name].dialect].token_path:
            return self._gate(name).token(request)
        name = self._store_of(request.host)
        match = _STORED.fullmatch(request.path)
        if not name or match is None:
            return error_reply(404, "NOT_FOUND", "page not found")
        if not hmac.compare_digest(request.parameters.get("sig", ""), self._signature(request.path)):
            return error_reply(403, "DENIED", "the address is not signed")
        shelf = self._shelf(name, self._state.registries[name], match["repository"])
        return shelf.blob(match["digest"], request.header("range")) if shelf else error_reply(404, "BLOB_UNKNOWN", "")

    def _signature(self, path: str) -> str:
        return hmac.new(self._store_key, path.encode(), hashlib.sha256).hexdigest()

    def _gate(self, name: str) -> Gate:
        registry = self._state.registries[name]
        return Gate(name, registry, self._access(name) or UserAccess(registry), self._tokens)

    def _shelf(self, host: str, registry: Registry, repository: str) -> Shelf | None:
        found = registry.repositories.get(repository)
        if found is None:
            return None
        return self._shelves.setdefault((host, repository), Shelf(repository, found))

    def _find(self, host: str) -> str | None:
        name = self._canonical(host)
        if name in self._state.registries:
            return name
        registries = self._state.registries.items()
        return next((key for key, value in registries if any(fnmatchcase(host, a) for a in value.aliases)), None)

    def _token_registry(self, host: str) -> str | None:
        registries = self._state.registries.items()
        return next((key for key, value in registries if DIALECTS[value.dialect].token_host == host), None)

    def _store_of(self, host: str) -> str:
        registries = self._state.registries.items()
        return next((key for key, value in registries if value.store.format(host=key) == host), "")
