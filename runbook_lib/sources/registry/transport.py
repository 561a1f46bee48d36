"""Requests and their answers: bounded in time and size, redirects followed by hand, failures as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions as urllib3_errors

from runbook_lib.model.registry_answer import Answer
from runbook_lib.sources.deadline import Deadline
from runbook_lib.sources.registry.body import read_body
from runbook_lib.sources.registry.failure import Failure, explain
from runbook_lib.sources.registry.realm import insecure
from runbook_lib.sources.registry.session import new_session

ERROR_LIMIT = 64 * 1024
MANIFEST_LIMIT = 4 * 1024 * 1024
TOKEN_LIMIT = 1024 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `host` is who gave it; `flaw` says why `body` is not the whole, if it is not."""

    status: int
    host: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    flaw: str = ""

    @property
    def ok(self) -> bool:
        """True for 200 and 206."""
        return self.status in (200, 206)

    @property
    def is_html(self) -> bool:
        """True for a web page: what a proxy or a portal says, not a registry."""
        start = self.body[:256].lstrip().lower()
        return "html" in self.headers.get("Content-Type", "").lower() or start.startswith((b"<!doctype", b"<html"))


class Transport:
    """Sends the requests of one question, as a context manager; every method returns a value, never raises.

    `plain_http` holds the authorities (host, host:port) that may be asked without TLS.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        connect_timeout: float,
        trust_env: bool,
        ca_bundle: str | None,
        plain_http: frozenset[str],
    ) -> None:
        self._deadline = deadline
        self._connect_timeout = connect_timeout
        self._ca_bundle = ca_bundle
        self.plain_http = plain_http
        self._session = new_session(trust_env=trust_env, ca_bundle=ca_bundle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, url: str, headers: Mapping[str, str], limit: int) -> Reply | Failure:
        """Asks, and follows up to 5 redirects, without the credential from the first other host on."""
        sent = dict(headers)
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._send("GET", url, sent, limit)
            if isinstance(reply, Failure) or reply.status not in _REDIRECTS:
                return reply
            try:
                target = urljoin(url, reply.headers.get("Location", ""))
                moved = urlsplit(target).netloc.lower() != urlsplit(url).netloc.lower()
            except ValueError:
                return Failure(Answer.MALFORMED, "a redirect to something that is not an address")
            if why := insecure(target, self.plain_http):
                return Failure(Answer.MALFORMED, f"a redirect to {why}")
            if moved or urlsplit(target).scheme != urlsplit(url).scheme:
                sent.pop("Authorization", None)
            url = target
        return Failure(Answer.MALFORMED, f"more than {_MOST_REDIRECTS} redirects")

    def get_once(self, url: str, headers: Mapping[str, str], limit: int) -> Reply | Failure:
        """Asks one address only; a redirect comes back as the answer."""
        return self._send("GET", url, headers, limit)

    def post_form(self, url: str, form: Mapping[str, str], limit: int) -> Reply | Failure:
        """Sends a form to one address only."""
        return self._send("POST", url, {}, limit, form)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        form: Mapping[str, str] | None = None,
    ) -> Reply | Failure:
        if why := insecure(url, self.plain_http):
            return Failure(Answer.MALFORMED, why)
        left = self._deadline.remaining
        if left <= 0:
            return _LATE
        try:
            with self._session.request(
                method,
                url,
                headers=dict(headers),
                data=form,
                timeout=(min(self._connect_timeout, left), left),
                allow_redirects=False,
                stream=True,
                verify=self._ca_bundle,
            ) as response:
                reply = _read(response, limit)
        except (requests.RequestException, urllib3_errors.HTTPError, OSError, ValueError) as error:
            failure = explain(error)
        else:
            return reply if self._deadline.remaining > 0 else _LATE
        return failure if self._deadline.remaining > 0 else _LATE


_LATE = Failure(Answer.TIMEOUT, "no whole answer within the time limit")


def _read(response: requests.Response, limit: int) -> Reply:
    reply = Reply(response.status_code, urlsplit(response.url).hostname or "", response.headers)
    if reply.status in _REDIRECTS:
        return reply
    most = limit if reply.ok else ERROR_LIMIT
    body = read_body(response.raw, response.headers.get("Content-Encoding", ""), most)
    return replace(reply, body=body.data, flaw=body.flaw)
