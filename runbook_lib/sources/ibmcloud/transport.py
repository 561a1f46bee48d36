"""The one way out to IBM Cloud: a `requests` session that sends what the table allows, within a time limit.

The SDKs are given this session. It also keeps them from what they do by default: waiting 60 seconds,
following a redirect with a key in its headers, taking a login from ~/.netrc, and printing the traffic when
logging is at DEBUG.
"""

from __future__ import annotations

import os
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.poolmanager import ProxyManager

from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.ibmcloud.endpoints import allowed_endpoint
from runbook_lib.sources.watched import WATCHED_POOLS, ends_after

BODY_LIMIT = 64 * 1024 * 1024  # bytes, after decompression
_CHUNK = 64 * 1024


class NotAllowedError(RuntimeError):
    """A request that the table of endpoints does not hold; it has not been sent."""


class BodyTooLargeError(requests.exceptions.RequestException):
    """An answer of more than `BODY_LIMIT` bytes."""


class ClosedAdapter(HTTPAdapter):
    """Sends nothing; stands where an SDK makes an adapter of its own. Takes that one's arguments."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def init_poolmanager(self, *_: object, **__: object) -> None:
        """Makes no connections."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Raises NotAllowedError, with nothing sent."""
        raise NotAllowedError(f"{request.method} {(request.url or '').partition('?')[0]}")

    def close(self) -> None:
        """Has nothing to close."""


class GuardedAdapter(HTTPAdapter):
    """Passes only what the table allows, reads the whole answer, and ends after `seconds` or with the budget."""

    def __init__(self, seconds: float, budget: TimeBudget) -> None:
        super().__init__()
        self._seconds, self._budget = seconds, budget

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Makes direct connections of the kinds above."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = WATCHED_POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Makes connections through a proxy of the kinds above.

        For proxies urllib3 leaves Nagle's algorithm on: the body of a POST would wait for the acknowledgement of
        its headers, which the other side delays by 40 ms.
        """
        kwargs.setdefault("socket_options", HTTPConnection.default_socket_options)
        manager = super().proxy_manager_for(proxy, **kwargs)
        if type(manager) is ProxyManager:  # a SOCKS manager has pools of its own
            manager.pool_classes_by_scheme = WATCHED_POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *_: Any, **kwargs: Any) -> requests.Response:
        """Sends one request. Raises NotAllowedError, with nothing sent, or an exception of requests."""
        if not allowed_endpoint(request.method or "", request.url or ""):
            raise NotAllowedError(f"{request.method} {(request.url or '').partition('?')[0]}")
        seconds = self._budget.share(self._seconds)
        if seconds <= 0.0:
            raise requests.exceptions.ReadTimeout(self._budget.spent_words)
        with self._budget.waiting(), ends_after(seconds) as deadline:
            try:
                response = super().send(request, **{**kwargs, "stream": True, "timeout": seconds})
                _read_body(response)
            except (requests.exceptions.ConnectionError, TimeoutError, HTTPError) as broken:
                if not deadline.remaining or _is_slow(broken):
                    raise requests.exceptions.ReadTimeout("no whole answer in time") from None
                if isinstance(broken, requests.exceptions.RequestException):
                    raise
                raise requests.exceptions.ConnectionError("the answer broke off") from broken
            if not deadline.remaining:
                raise requests.exceptions.ReadTimeout("no whole answer in time")
        return response


def _is_slow(failure: BaseException) -> bool:
    return isinstance(failure, TimeoutError | requests.exceptions.Timeout | ReadTimeoutError)


def _read_body(response: requests.Response) -> None:
    """Reads the answer into `response.content`, piece by piece up to the limit."""
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            size += len(piece)
            if size > BODY_LIMIT:
                raise BodyTooLargeError(f"more than {BODY_LIMIT} bytes")
            pieces.append(piece)
    except BaseException:
        response.raw.close()
        raise
    response.raw.release_conn()
    response._content = b"".join(pieces)  # what requests fills when it reads by itself
    response._content_consumed = True  # type: ignore[attr-defined]


class GuardedSession(requests.Session):
    """A session with the guarded adapter alone: other schemes find none, redirects are not followed.

    Proxies and the CA bundle come from the environment (HTTPS_PROXY, REQUESTS_CA_BUNDLE, SSL_CERT_FILE).
    """

    def __init__(self, seconds: float, budget: TimeBudget | None = None) -> None:
        super().__init__()
        self.adapters.clear()
        self.mount("https://", GuardedAdapter(seconds, budget or TimeBudget()))
        self.auth = _keep_headers  # else a login in ~/.netrc goes over the bearer token
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.verify = os.environ.get("SSL_CERT_FILE") or True

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Sends without following redirects: an answer that points elsewhere comes back as it is."""
        return super().send(request, **{**kwargs, "allow_redirects": False})


def _keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
