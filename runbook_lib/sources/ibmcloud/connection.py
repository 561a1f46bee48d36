"""The operator's side of every question: the token, the account it names, and the SDKs' clients over one
session.
"""

from __future__ import annotations

import importlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from runbook_lib.model.account import KeyOwner
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.ibmcloud.endpoints import IAM_HOST, RESTRICTIONS_HOST
from runbook_lib.sources.ibmcloud.failure import LOGIN_AGAIN, Question, broken
from runbook_lib.sources.ibmcloud.login import WHAT, Login
from runbook_lib.sources.ibmcloud.token import Token, exchange
from runbook_lib.sources.ibmcloud.transport import ClosedAdapter, GuardedSession

Taken = TypeVar("Taken")
_NO_LOGIN = Unavailable(WHAT, Why.NO_LOGIN, "no IBM Cloud login is at hand", LOGIN_AGAIN)
_SDK_LOGGER = "ibm-cloud-sdk-core"
_SDK_BASE = "ibm_cloud_sdk_core.base_service"
_ADAPTER = "SSLHTTPAdapter"
_making = threading.Lock()
_AUTHENTICATORS = "ibm_cloud_sdk_core.authenticators"
_IDENTITY = "ibm_platform_services.iam_identity_v1"
_REGISTRY = "ibm_container_registry.container_registry_v1"


@dataclass(frozen=True, slots=True)
class Access:
    """A valid token of the operator and the account that it is for; makes the SDKs' clients."""

    session: GuardedSession
    token: Token
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    @property
    def account_id(self) -> str:
        """The account of the login."""
        return self.token.claims.account.bss

    @property
    def bearer(self) -> dict[str, str]:
        """The headers of a request without an SDK."""
        return {"Authorization": f"Bearer {self.token.value.reveal()}", "Accept": "application/json"}

    def registry(self, api_host: str) -> Any:
        """Returns the client of the registry's API at this host."""
        return self._client(
            _REGISTRY,
            "ContainerRegistryV1",
            api_host,
            account=self.account_id,
        )

    def identity(self) -> Any:
        """Returns the client of IAM's identity service."""
        return self._client(_IDENTITY, "IamIdentityV1", IAM_HOST)

    def policies(self) -> Any:
        """Returns the client of IAM's policy service."""
        return self._client("ibm_platform_services.iam_policy_management_v1", "IamPolicyManagementV1", IAM_HOST)

    def groups(self) -> Any:
        """Returns the client of IAM's access groups."""
        return self._client("ibm_platform_services.iam_access_groups_v2", "IamAccessGroupsV2", IAM_HOST)

    def restrictions(self) -> Any:
        """Returns the client of context-based restrictions."""
        name = "ibm_platform_services.context_based_restrictions_v1"
        return self._client(name, "ContextBasedRestrictionsV1", RESTRICTIONS_HOST)

    def _client(self, module: str, name: str, host: str, **arguments: object) -> Any:
        """Makes a client, or returns the one made before.

        The SDKs take a second to import, so that happens only where one is needed. Each client would read the
        machine's certificates for a connection pool of its own, 15 ms, before it is given our session: it is
        made with an adapter that sends nothing instead, so that there is no way past that session either.

        Their logger is silenced: at DEBUG they turn on http.client's printing for the whole process, and the
        header that carries a key by value is not among those that they mask; at ERROR they advise to turn TLS
        verification off. What it would say is in the readings.
        """
        if made := self._clients.get((name, host)):
            return made
        logging.getLogger(_SDK_LOGGER).setLevel(logging.CRITICAL)
        bearer = importlib.import_module(_AUTHENTICATORS).BearerTokenAuthenticator
        client_class = getattr(importlib.import_module(module), name)
        with _closed_adapters():
            client = client_class(authenticator=bearer(self.token.value.reveal()), **arguments)
        client.set_service_url(f"https://{host}")
        client.set_http_client(self.session)
        return self._clients.setdefault((name, host), client)


@contextmanager
def _closed_adapters() -> Iterator[None]:
    """Clients that this thread makes in the block get adapters that send nothing; others are as ever."""
    names = vars(importlib.import_module(_SDK_BASE))
    with _making:
        usual, maker = names[_ADAPTER], threading.get_ident()

        def adapter(*given: Any, **named: Any) -> Any:
            return (ClosedAdapter if threading.get_ident() == maker else usual)(*given, **named)

        names[_ADAPTER] = adapter
        try:
            yield
        finally:
            names[_ADAPTER] = usual


class Connection:
    """Gets a token when the first question needs one, keeps it while it lasts, and asks questions with it."""

    def __init__(
        self,
        login: Login | Unavailable | None,
        timeout: float,
        clock: Callable[[], float] = time.time,
        budget: TimeBudget | None = None,
    ) -> None:
        self._login = login if login is not None else _NO_LOGIN
        self._timeout = timeout
        self._clock = clock
        self._lock = threading.Lock()
        self._access: Access | None = None
        self._failed: tuple[Unavailable, float] | None = None
        self.session = GuardedSession(timeout, budget)

    def prepare(self) -> None:
        """Imports the SDKs of the questions that nearly every case asks, where there is a login to ask with."""
        if not isinstance(self._login, Unavailable):
            for module in (_AUTHENTICATORS, _IDENTITY, _REGISTRY):
                importlib.import_module(module)

    @property
    def login(self) -> Login | Unavailable:
        """The login, or why there is none."""
        return self._login

    def ask(self, question: Question, read: Callable[[Access], Taken]) -> Taken | Unavailable:
        """Takes one reading: whatever goes wrong is a value, and no exception leaves with a request in it."""
        access = self.access()
        if isinstance(access, Unavailable):
            return Unavailable(question.what, access.why, access.detail, access.remedy)
        try:
            return read(access)
        except Exception as failure:  # named there; an unknown one becomes a defect
            return broken(question, failure)

    def access(self) -> Access | Unavailable:
        """Returns a valid token of the operator with the clients that use it, or why there is none."""
        if isinstance(self._login, Unavailable):
            return self._login
        with self._lock:
            if self._access and not self._access.token.has_expired(self._clock()):
                return self._access
            if self._failed and self._failed[1] > self._clock():
                return self._failed[0]
            token = self._new_token(self._login)
            if isinstance(token, Unavailable):
                # kept for a while, so that ten readings do not wait ten times
                self._failed = (token, self._clock() + self._timeout)
                return token
            self._access = Access(self.session, token)
            return self._access

    def _new_token(self, login: Login) -> Token | Unavailable:
        if login.token is not None:
            if login.token.has_expired(self._clock()):
                return Unavailable(WHAT, Why.UNAUTHENTICATED, f"{login.source} has expired", LOGIN_AGAIN)
            return login.token
        if login.key is None:
            return _NO_LOGIN
        got = exchange(self.session, login.key, WHAT)
        if isinstance(got, KeyOwner):
            detail = f"IAM refuses the key of {login.source}: {got.code}: {got.text}"
            return Unavailable(WHAT, Why.UNAUTHENTICATED, detail, LOGIN_AGAIN)
        if isinstance(got, Token) and not got.claims.account.bss:
            return Unavailable(WHAT, Why.MALFORMED, "the login's token names no account", LOGIN_AGAIN)
        return got
