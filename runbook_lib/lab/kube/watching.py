"""Watches: the log of changes as a stream of events, seen through a request's selectors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from .refusals import bad_request, expired
from .resources import Resource
from .selectors import Predicate
from .storage import Change, Storage, Stored


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """ADDED, MODIFIED, DELETED or BOOKMARK; a bookmark has no object but a version."""

    type: str
    stored: Stored | None
    version: int


def _seen(change: Change, predicate: Predicate | None) -> WatchEvent | None:
    """The change as a client with this selector sees it: leaving the selection is a DELETED, entering an
    ADDED.
    """
    if predicate is None or change.type == "DELETED":
        seen = predicate is None or (change.previous is not None and predicate(change.previous.obj))
        return WatchEvent(change.type, change.stored, change.version) if seen else None
    before = change.previous is not None and predicate(change.previous.obj)
    after = predicate(change.stored.obj)
    if not before and not after:
        return None
    type_ = "MODIFIED" if before and after else "ADDED" if after else "DELETED"
    return WatchEvent(type_, change.stored, change.version)


def watch(
    storage: Storage,
    resource: Resource,
    namespace: str | None = None,
    predicate: Predicate | None = None,
    since: str = "",
    timeout: float | None = None,
    bookmarks: bool = False,
) -> Iterator[WatchEvent | None]:
    """Events after a version (or, with none or `0`, the present objects first) until the time is over.

    Yields None about every second without an event, so that the caller notices a client that has gone. Raises
    410 at the call for a version that the log no longer reaches, 400 for one that is not a number.
    """
    if since and not since.isdigit():
        raise bad_request(
            f'resourceVersion: Invalid value: "{since}": strconv.ParseUint: parsing "{since}": invalid syntax'
        )
    position = int(since or 0)
    initial: list[Stored] = []
    with storage.lock:
        if position == 0:
            initial = [s for s in storage.items(resource, namespace) if predicate is None or predicate(s.obj)]
            position = storage.version
        elif position < storage.oldest:
            raise expired(f"too old resource version: {position} ({storage.oldest})")
    return _events(storage, resource, namespace, predicate, position, initial, timeout, bookmarks)


def _events(
    storage: Storage,
    resource: Resource,
    namespace: str | None,
    predicate: Predicate | None,
    position: int,
    initial: list[Stored],
    timeout: float | None,
    bookmarks: bool,
) -> Iterator[WatchEvent | None]:
    for stored in initial:
        yield WatchEvent("ADDED", stored, stored.version)
    deadline = None if timeout is None else time.monotonic() + timeout
    while not storage.closed:
        remaining = 1.0 if deadline is None else min(1.0, deadline - time.monotonic())
        if remaining <= 0:
            break
        with storage.lock:
            changes = storage.since(position)
            if not changes and not storage.closed:
                storage.changed.wait(remaining)
                changes = storage.since(position)
        for change in changes:
            position = change.version
            if change.resource.plural != resource.plural:
                continue
            if namespace and change.stored.obj["metadata"].get("namespace") != namespace:
                continue
            event = _seen(change, predicate)
            if event is not None:
                yield event
        if not changes:
            yield None
    if bookmarks and not storage.closed:
        yield WatchEvent("BOOKMARK", None, position)
