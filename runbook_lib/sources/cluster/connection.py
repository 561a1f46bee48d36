"""The way to one API server: its address, the connections to it, and the headers that log in."""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from urllib3.exceptions import InsecureRequestWarning

from runbook_lib import __version__
from runbook_lib.sources.watched import WATCHED_POOLS
from runbook_lib.vault import vault

if TYPE_CHECKING:
    from urllib3 import PoolManager


@dataclass(frozen=True)
class Connection:
    """An API server and a login to it; nothing is sent before somebody asks.

    Args:
        server: the address without a slash at its end.
        pool: connections with the server's TLS and proxy settings; they end with a call's deadline.
        authorization: the header's value, asked for with each request: a login may be renewed meanwhile.
        impersonate: the user of `--as`.
        is_plain: True where the login is a constant, so that a second process may use it alike.
    """

    server: str
    pool: PoolManager
    authorization: Callable[[], str] = field(repr=False)
    impersonate: str = ""
    is_plain: bool = False

    def __post_init__(self) -> None:
        self.pool.pool_classes_by_scheme = WATCHED_POOLS
        if self.pool.connection_pool_kw.get("cert_reqs") == ssl.CERT_NONE:
            _say_nothing_of(urlsplit(self.server).hostname or "")

    def headers(self) -> Mapping[str, str]:
        """Returns the headers of a request; as with kubectl, no login is sent to a server without TLS."""
        headers = {"Accept": "application/json", "User-Agent": f"runbook/{__version__}"}
        if self.impersonate:
            headers["Impersonate-User"] = self.impersonate
        if self.server.startswith("https://") and (authorization := self.authorization()):
            vault().register(authorization.partition(" ")[2], "cluster token")
            headers["authorization"] = authorization
        return headers


def _say_nothing_of(host: str) -> None:
    """Keeps urllib3 from advising, with each request, to verify a server that the kubeconfig says not to verify."""
    about = f".* host '{re.escape(host)}'"
    warnings.filterwarnings("ignore", message=about, category=InsecureRequestWarning)
