"""Turns what IBM Cloud refused, or a network did not carry, into `Unavailable`, with IBM Cloud's own code
kept.

The exceptions of the SDKs hold the request, and with it tokens and keys: none of them leaves this package.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any

import msgspec
import requests
from requests.exceptions import InvalidSchema, InvalidURL
from urllib3.exceptions import NameResolutionError

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud.paging import EndlessListingError
from runbook_lib.vault import vault

LOGIN_AGAIN = "Log in again: set IBMCLOUD_API_KEY to a valid key, or run `ibmcloud login`."
_CHECK_NETWORK = "Check the network, the VPN and the proxy settings (HTTPS_PROXY, REQUESTS_CA_BUNDLE)."
_FORBIDDEN_CODES = frozenset({"CRG0009E"})  # no right to the account asked for, whatever the status
_TEXT_LIMIT = 300  # characters


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the right that it takes, and whether a 404 means that this one thing does not exist."""

    what: str
    right: str = ""
    of_one: bool = False


def code_and_text(body: bytes) -> tuple[str, str]:
    """Reads the code and the text of an error in any of the shapes that IBM Cloud's services use.

    They are `errors[0].code`, `errorCode` (IAM), and `code` (the registry and the cluster service); what
    ApiException makes of them loses the code. Credentials that a server repeats are masked.
    """
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", ""
    if not isinstance(answer, dict):
        return "", ""
    errors = answer.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        answer = errors[0]
    return (
        _first(answer, "errorCode", "code", "error")[:40],
        _first(answer, "errorMessage", "message", "description", "terseDescription", "error_description"),
    )


def _first(answer: dict[str, Any], *names: str) -> str:
    found = next((answer[n] for n in names if isinstance(answer.get(n), str) and answer[n]), "")
    return vault().scrub(" ".join(found.split()))[:_TEXT_LIMIT]


def refused(question: Question, response: requests.Response) -> Unavailable:
    """Names an answer that is not the one asked for."""
    code, text = code_and_text(response.content)
    said = ": ".join(part for part in (code, text) if part)
    detail = f"HTTP {response.status_code}" + (f", {said}" if said else "")
    why = _why(response.status_code, code, question)
    remedy = ""
    if why is Why.FORBIDDEN and question.right:
        remedy = f"Ask for {question.right}."
    elif why is Why.UNAUTHENTICATED:
        remedy = LOGIN_AGAIN
    elif why is Why.SERVER_ERROR:
        remedy = "Try again later; IBM Cloud's status page tells of outages."
    return Unavailable(question.what, why, detail, remedy)


def _why(status: int, code: str, question: Question) -> Why:
    if status == 403 or code in _FORBIDDEN_CODES:
        return Why.FORBIDDEN
    if status == 401:
        return Why.UNAUTHENTICATED
    if status == 404 and question.of_one:
        return Why.NOT_FOUND
    return Why.SERVER_ERROR if status == 429 or status >= 500 else Why.MALFORMED


def broken(question: Question, failure: BaseException) -> Unavailable:
    """Names a failure that came without an answer: network, time limit, or an answer of another shape."""
    response = getattr(failure, "http_response", None)
    if isinstance(response, requests.Response):
        return refused(question, response)
    chain = _chain(failure)
    if isinstance(failure, msgspec.ValidationError):
        return Unavailable(question.what, Why.MALFORMED, f"the answer has another shape: {vault().scrub(str(failure))}")
    if isinstance(failure, RecursionError):  # of a decoder, by an answer that is nested without end
        return Unavailable(question.what, Why.MALFORMED, "the answer is nested too deeply")
    if isinstance(failure, UnicodeError | msgspec.DecodeError) or type(failure) is ValueError:
        return Unavailable(question.what, Why.MALFORMED, "the answer cannot be read")  # also numbers of 5,000 digits
    if isinstance(failure, EndlessListingError):
        return Unavailable(question.what, Why.MALFORMED, "the listing does not end")
    if isinstance(failure, requests.exceptions.Timeout):
        return Unavailable(question.what, Why.TIMEOUT, "IBM Cloud did not answer in time", _CHECK_NETWORK)
    if isinstance(failure, InvalidSchema | InvalidURL):
        return Unavailable(question.what, Why.UNREACHABLE, "the proxy setting cannot be used", _CHECK_NETWORK)
    if not isinstance(failure, requests.exceptions.RequestException):
        if isinstance(failure, OSError):  # requests looks for the bundle before it sends anything
            detail = "the certificates to trust cannot be read"
            return Unavailable(question.what, Why.UNREACHABLE, detail, _CHECK_NETWORK)
        return Unavailable(question.what, Why.DEFECT, f"reading it raised {type(failure).__name__}")
    if any(isinstance(link, ssl.SSLError | requests.exceptions.SSLError) for link in chain):
        detail = "the certificate shown for IBM Cloud is not trusted"
    elif any(isinstance(link, NameResolutionError) for link in chain):
        detail = "the name of IBM Cloud's host does not resolve"
    elif any(isinstance(link, requests.exceptions.ProxyError) for link in chain):
        detail = "the proxy does not let IBM Cloud through"
    elif any(isinstance(link, ConnectionRefusedError) for link in chain):
        detail = "the connection to IBM Cloud was refused"
    elif isinstance(failure, requests.exceptions.ConnectionError):
        detail = "the connection to IBM Cloud broke off"
    else:
        return Unavailable(question.what, Why.MALFORMED, "the answer cannot be read")
    return Unavailable(question.what, Why.UNREACHABLE, detail, _CHECK_NETWORK)


def _chain(failure: BaseException) -> list[BaseException]:
    """Follows causes, contexts and the exceptions that requests and urllib3 carry as arguments."""
    seen: list[BaseException] = []
    waiting: list[object] = [failure]
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and not any(link is other for other in seen):
            seen.append(link)
            waiting += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
    return seen
