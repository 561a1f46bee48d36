"""The login: a challenge answered with Basic, or a token fetched from the registry's token service.

Source: the distribution project's token and OAuth2 specifications. GET with Basic comes first; a service that
answers 404 or 405 to it is asked with the OAuth2 form, the two ways that containerd tries too.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from runbook_lib.model.credential import Credential
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry.challenge import Challenge
from runbook_lib.sources.registry.failure import Failure
from runbook_lib.sources.registry.realm import insecure, may_receive
from runbook_lib.sources.registry.refusal import Sent, refuse
from runbook_lib.sources.registry.transport import TOKEN_LIMIT, Reply, Transport
from runbook_lib.sources.registry.wording import clean
from runbook_lib.vault import vault

_TOKEN = re.compile(r"[\x21-\x7e]{1,65000}")
_CLIENT = "runbook-lib"


@dataclass(frozen=True, slots=True)
class Login:
    """What goes with the requests that follow; its repr does not show it."""

    sent: Sent = Sent.NOTHING
    authorization: str = field(default="", repr=False)
    scope: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The header to send, if there is one."""
        return {"Authorization": self.authorization} if self.authorization else {}


def log_in(
    transport: Transport, registry: str, challenge: Challenge, credential: Credential | None, scope: str
) -> Login | RegistryAnswer:
    """Answers a challenge of `registry` (a host); returns what to send from now on, or the final answer.

    `scope` is asked for, and what the challenge names besides it.
    """
    if challenge.scheme == "basic":
        return Login(Sent.PASSWORD, _basic(credential), scope) if credential else Login(scope=scope)
    realm = challenge["realm"]
    why = insecure(realm, transport.plain_http)
    if why == "not an address":
        return RegistryAnswer(Answer.MALFORMED, Hop.TOKEN, text="the challenge names no token service")
    if why:
        return RegistryAnswer(Answer.NOT_SENT, Hop.TOKEN, text=f"the challenge names a token service by {why}")
    if credential and not may_receive(realm, registry):
        host = clean(urlsplit(realm).hostname or "", 100)
        text = f"the challenge names a token service on another host, {host}: the credential was not sent there"
        return RegistryAnswer(Answer.NOT_SENT, Hop.TOKEN, text=text)
    scopes = list(dict.fromkeys((scope, *challenge["scope"].split())))
    reply = _exchange(transport, realm, challenge["service"], scopes, credential)
    if isinstance(reply, Failure):
        return RegistryAnswer(reply.answer, Hop.TOKEN, text=reply.text)
    if 300 <= reply.status < 400:
        return RegistryAnswer(Answer.MALFORMED, Hop.TOKEN, reply.status, text="the token service redirects")
    if reply.status != 200:
        return refuse(Hop.TOKEN, reply, Sent.PASSWORD if credential else Sent.NOTHING, at_home=True)
    token = _token_in(reply)
    if token is None:
        text = reply.flaw or "the token service's answer holds no token"
        return RegistryAnswer(Answer.MALFORMED, Hop.TOKEN, reply.status, text=text)
    vault().register(token, "registry token")
    return Login(Sent.TOKEN if credential else Sent.ANONYMOUS_TOKEN, f"Bearer {token}", " ".join(scopes))


def _exchange(
    transport: Transport, realm: str, service: str, scopes: list[str], credential: Credential | None
) -> Reply | Failure:
    parts = urlsplit(realm)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *(("scope", scope) for scope in scopes)]
    if service:
        query.append(("service", service))
    url = urlunsplit(parts._replace(query=urlencode(query), fragment=""))
    headers = {"Authorization": _basic(credential)} if credential else {}
    reply = transport.get_once(url, headers, TOKEN_LIMIT)
    if credential is None or isinstance(reply, Failure) or reply.status not in (404, 405):
        return reply
    form = {
        "grant_type": "password",
        "client_id": _CLIENT,
        "service": service,
        "scope": " ".join(scopes),
        "username": credential.username,
        "password": credential.password.reveal(),
    }
    return transport.post_form(realm, form, TOKEN_LIMIT)


def _token_in(reply: Reply) -> str | None:
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    if reply.flaw or not isinstance(document, dict):
        return None
    token = document.get("token") or document.get("access_token")
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else None


def _basic(credential: Credential) -> str:
    secret = vault().register_pair(credential.username, credential.password.reveal())
    pair = f"{credential.username}:".encode() + secret.reveal_bytes()
    return "Basic " + base64.b64encode(pair).decode()
