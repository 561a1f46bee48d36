"""Requests of one pull to one registry: challenge, token, and failures as values."""

from __future__ import annotations

import re
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

import requests

from runbook_lib.lab.kubelet.failure import Failure, HttpFailure, Phase, Transport, TransportFailure
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.keyring import Credential
from runbook_lib.lab.kubelet.node import NetworkFault, NodeState

TIMEOUT_S = (3.0, 5.0)
ACCEPT = ", ".join(
    (
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "*/*",
    )
)
_PARAMETER = re.compile(r'([a-z_]+)=(?:"([^"]*)"|([^\s,"]+))')
_SERVICE_PORT = (
    ".svc:5000/",
    ".svc/",
)  # a service's port within a cluster; the lab's wire has one port for all
_GET_AFTER_POST = (400, 401, 404, 405)


class PullEndedError(Exception):
    """Ends a pull with its failure; caught where the pull began."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(type(failure).__name__)
        self.failure = failure


class RegistrySession:
    """Talks to the registry of one image with one credential (or none) and keeps the token it was given."""

    def __init__(
        self, session: requests.Session, node: NodeState, image: ImageName, credential: Credential | None
    ) -> None:
        self._session = session
        self._node = node
        self._host = image.host
        self._base = f"https://{image.host}/v2/{image.path}"
        self._scope = f"repository:{image.path}:pull"
        self._credential = credential
        self._authorization = ""

    def request(self, method: str, path: str, phase: Phase, digest: str = "") -> requests.Response:
        """Makes a request below the repository, asking for a token when challenged; raises PullEndedError on
        refusal.
        """
        url = f"{self._base}/{path}"
        answer = self._send(method, url, phase)
        if answer.status_code == 401 and not self._authorization:
            self._authorize(answer)
            answer = self._send(method, url, phase)
        if answer.status_code != 200:
            self._refused(answer, method, url, phase, digest)
        return answer

    def ping(self) -> None:
        """Asks the API's root for its challenge and answers it, as containers/image does before anything
        else.
        """
        answer = self._send("GET", f"https://{self._host}/v2/", Phase.RESOLVE)
        if answer.status_code == 401:
            self._authorize(answer)
        elif answer.status_code >= 500:
            self._refused(answer, "GET", answer.url, Phase.RESOLVE)

    def blob(self, digest: str, phase: Phase) -> requests.Response:
        """Fetches a blob; a redirect to a store is followed, without the token where the host is another."""
        return self.request("GET", f"blobs/{digest}", phase, digest)

    def _authorize(self, answer: requests.Response) -> None:
        header = answer.headers.get("WWW-Authenticate", "")
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "basic":
            if self._credential is not None:
                self._authorization = _basic(self._credential)
            return
        if scheme.lower() != "bearer":
            return
        parameters = _parameters(rest)
        self._authorization = "Bearer " + self._token(parameters.get("realm", ""), parameters)

    def _token(self, realm: str, parameters: dict[str, str]) -> str:
        wanted = {"scope": parameters.get("scope", self._scope), "service": parameters.get("service", "")}
        url = f"{realm}?{urlencode({key: value for key, value in wanted.items() if value})}"
        headers = {}
        if self._credential is not None and self._node.runtime != "cri-o":
            answer = self._send("POST", realm, Phase.TOKEN, form=wanted | self._grant(self._credential))
            if answer.status_code == 200:
                return _token_of(answer)
            if answer.status_code not in _GET_AFTER_POST:
                self._refused(answer, "POST", realm, Phase.TOKEN)
        if self._credential is not None:
            headers["Authorization"] = _basic(self._credential)
        answer = self._send("GET", url, Phase.TOKEN, headers=headers)
        if answer.status_code != 200:
            self._refused(answer, "GET", url, Phase.TOKEN)
        return _token_of(answer)

    @staticmethod
    def _grant(credential: Credential) -> dict[str, str]:
        return {
            "grant_type": "password",
            "client_id": "containerd-client",
            "username": credential.username,
            "password": credential.password,
        }

    def _send(
        self,
        method: str,
        url: str,
        phase: Phase,
        *,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        fault = self._node.network.get(urlsplit(url).netloc)
        if fault is not None:
            self._unreachable(fault, method, url, phase)
        own = {"Accept": ACCEPT, "User-Agent": self._node.runtime_version.replace("://", "/")}
        if self._authorization and phase is not Phase.TOKEN:
            own["Authorization"] = self._authorization
        try:
            return self._session.request(
                method,
                url.replace(*_SERVICE_PORT),
                data=form,
                headers=own | (headers or {}),
                timeout=TIMEOUT_S,
                allow_redirects=True,
            )
        except requests.RequestException as error:
            self._unreachable(_fault_of(error, url), method, url, phase)

    def _unreachable(self, fault: NetworkFault, method: str, url: str, phase: Phase) -> NoReturn:
        sent = self._credential is not None
        raise PullEndedError(TransportFailure(phase, fault.reason, method, url, sent, fault.certificate_name)) from None

    def _refused(self, answer: requests.Response, method: str, url: str, phase: Phase, digest: str = "") -> NoReturn:
        challenge = _parameters(answer.headers.get("WWW-Authenticate", ""))
        raise PullEndedError(
            HttpFailure(
                phase,
                method,
                url,
                answer.status_code,
                f"{answer.status_code} {answer.reason}",
                _errors(answer),
                challenge.get("error", "") if answer.status_code == 401 else "",
                self._credential is not None,
                digest,
            )
        )


def _parameters(challenge: str) -> dict[str, str]:
    """Reads a challenge's parameters, quoted or not."""
    return {name: quoted or bare for name, quoted, bare in _PARAMETER.findall(challenge)}


def _basic(credential: Credential) -> str:
    request = requests.Request("GET", "https://registry.invalid/", auth=(credential.username, credential.password))
    return request.prepare().headers["Authorization"]


def _token_of(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        return ""
    return str(body.get("access_token") or body.get("token") or "") if isinstance(body, dict) else ""


def _errors(answer: requests.Response) -> tuple[tuple[str, str], ...]:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        return ()
    found = body.get("errors") if isinstance(body, dict) else None
    return tuple(
        (str(item.get("code", "")), str(item.get("message", ""))) for item in found or [] if isinstance(item, dict)
    )


def _fault_of(error: requests.RequestException, url: str) -> NetworkFault:
    """Reads what kept a request from being answered; the lab's proxy names the cause in its reason phrase.

    A host that the proxy does not serve has no address for the node; a port that it does not serve is closed.
    """
    words = str(error).lower()
    if isinstance(error, requests.exceptions.SSLError):
        mismatch = "mismatch" in words or "not valid for" in words
        return NetworkFault(Transport.TLS_NAME if mismatch else Transport.TLS_UNTRUSTED)
    if "no such host" in words:
        return NetworkFault(Transport.DNS)
    if isinstance(error, requests.exceptions.Timeout) or "timeout" in words or "timed out" in words:
        return NetworkFault(Transport.TIMEOUT)
    if "403 forbidden" in words and urlsplit(url).port in (None, 443):
        return NetworkFault(Transport.DNS)
    return NetworkFault(Transport.REFUSED)
