"""Lets a request through to a repository, or says why not, in the words of the registry's dialect."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.lab.registry import challenge
from runbook_lib.lab.registry.access import Access, Login, Refusal
from runbook_lib.lab.registry.dialect import DIALECTS, Dialect, error_reply
from runbook_lib.lab.registry.state import Registry
from runbook_lib.lab.registry.tokens import Tokens, credentials, scopes
from runbook_lib.lab.wire import Reply, Request, json_reply


@dataclass(frozen=True, slots=True)
class Gate:
    """The authorization of one registry called `name`; the request's own host may be an alias of it."""

    name: str
    registry: Registry
    access: Access
    tokens: Tokens

    @property
    def dialect(self) -> Dialect:
        """The manner of this registry."""
        return DIALECTS[self.registry.dialect]

    def ping(self, request: Request) -> Reply:
        """Answers /v2/: 401 with the challenge unless the request is authorized already."""
        scheme = self.dialect.scheme
        if scheme == "basic":
            login = self._basic_login(request)
            return (
                json_reply(200, {}) if isinstance(login, Login) else self._challenge(request, "", Refusal.NO_CREDENTIAL)
            )
        if scheme == "open" or (request.bearer and self.tokens.read(self.name, request.bearer)):
            return json_reply(200, {})
        return self._challenge(request, "", Refusal.NO_CREDENTIAL)

    def token(self, request: Request) -> Reply:
        """Answers the token endpoint: a token that opens what the login may pull, possibly nothing, or a
        refusal.
        """
        pair = credentials(request)
        login: Login | None = None
        if pair is not None:
            outcome = self.access.login(self._asked(request), *pair)
            if isinstance(outcome, Refusal):
                return self._say(outcome, self.registry.rejection)
            login = outcome
        wanted = scopes(request)
        opened = [name for name in wanted if self.access.decide(login, self._asked(request), name) is None]
        policy = self.registry.anonymous or self.dialect.anonymous
        if login is None and policy == "refuse" and len(opened) < max(len(wanted), 1):
            return self._say(Refusal.NO_CREDENTIAL)
        token = self.tokens.issue(self.name, login, opened, self.registry.token_seconds)
        return json_reply(200, {"token": token, "access_token": token, "expires_in": self.registry.token_seconds})

    def refuses(self, request: Request, repository: str) -> Reply | None:
        """Returns the refusal of a request for something in `repository`, or None when it may pass."""
        if self.dialect.scheme != "bearer":
            return self._refuses_login(request, repository)
        if not request.bearer:
            return self._challenge(request, repository, Refusal.NO_CREDENTIAL)
        grant = self.tokens.read(self.name, request.bearer)
        if grant is None:
            return self._challenge(request, repository, Refusal.NO_CREDENTIAL, "invalid_token")
        if repository in grant.repositories:
            return None
        refusal = self.access.decide(grant.login, self._asked(request), repository)
        return self._deny(request, repository, refusal or Refusal.DENIED)

    def refuses_blob(self, request: Request, repository: str) -> Reply | None:
        """Returns the refusal that only a blob meets (a spent pull quota), or None."""
        refusal = self.access.blob_refusal(self._asked(request), repository)
        return self._say(refusal) if refusal else None

    def _refuses_login(self, request: Request, repository: str) -> Reply | None:
        login = self._basic_login(request)
        if login is Refusal.LOGIN:
            return self._challenge(request, repository, Refusal.LOGIN)
        refusal = self.access.decide(login if isinstance(login, Login) else None, self._asked(request), repository)
        if refusal is Refusal.NO_CREDENTIAL:
            return self._challenge(request, repository, refusal)
        return self._say(refusal) if refusal else None

    def _basic_login(self, request: Request) -> Login | Refusal | None:
        if not request.header("authorization"):
            return None
        pair = request.basic
        return self.access.login(self._asked(request), *pair) if pair else Refusal.LOGIN

    def _deny(self, request: Request, repository: str, refusal: Refusal) -> Reply:
        policy = self.registry.denial or self.dialect.denial
        if policy == "challenge" and refusal in (Refusal.DENIED, Refusal.NO_CREDENTIAL):
            return self._challenge(request, repository, refusal, "insufficient_scope")
        return self._say(Refusal.DENIED if refusal is Refusal.NO_CREDENTIAL else refusal)

    def _challenge(self, request: Request, repository: str, refusal: Refusal, error: str = "") -> Reply:
        if self.dialect.scheme == "basic":
            header = challenge.basic(self.name)
        else:
            scope = f"repository:{repository}:pull" if repository else ""
            style = self.registry.challenge
            quoted = style == "quoted" or (style == "mixed" and not repository)
            header = challenge.bearer(self._realm(request), self._service(), scope, error, quoted=quoted)
        _, code, message = self.dialect.words[refusal]
        return error_reply(401, code, message, header)

    def _realm(self, request: Request) -> str:
        host = self.dialect.token_host or request.host
        return self.registry.realm or f"https://{host}{self.dialect.token_path}"

    def _service(self) -> str:
        return self.dialect.service.format(host=self.name)

    def _asked(self, request: Request) -> str:
        return self.name if request.host == self.dialect.token_host else request.host

    def _say(self, refusal: Refusal, status: int = 0) -> Reply:
        usual, code, message = self.dialect.words[refusal]
        return error_reply(status or usual, code, message)
