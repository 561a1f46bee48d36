"""A watch tells every change once, in order, as its selector sees it."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from runbook_lib.lab.kube import ApiRefusal, ObjectStore
from runbook_lib.lab.kube.selectors import selects
from runbook_lib.lab.kube.watching import watch

from .kube_manifests import pod


def _seen(store: ObjectStore, since: str, labels: str = "") -> list[tuple[str, str]]:
    resource = store.resource("pods")
    events = watch(store.storage, resource, "shop", selects(resource, labels), since, timeout=0.05)
    return [(e.type, e.stored.obj["metadata"]["name"]) for e in events if e is not None and e.stored is not None]


def _label(store: ObjectStore, name: str, **labels: str) -> None:
    current = store.get("pods", "shop", name)
    assert current is not None
    current["metadata"]["labels"] = labels
    store.update(current)


def test_changes_after_a_version_are_told_in_order(store: ObjectStore) -> None:
    since = str(store.storage.version)
    store.create(pod())
    store.create(pod(namespace="default"))
    store.replace_status("pods", "shop", "web", {"phase": "Running"})
    store.delete("pods", "shop", "web")
    told = _seen(store, since)
    assert told[0] == ("ADDED", "web")
    assert told[-1] == ("DELETED", "web")
    assert {kind for kind, _ in told[1:-1]} == {"MODIFIED"}


@pytest.mark.parametrize("since", ["", "0"])
def test_without_a_version_the_present_objects_come_first(store: ObjectStore, since: str) -> None:
    store.create(pod())
    assert _seen(store, since) == [("ADDED", "web")]


def test_entering_and_leaving_a_selection_are_added_and_deleted(store: ObjectStore) -> None:
    store.create(pod())
    since = str(store.storage.version)
    _label(store, "web", app="x")
    _label(store, "web", app="x", more="y")
    _label(store, "web")
    assert [kind for kind, _ in _seen(store, since, "app=x")] == ["ADDED", "MODIFIED", "DELETED"]


def test_the_last_version_of_a_deleted_object_carries_the_version_of_its_deletion(store: ObjectStore) -> None:
    made = store.create(pod())
    since = store.storage.version
    store.delete("pods", "shop", "web")
    events = [e for e in store.watch("pods", "shop", since=str(since), timeout=0.05) if e is not None]
    assert events[0].stored is not None
    assert int(events[0].stored.obj["metadata"]["resourceVersion"]) > int(made["metadata"]["resourceVersion"])


def test_a_version_that_is_too_old_is_a_410(store: ObjectStore) -> None:
    store.create(pod())
    store.expire_watches()
    with pytest.raises(ApiRefusal, match="too old resource version: 2") as refused:
        store.watch("pods", since="2")
    assert (refused.value.status, refused.value.reason) == (410, "Expired")


def test_a_watch_wakes_at_once_and_ends_with_the_store(store: ObjectStore) -> None:
    told: list[Any] = []
    first = threading.Event()

    def follow() -> None:
        for event in store.watch("pods", "shop", since=str(store.storage.version)):
            if event is not None:
                told.append(event.type)
                first.set()

    thread = threading.Thread(target=follow)
    thread.start()
    time.sleep(0.05)
    store.create(pod())
    assert first.wait(2)
    store.close()
    thread.join(2)
    assert not thread.is_alive()
    assert told[0] == "ADDED"
