"""The `requests` session of one question: nothing is sent or followed that the question did not ask for."""

from __future__ import annotations

import os
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager

from runbook_lib.sources.watched import WATCHED_POOLS

_USER_AGENT = "runbook-lib"


class _WatchedAdapter(HTTPAdapter):
    """Makes connections that the question's deadline can end; no retries."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = WATCHED_POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        if type(manager) is ProxyManager:  # the one for SOCKS has pools of its own
            manager.pool_classes_by_scheme = WATCHED_POOLS
        return manager


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        """Finds no redirect: `requests` would read the whole body of one first, however long it is."""
        return


def _only_what_is_given(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def new_session(*, trust_env: bool, ca_bundle: str | None) -> requests.Session:
    """Returns a session with the environment's proxies and CA bundle (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or
    SSL_CERT_FILE; `ca_bundle` goes before them), without cookies, and without logins from ~/.netrc, which
    `requests` would otherwise send in place of ours.
    """
    session = _Session()
    session.trust_env = trust_env
    session.auth = _only_what_is_given
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
    session.mount("https://", _WatchedAdapter())
    session.mount("http://", _WatchedAdapter())
    if ca_bundle:
        session.verify = ca_bundle
    elif trust_env and os.environ.get("SSL_CERT_FILE"):
        session.verify = os.environ["SSL_CERT_FILE"]
    return session
