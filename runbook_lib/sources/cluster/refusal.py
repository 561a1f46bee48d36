"""Turns what an API server refused, or a network did not carry, into `Unavailable` values."""

from __future__ import annotations

import ssl

import msgspec
import urllib3.exceptions as u3

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.cluster.kubeconfig import LoginFailed

_LOGIN_AGAIN = "Log in again (`oc login`, or renew the kubeconfig's credentials), then run this once more."


def _status_in(body: bytes) -> dict[str, object]:
    """The API's own Status object, or an empty one: a proxy before the API has pages of its own."""
    try:
        status = msgspec.json.decode(body[:65536])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return status if isinstance(status, dict) and status.get("kind") == "Status" else {}


def refusal_of_status(status: int, body: bytes, about: str, verb: str, resource: str, namespace: str) -> Unavailable:
    """Names an HTTP status. 403 says which verb on which resource is missing; only the API's own 404 says absent."""
    answer = _status_in(body)
    said = str(answer.get("message") or "")[:500]
    if status == 403:
        where = f" in namespace {namespace}" if namespace else " at the cluster scope"
        flag = f"-n {namespace}" if namespace else "--all-namespaces"
        return Unavailable(
            about,
            Why.FORBIDDEN,
            f"the login may not {verb} {resource}{where}",
            f"Ask for the right to {verb} {resource}{where} (check: `kubectl auth can-i {verb} {resource} {flag}`).",
        )
    if status == 401:
        return Unavailable(about, Why.UNAUTHENTICATED, "the cluster does not accept the login", _LOGIN_AGAIN)
    if status == 404 and answer.get("reason") == "NotFound":
        return Unavailable(about, Why.NOT_FOUND, said or "there is none")
    if status == 410:
        return Unavailable(about, Why.SERVER_ERROR, "410")
    if 300 <= status < 400:
        return Unavailable(about, Why.MALFORMED, f"the API server answered with a redirect (HTTP {status})")
    return Unavailable(
        about, Why.SERVER_ERROR, f"the API server answered HTTP {status}" + (f": {said}" if said else "")
    )


def refusal_of_failure(failure: BaseException, about: str, server: str) -> Unavailable:
    """Names a connection that failed: timeout, refused, DNS, TLS, reset."""
    chain: list[BaseException] = []
    link: BaseException | None = failure
    while link is not None and link not in chain:
        chain.append(link)
        reason = getattr(link, "reason", None)
        link = reason if isinstance(reason, BaseException) else link.__cause__ or link.__context__
    check = "Check the server's address in the kubeconfig, the VPN and the proxy settings."

    def seen(*types: type[BaseException]) -> bool:
        return any(isinstance(link, types) for link in chain)

    if failed := next((link for link in chain if isinstance(link, LoginFailed)), None):
        return Unavailable(about, Why.UNAUTHENTICATED, f"the kubeconfig's login cannot be used: {failed}", _LOGIN_AGAIN)
    if seen(ssl.SSLError, u3.SSLError):
        return Unavailable(
            about,
            Why.UNREACHABLE,
            f"{server} shows a certificate that is not trusted",
            "Check certificate-authority in the kubeconfig; this tool does not turn verification off.",
        )
    if seen(u3.NameResolutionError):
        return Unavailable(about, Why.UNREACHABLE, f"the name of {server} does not resolve", check)
    if seen(u3.ProxyError):
        return Unavailable(about, Why.UNREACHABLE, f"the proxy does not let {server} through", check)
    if seen(ConnectionRefusedError):
        return Unavailable(about, Why.UNREACHABLE, f"{server} refuses the connection", check)
    if seen(u3.NewConnectionError) and not seen(TimeoutError):
        return Unavailable(about, Why.UNREACHABLE, f"there is no way to {server}", check)
    if seen(u3.TimeoutError, TimeoutError):
        return Unavailable(about, Why.TIMEOUT, f"{server} did not answer in time", check)
    if seen(u3.HTTPError, OSError):
        return Unavailable(about, Why.UNREACHABLE, f"the connection to {server} broke", check)
    if seen(ValueError):
        return Unavailable(about, Why.MALFORMED, f"{server} sent more than can be read")
    return Unavailable(about, Why.DEFECT, f"reading it raised {type(failure).__name__}")
