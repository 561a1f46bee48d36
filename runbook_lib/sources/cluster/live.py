"""Reads a live API server: raw JSON, pages of 500, every call bounded, refusals as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from urllib3.util import Timeout

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cluster.refusal import refusal_of_failure, refusal_of_status
from runbook_lib.sources.deadline import Deadline
from runbook_lib.sources.kube import ClusterIdentity, RawObject, what
from runbook_lib.sources.kube_shape import misshapen
from runbook_lib.sources.watched import ends_after
from runbook_lib.vault import vault

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

    from runbook_lib.sources.cluster.connection import Connection

PAGE = 500
_MAX_PAGES = 400  # 200,000 objects
_MAX_LIST = 256 * 1024 * 1024  # bytes: a page of 500 secrets of a MiB each is rare, and real
_MAX_OBJECT = 16 * 1024 * 1024
_PIECE = 262_144  # bytes; TLS hands over sixteen thousand at a time, and each call costs
_NARROWER = "Name the project and the pod (-n, --pod), so that less has to be read."
_GROUPS = {"deployments": "apis/apps/v1", "replicasets": "apis/apps/v1", "statefulsets": "apis/apps/v1",
           "daemonsets": "apis/apps/v1", "jobs": "apis/batch/v1",
           "cronjobs": "apis/batch/v1"}  # fmt: skip


class LiveCluster:
    """A Kubernetes API server behind one kubeconfig context. Only GET is ever sent.

    Args:
        connection: the way to it; nothing is sent before something is read.
        connect_timeout, call_timeout: seconds for the connection and for one whole answer.
        budget: the time that the whole run may wait for answers; a new one where None.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        name: str,
        context: str = "",
        default_namespace: str = "default",
        connect_timeout: float = 5.0,
        call_timeout: float = 20.0,
        budget: TimeBudget | None = None,
    ) -> None:
        self.connection, self._name, self._context = connection, name, context
        self._connect, self._limit = connect_timeout, call_timeout
        self._budget = budget or TimeBudget()
        self.default_namespace = default_namespace
        self._identity: ClusterIdentity | None = None

    @property
    def budget(self) -> TimeBudget:
        """The time that the whole run may wait for answers."""
        return self._budget

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        """Reads one object."""
        answer = self._call(self._path(resource, namespace, name), {}, resource, namespace, name, "get")
        if isinstance(answer, Unavailable):
            return answer
        if resource == "secrets":
            vault().register_secret(answer)
        flaw = misshapen(resource, answer) or ("" if answer["metadata"]["name"] == name else "it is another object")
        if flaw:
            return Unavailable(what(resource, namespace, name), Why.MALFORMED, f"the API's answer is malformed: {flaw}")
        return answer

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Sequence[RawObject] | Unavailable:
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
                return items
        return Unavailable(what(resource, namespace), Why.SERVER_ERROR, "the list changed faster than it could be read")

    def page(
        self, resource: str, namespace: str = "", *, fields: str = "", after: str = ""
    ) -> tuple[int, bytes, str] | Unavailable:
        """Asks for one page of a list: HTTP status, body and `Retry-After` as they came.

        For readers of whole clusters, which decode narrowly, and keep their own pace.

        Args:
            after: the token of the page before; empty for the first one.
        """
        seconds, about = self._budget.share(self._limit), what(resource, namespace)
        if seconds <= 0.0:
            return Unavailable(about, Why.TIMEOUT, self._budget.spent_words, _NARROWER)
        query = {"limit": str(PAGE), "fieldSelector": fields, "continue": after}
        query = {name: value for name, value in query.items() if value}
        deadline = None
        try:
            with self._budget.waiting(), ends_after(seconds) as deadline:
                response = self._request(self._path(resource, namespace), query, seconds)
                body = bounded(response, deadline, _MAX_LIST)
                return response.status, body, response.headers.get("Retry-After", "")
        except Exception as failure:
            late = deadline is not None and deadline.remaining <= 0.0
            return refusal_of_failure(TimeoutError() if late else failure, about, self.connection.server)

    def identity(self) -> ClusterIdentity:
        """Asks for the version and the API groups, once."""
        if self._identity is None:
            version = self._call("/version", {}, "version", "", "", "get")
            groups = self._call("/apis", {}, "API groups", "", "", "get")
            openshift = None
            if not isinstance(groups, Unavailable):
                listed = groups.get("groups")
                named = [g for g in listed if isinstance(g, dict)] if isinstance(listed, list) else []
                names = {str(g.get("name")) for g in named}
                openshift = "route.openshift.io" in names or "project.openshift.io" in names
            self._identity = ClusterIdentity(
                kind="live",
                name=self._name,
                server=self.connection.server,
                context=self._context,
                version="" if isinstance(version, Unavailable) else str(version.get("gitVersion") or ""),
                openshift=openshift,
            )
        return self._identity

    def _pages(self, resource: str, namespace: str, fields: str) -> Iterator[Sequence[RawObject] | Unavailable]:
        query: dict[str, str] = {"limit": str(PAGE)} | ({"fieldSelector": fields} if fields else {})
        for _page in range(_MAX_PAGES):
            answer = self._call(self._path(resource, namespace), query, resource, namespace, "", "list")
            if isinstance(answer, Unavailable):
                yield answer
                return
            items = answer.get("items", "absent") or []  # null is an empty list; a list without it is none
            listed: list[Any] = items if isinstance(items, list) else ["absent"]
            if resource == "secrets":
                for item in filter(_is_object, listed):
                    vault().register_secret(item)
            if flaw := next(filter(None, (misshapen(resource, item) for item in listed)), ""):
                yield Unavailable(what(resource, namespace), Why.MALFORMED, f"the API's list is malformed: {flaw}")
                return
            yield listed
            metadata = answer.get("metadata")
            token = metadata.get("continue") if isinstance(metadata, dict) else None
            if not token:
                return
            query = {**query, "continue": str(token)}
        yield Unavailable(what(resource, namespace), Why.MALFORMED, "the API's list does not end")

    def _request(self, path: str, query: dict[str, str], seconds: float) -> BaseHTTPResponse:
        return self.connection.pool.request(
            "GET",
            self.connection.server + path,
            fields=query,
            headers=self.connection.headers(),
            preload_content=False,
            timeout=Timeout(connect=min(self._connect, seconds), read=seconds),
            retries=False,
            redirect=False,
        )

    def _fetch(self, path: str, query: dict[str, str], seconds: float, limit: int) -> tuple[int, bytes]:
        """Returns status and body. Raises what the connection raises, TimeoutError where time was up."""
        with self._budget.waiting(), ends_after(seconds) as deadline:
            try:
                response = self._request(path, query, seconds)
                return response.status, bounded(response, deadline, limit)
            except Exception:
                if deadline.remaining <= 0.0:
                    raise TimeoutError from None
                raise

    def _path(self, resource: str, namespace: str, name: str = "") -> str:
        parts = [_GROUPS.get(resource, "api/v1"), *(("namespaces", namespace) if namespace else ()), resource]
        return "/" + "/".join([parts[0], *(quote(p, safe="") for p in [*parts[1:], *([name] if name else [])])])

    def _call(
        self, path: str, query: dict[str, str], resource: str, namespace: str, name: str, verb: str
    ) -> dict[str, Any] | Unavailable:
        about = what(resource, namespace, name) if resource in path else f"the cluster's {resource}"
        seconds = self._budget.share(self._limit)
        if seconds <= 0.0:
            return Unavailable(about, Why.TIMEOUT, self._budget.spent_words, _NARROWER)
        try:
            status, body = self._fetch(path, query, seconds, _MAX_LIST if verb == "list" else _MAX_OBJECT)
            if status != 200:
                return refusal_of_status(status, body, about, verb, resource, namespace)
            decoded = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Unavailable(about, Why.MALFORMED, "the API server's answer is not JSON")
        except Exception as failure:
            return refusal_of_failure(failure, about, self.connection.server)
        if not isinstance(decoded, dict):
            return Unavailable(about, Why.MALFORMED, "the API server's answer is not an object")
        return decoded


def _is_object(item: object) -> bool:
    return isinstance(item, dict)


def bounded(response: BaseHTTPResponse, deadline: Deadline, limit: int) -> bytes:
    """Reads a body piece by piece, so that neither a slow nor an endless one holds the run."""
    pieces, size = [], 0
    try:
        while piece := response.read(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if deadline.remaining <= 0.0:
                raise TimeoutError("the answer did not end in time")
            if size > limit:
                raise ValueError(f"the answer is larger than {limit} bytes")
    except BaseException:
        response.close()  # what is left of it would be taken for the next answer's beginning
        raise
    response.release_conn()
    return b"".join(pieces)
