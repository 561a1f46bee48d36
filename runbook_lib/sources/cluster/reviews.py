"""Access reviews: asks the API server what the login may do, without trying it.

A SelfSubjectAccessReview is created by a POST and stored nowhere; it is the only request to a cluster that is
not a GET, and it stands in this module alone. Source: the Kubernetes API, `authorization.k8s.io/v1`.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from urllib3.util import Timeout

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.cluster.live import LiveCluster, bounded
from runbook_lib.sources.cluster.refusal import refusal_of_failure, refusal_of_status
from runbook_lib.sources.watched import ends_after

PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_LIMIT = 1024 * 1024  # bytes of an answer
_WHAT = "what the login may do"


@dataclass(frozen=True, slots=True)
class Right:
    """A verb on a resource of the core group; in all namespaces, or on a cluster's own resource, where empty."""

    verb: str
    resource: str
    namespace: str = ""


class _Status(msgspec.Struct):
    allowed: bool


class _Review(msgspec.Struct):
    status: _Status


def may(cluster: LiveCluster, right: Right) -> bool | Unavailable:
    """Says whether the login has a right, or why that could not be learned."""
    seconds = cluster._budget.share(cluster._limit)
    if seconds <= 0.0:
        return Unavailable(_WHAT, Why.TIMEOUT, cluster._budget.spent_words)
    try:
        status, body = _posted(cluster, right, seconds)
        if status not in (200, 201):
            return refusal_of_status(status, body, _WHAT, "create", "selfsubjectaccessreviews", "")
        return msgspec.json.decode(body, type=_Review).status.allowed
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unavailable(_WHAT, Why.MALFORMED, "the API server's answer is no access review")
    except Exception as failure:
        return refusal_of_failure(failure, _WHAT, cluster.connection.server)


def _posted(cluster: LiveCluster, right: Right, seconds: float) -> tuple[int, bytes]:
    asked = {"group": "", "resource": right.resource, "verb": right.verb, "namespace": right.namespace}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": asked},
    }
    with cluster._budget.waiting(), ends_after(seconds) as deadline:
        try:
            response = cluster.connection.pool.request(
                "POST",
                cluster.connection.server + PATH,
                body=msgspec.json.encode(review),
                headers={**cluster.connection.headers(), "Content-Type": "application/json"},
                preload_content=False,
                timeout=Timeout(connect=min(cluster._connect, seconds), read=seconds),
                retries=False,
                redirect=False,
            )
            return int(response.status), bounded(response, deadline, _LIMIT)
        except Exception:
            if deadline.remaining <= 0.0:
                raise TimeoutError from None
            raise
