"""Readings for a namespace begin when all its pods have been seen, and once."""

from __future__ import annotations

import threading

import pytest

from runbook_lib.sources.pods import Page, Well
from runbook_lib.triage.ahead import Ahead


def page(*namespaces: str) -> Page:
    return Page([], [Well(namespace, "p", "n", "", (), ()) for namespace in namespaces], "")


class Begun:
    """What was begun, by whatever thread."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.prepared = 0

    def prepare(self) -> None:
        self.prepared += 1


def begun(*pages: tuple[Page, set[str]]) -> Begun:
    done = Begun()
    with Ahead(done.read.append, done.prepare) as ahead:
        for seen, failing in pages:
            ahead.seen(seen, failing)
    ahead._pool.shutdown(wait=True)
    return done


def test_a_namespace_is_read_when_a_later_one_has_come():
    assert begun((page("a", "b"), {"a", "b"})).read == ["a"]
    assert sorted(begun((page("a", "b"), {"a", "b"}), (page("b", "c"), {"a", "b"})).read) == ["a", "b"]


def test_the_order_is_that_of_the_keys_and_not_of_the_names():
    """`shop-dev/…` comes before `shop/…`, since a hyphen comes before a slash."""
    assert begun((page("shop-dev", "shop"), {"shop"})).read == []
    assert begun((page("shop-dev", "shop"), {"shop-dev"})).read == ["shop-dev"]


def test_it_is_read_once_however_many_pages_come_after_it():
    assert begun(*[(page("b", "c"), {"a"})] * 5).read == ["a"]


def test_where_nothing_fails_nothing_is_read_or_loaded():
    done = begun((page("a", "b"), set()), (page("b", "c"), set()))
    assert (done.read, done.prepared) == ([], 0)


def test_what_every_diagnosis_needs_is_loaded_once():
    assert begun(*[(page("a"), {"a"})] * 3).prepared == 1


def test_an_error_in_a_reading_is_left_to_whoever_asks_for_it():
    def read(_namespace: str) -> None:
        raise RuntimeError

    with Ahead(read, lambda: None) as ahead:
        ahead.seen(page("b"), {"a"})
    ahead._pool.shutdown(wait=True)


def test_where_the_list_fails_what_was_not_begun_is_dropped():
    read, release = [], threading.Event()

    def slow(namespace: str) -> None:
        release.wait(10)
        read.append(namespace)

    with pytest.raises(ValueError, match="the list"), Ahead(slow, lambda: None) as ahead:  # noqa: PT012
        ahead.seen(page("z"), {f"n{n}" for n in range(40)})
        raise ValueError("the list")
    release.set()
    ahead._pool.shutdown(wait=True)
    assert len(read) < 40
