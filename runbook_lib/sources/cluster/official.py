"""A connection made by the official client, for every login that is more than a token in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runbook_lib.sources.cluster.connection import Connection
from runbook_lib.sources.cluster.keys import tls_of, use_tls, without_files
from runbook_lib.sources.cluster.proxy import log_in_to_proxy


def official_connection(configure: Callable[[Any], None], impersonate: str = "") -> Connection:
    """Returns a connection with the client's settings for proxies and its way to renew a login.

    Args:
        configure: puts server and login into the client's configuration.

    Raises whatever `configure` raises, and OSError or ssl.SSLError for certificates that cannot be used.
    """
    from kubernetes import client

    configuration = client.Configuration()
    configuration.retries = False
    with without_files():
        configure(configuration)
        log_in_to_proxy(configuration)
        api = client.ApiClient(configuration)
        use_tls(api, tls_of(configuration))

    def authorization() -> str:
        headers: dict[str, str] = {}
        api.update_params_for_auth(headers, [], ["BearerToken"])
        return headers.get("authorization", "")

    return Connection(str(configuration.host), api.rest_client.pool_manager, authorization, impersonate)
