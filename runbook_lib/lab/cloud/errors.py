"""The error bodies of IBM Cloud's services; each service has a shape of its own.

Codes and texts are those of the documentation and of published recordings. Where none is known, the lab keeps
to the shape and to plain words, so that nobody comes to rely on a made-up code.
"""

from __future__ import annotations

import uuid

from runbook_lib.lab.wire import Reply, json_reply

AUTH_PAGE = "See https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-auth-req"


def iam_token_error(status: int, code: str, message: str) -> Reply:
    """Returns an error of the token service: `errorCode` and `errorMessage`."""
    context = {"requestId": uuid.uuid4().hex, "requestType": "incoming.Identity_Token"}
    return json_reply(status, {"errorCode": code, "errorMessage": message, "context": context})


def iam_identity_error(status: int, code: str, message: str) -> Reply:
    """Returns an error of the identity service: a list of errors with a trace."""
    errors = [{"code": code, "message": message, "details": message}]
    return json_reply(
        status, {"context": {"transactionId": uuid.uuid4().hex}, "errors": errors, "trace": uuid.uuid4().hex}
    )


def iam_policy_error(status: int, code: str, message: str) -> Reply:
    """Returns an error of the policy, access group and restriction services: with `status_code`."""
    errors = [{"code": code, "message": message}]
    return json_reply(status, {"trace": uuid.uuid4().hex, "errors": errors, "status_code": status})


def no_authorization() -> Reply:
    """Returns IAM's refusal of a request without a valid token."""
    return iam_token_error(401, "BXNIM0308E", "No authorization header found")


def registry_error(status: int, code: str, message: str) -> Reply:
    """Returns an error of the container-registry API."""
    return json_reply(status, {"code": code, "message": message, "request-id": str(uuid.uuid4())})


def registry_unauthenticated() -> Reply:
    """Returns the container-registry API's refusal of a request without a valid token."""
    text = (
        "An error occurred when authenticating your request with IBM Cloud. "
        "Clear your browser cookies, log in to IBM Cloud, and try your request again."
    )
    return registry_error(401, "CRG0014E", text)


def registry_wrong_account() -> Reply:
    """Returns its refusal of a token that does not belong to the account of the Account header."""
    return registry_error(403, "CRG0009E", f"You are not authorized to access the specified account. {AUTH_PAGE}")


def registry_forbidden() -> Reply:
    """Returns its refusal of an operation that the caller's roles do not allow."""
    return registry_error(403, "CRG0009E", f"You were not authorized to complete this operation. {AUTH_PAGE}")


def cluster_error(status: int, code: str, description: str, kind: str) -> Reply:
    """Returns an error of the cluster service."""
    body = {
        "incidentID": uuid.uuid4().hex,
        "code": code,
        "description": description,
        "type": kind,
        "recoveryCLI": "",
        "terseDescription": description,
    }
    return json_reply(status, body)
