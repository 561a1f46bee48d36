"""Lists in pages: `limit` and `continue`, all pages from one state of the store.

The token is opaque to clients. When its state is no longer kept, the answer is 410 with a token that goes on
from the present state, as the real server does when etcd has compacted.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left
from dataclasses import dataclass

import msgspec

from .refusals import bad_request, expired
from .resources import Resource
from .selectors import Predicate
from .storage import Storage, Stored

_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a "
    "new list without the continue parameter, or use the continue token in this response to retrieve "
    "the remainder of the results. Continuing with the provided token results in an inconsistent list - "
    "objects that were created, modified, or deleted between the time the first chunk was returned and "
    "now may show up in the list."
)


class _Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: str
    rv: int
    start: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items, the version of the state it shows, the token of the next page, how many remain
    after it.
    """

    items: list[Stored]
    version: int
    next: str | None = None
    remaining: int | None = None


def encode_token(version: int, start: str) -> str:
    """An opaque token that goes on at a key in the state of a version; version -1 means the present state."""
    raw = msgspec.json.encode(_Token("meta.k8s.io/v1", version, start))
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode_token(text: str) -> _Token:
    try:
        token = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=_Token)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise bad_request("continue key is not valid: incorrect encoding") from None
    if token.v != "meta.k8s.io/v1":
        raise bad_request(f"continue key is not valid: server does not recognize this encoded version {token.v!r}")
    return token


def list_page(
    storage: Storage,
    resource: Resource,
    namespace: str | None = None,
    predicate: Predicate | None = None,
    limit: int = 0,
    token: str | None = None,
) -> Page:
    """One page of a list. Raises 400 for a token that is none, 410 for one whose state is not
    kept any more.
    """
    if not limit and not token:
        with storage.lock:
            items, version = storage.items(resource, namespace), storage.version
        return Page(items if predicate is None else [s for s in items if predicate(s.obj)], version)
    start = ""
    snapshot = None
    if token:
        decoded = _decode_token(token)
        start = decoded.start
        snapshot = storage.snapshot(resource, None if decoded.rv < 0 else decoded.rv)
        if snapshot is None:
            refusal = expired(_TOO_OLD)
            refusal.continue_token = encode_token(-1, start)
            raise refusal
    version, items = snapshot or storage.snapshot(resource) or (0, [])
    first = max(start, f"{namespace}/" if namespace else "")
    index = bisect_left(items, first, key=lambda stored: stored.key)
    end = bisect_left(items, f"{namespace}0", key=lambda stored: stored.key) if namespace else len(items)
    chosen: list[Stored] = []
    while index < end and (not limit or len(chosen) < limit):
        if predicate is None or predicate(items[index].obj):
            chosen.append(items[index])
        index += 1
    if index >= end:
        return Page(chosen, version)
    return Page(chosen, version, encode_token(version, items[index].key), None if predicate else end - index)
