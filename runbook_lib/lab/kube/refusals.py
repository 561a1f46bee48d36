"""What the API server answers when it does not do as asked: `Status` objects, raised as one exception type.

Clients branch on `code` and `reason` and people read `message`, so all three follow the real server's
wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Obj = dict[str, Any]

NO_SUCH_PATH = "the server could not find the requested resource"


class ApiRefusal(Exception):
    """A request that the API server refuses; carries what its `Status` object says."""

    def __init__(self, status: int, reason: str, message: str, details: Obj | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.details = details
        self.continue_token: str | None = None

    def to_status(self) -> Obj:
        """The `Status` object for the wire."""
        metadata: Obj = {} if self.continue_token is None else {"continue": self.continue_token}
        body: Obj = {"kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure"}
        body["message"] = self.message
        if self.reason:
            body["reason"] = self.reason
        if self.details is not None:
            body["details"] = self.details
        body["code"] = self.status
        return body


@dataclass(frozen=True, slots=True)
class FieldCause:
    """One field that a validation objects to, as `details.causes[]` lists it."""

    reason: str
    field: str
    message: str


def required(field: str, why: str = "") -> FieldCause:
    """The field has to be there."""
    return FieldCause("FieldValueRequired", field, "Required value" + (f": {why}" if why else ""))


def invalid_value(field: str, value: str, why: str) -> FieldCause:
    """The field's value is wrong; `value` is shown, so a secret's must be given redacted."""
    return FieldCause("FieldValueInvalid", field, f"Invalid value: {value}: {why}")


def forbidden_value(field: str, why: str) -> FieldCause:
    """The field may not be set, or not be changed."""
    return FieldCause("FieldValueForbidden", field, f"Forbidden: {why}")


def unsupported_value(field: str, value: str, allowed: Sequence[str]) -> FieldCause:
    """The field takes one of a few values only."""
    options = ", ".join(f'"{option}"' for option in allowed)
    return FieldCause("FieldValueNotSupported", field, f'Unsupported value: "{value}": supported values: {options}')


def invalid(kind: str, group: str, name: str, causes: Sequence[FieldCause]) -> ApiRefusal:
    """422: the object does not pass validation."""
    texts = [f"{cause.field}: {cause.message}" for cause in causes]
    text = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    qualified = f"{kind}.{group}" if group else kind
    details: Obj = {"name": name, "kind": kind}
    if group:
        details["group"] = group
    details["causes"] = [{"reason": c.reason, "message": c.message, "field": c.field} for c in causes]
    return ApiRefusal(422, "Invalid", f'{qualified} "{name}" is invalid: {text}', details)


def _named(plural: str, group: str, name: str) -> tuple[str, Obj]:
    details: Obj = {"name": name}
    if group:
        details["group"] = group
    details["kind"] = plural
    return (f"{plural}.{group}" if group else plural), details


def not_found(plural: str, group: str, name: str) -> ApiRefusal:
    """404: no such object."""
    qualified, details = _named(plural, group, name)
    return ApiRefusal(404, "NotFound", f'{qualified} "{name}" not found', details)


def no_such_path() -> ApiRefusal:
    """404: no such resource type or path."""
    return ApiRefusal(404, "NotFound", NO_SUCH_PATH, {})


def already_exists(plural: str, group: str, name: str) -> ApiRefusal:
    """409: an object of that name is there."""
    qualified, details = _named(plural, group, name)
    return ApiRefusal(409, "AlreadyExists", f'{qualified} "{name}" already exists', details)


def conflict(plural: str, group: str, name: str, why: str = "") -> ApiRefusal:
    """409: the object changed since the client read it."""
    qualified, details = _named(plural, group, name)
    text = why or "the object has been modified; please apply your changes to the latest version and try again"
    return ApiRefusal(409, "Conflict", f'Operation cannot be fulfilled on {qualified} "{name}": {text}', details)


def forbidden(plural: str, group: str, name: str, why: str) -> ApiRefusal:
    """403: authorization or admission says no; `name` is empty for a list or a create."""
    qualified, details = _named(plural, group, name)
    if not name:
        del details["name"]
    subject = f'{qualified} "{name}"' if name else qualified
    return ApiRefusal(403, "Forbidden", f"{subject} is forbidden: {why}", details)


def unauthorized() -> ApiRefusal:
    """401: no token, an unknown one or an expired one; the server does not say which."""
    return ApiRefusal(401, "Unauthorized", "Unauthorized")


def bad_request(message: str) -> ApiRefusal:
    """400: the request itself is malformed."""
    return ApiRefusal(400, "BadRequest", message)


def expired(message: str) -> ApiRefusal:
    """410: the resource version or continue token is older than what the server keeps."""
    return ApiRefusal(410, "Expired", message)


def patch_rejected() -> ApiRefusal:
    """422: a JSON patch could not be applied, such as a `test` that does not hold."""
    return ApiRefusal(422, "Invalid", "the server rejected our request due to an error in our request", {})


def unsupported_media_type(media_type: str, allowed: Sequence[str]) -> ApiRefusal:
    """415: the body's or the patch's content type is not one the server reads."""
    types = ", ".join(allowed)
    message = f"the body of the request was in an unknown format - accepted media types include: {types}"
    return ApiRefusal(
        415, "UnsupportedMediaType", message, {"causes": [{"message": media_type}]} if media_type else None
    )


def method_not_allowed() -> ApiRefusal:
    """405: the path exists, the method does not."""
    return ApiRefusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})
