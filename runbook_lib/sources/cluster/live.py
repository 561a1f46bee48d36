"""Reads a live API server: raw JSON, pages of 500, every call bounded, refusals as values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from urllib3.util import Timeout

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.cluster.refusal import refusal_of_failure, refusal_of_status
from runbook_lib.sources.kube import ClusterIdentity, RawObject, what
from runbook_lib.vault import vault

if TYPE_CHECKING:
    from kubernetes.client import ApiClient
    from urllib3 import BaseHTTPResponse, PoolManager

PAGE = 500
_MAX_BODY = 256 * 1024 * 1024
_GROUPS = {"deployments": "apis/apps/v1", "replicasets": "apis/apps/v1", "statefulsets": "apis/apps/v1",
           "daemonsets": "apis/apps/v1", "jobs": "apis/batch/v1"}  # fmt: skip


class LiveCluster:
    """A Kubernetes API server behind one kubeconfig context. Only GET is ever sent.

    Args:
        client: the official client's connection, already configured.
        connect_timeout, call_timeout: seconds for the connection and for one whole answer.
    """

    def __init__(
        self,
        client: ApiClient,
        *,
        name: str,
        context: str = "",
        default_namespace: str = "default",
        connect_timeout: float = 5.0,
        call_timeout: float = 20.0,
    ) -> None:
        self._client, self._name, self._context = client, name, context
        self._connect, self._limit = connect_timeout, call_timeout
        self.default_namespace = default_namespace
        self._identity: ClusterIdentity | None = None

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        """Reads one object."""
        answer = self._call(self._path(resource, namespace, name), {}, resource, namespace, name, "get")
        if resource == "secrets" and not isinstance(answer, Unavailable):
            vault().register_secret(answer)
        return answer

    def list(
        self, resource: str, namespace: str = "", *, fields: str = ""
    ) -> Sequence[RawObject] | Unavailable:
        """Reads all pages of a list; a page token that has expired (410) starts the list again, once."""
        for _attempt in range(2):
            items: list[RawObject] = []
            for page in self._pages(resource, namespace, fields):
                if isinstance(page, Unavailable):
                    if page.detail == "410" and _attempt == 0:
                        break
                    return page
                items.extend(page)
            else:
                if resource == "secrets":
                    for item in items:
                        vault().register_secret(item)
                return items
        return Unavailable(
            what(resource, namespace), Why.SERVER_ERROR, "the list changed faster than it could be read"
        )

    def identity(self) -> ClusterIdentity:
        """Asks for the version and the API groups, once."""
        if self._identity is None:
            version = self._call("/version", {}, "version", "", "", "get")
            groups = self._call("/apis", {}, "API groups", "", "", "get")
            openshift = None
            if not isinstance(groups, Unavailable):
                names = {g.get("name") for g in groups.get("groups") or () if isinstance(g, dict)}
                openshift = "route.openshift.io" in names or "project.openshift.io" in names
            self._identity = ClusterIdentity(
                kind="live",
                name=self._name,
                server=str(self._client.configuration.host),
                context=self._context,
                version="" if isinstance(version, Unavailable) else str(version.get("gitVersion") or ""),
                openshift=openshift,
            )
        return self._identity

    def _pages(
        self, resource: str, namespace: str, fields: str
    ) -> Iterator[Sequence[RawObject] | Unavailable]:
        query: dict[str, str] = {"limit": str(PAGE)} | ({"fieldSelector": fields} if fields else {})
        while True:
            answer = self._call(self._path(resource, namespace), query, resource, namespace, "", "list")
            if isinstance(answer, Unavailable):
                yield answer
                return
            items = answer.get("items") or []
            if not isinstance(items, list):
                yield Unavailable(what(resource, namespace), Why.MALFORMED, "the API's list holds no items")
                return
            yield [i for i in items if isinstance(i, dict)]
            metadata = answer.get("metadata")
            token = metadata.get("continue") if isinstance(metadata, dict) else None
            if not token:
                return
            query = {**query, "continue": str(token)}

    def _request(self, path: str, query: dict[str, str]) -> BaseHTTPResponse:
        """Sends one GET through the client's own connection pool, with its login, TLS and proxy settings."""
        headers = {"Accept": "application/json", **self._client.default_headers}
        self._client.update_params_for_auth(headers, [], ["BearerToken"])
        vault().register(headers.get("authorization", "").partition(" ")[2], "cluster token")
        pool: PoolManager = self._client.rest_client.pool_manager
        return pool.request(
            "GET",
            self._client.configuration.host + path,
            fields=query,
            headers=headers,
            preload_content=False,
            timeout=Timeout(connect=self._connect, read=self._limit),
            retries=False,
            redirect=False,
        )

    def _path(self, resource: str, namespace: str, name: str = "") -> str:
        parts = [_GROUPS.get(resource, "api/v1"), *(("namespaces", namespace) if namespace else ()), resource]
        return "/" + "/".join([*parts, *([name] if name else [])])

    def _call(
        self, path: str, query: dict[str, str], resource: str, namespace: str, name: str, verb: str
    ) -> dict[str, Any] | Unavailable:
        about = what(resource, namespace, name) if resource in path else f"the cluster's {resource}"
        deadline = time.monotonic() + self._limit
        try:
            response = self._request(path, query)
            body = _bounded(response, lambda: time.monotonic() > deadline)
            if response.status != 200:
                return refusal_of_status(response.status, body, about, verb, resource, namespace)
            decoded = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Unavailable(about, Why.MALFORMED, "the API server's answer is not JSON")
        except Exception as failure:
            return refusal_of_failure(failure, about, str(self._client.configuration.host))
        if not isinstance(decoded, dict):
            return Unavailable(about, Why.MALFORMED, "the API server's answer is not an object")
        return decoded


def _bounded(response: BaseHTTPResponse, is_late: Callable[[], bool]) -> bytes:
    """Reads a body piece by piece, so that neither a slow nor an endless one holds the run."""
    pieces, size = [], 0
    for piece in response.stream(65536, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if is_late():
            raise TimeoutError("the answer did not end in time")
        if size > _MAX_BODY:
            raise ValueError("the answer is larger than 256 MiB")
    return b"".join(pieces)
