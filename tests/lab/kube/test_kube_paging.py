"""Pages of a list show one state of the cluster; a token that has become too old is a 410."""

from __future__ import annotations

import pytest

from runbook_lib.lab.kube import ApiRefusal, ObjectStore
from runbook_lib.lab.kube.paging import Page, list_page
from runbook_lib.lab.kube.selectors import selects

from .kube_manifests import pod


@pytest.fixture
def many(store: ObjectStore) -> ObjectStore:
    for index in range(7):
        store.create(pod(f"p{index}"))
        store.create(pod(f"q{index}", namespace="default"))
    return store


def _page(store: ObjectStore, token: str | None = None, **options: object) -> Page:
    return list_page(store.storage, store.resource("pods"), token=token, **options)  # type: ignore[arg-type]


def _names(page: Page) -> list[str]:
    return [stored.obj["metadata"]["name"] for stored in page.items]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 8])
def test_pages_together_are_the_list(many: ObjectStore, limit: int) -> None:
    page, names = _page(many, namespace="shop", limit=limit), []
    while True:
        names += _names(page)
        assert len(page.items) <= limit
        if page.next is None:
            break
        page = _page(many, page.next, namespace="shop", limit=limit)
    assert names == [f"p{index}" for index in range(7)]


def test_the_rest_is_counted_only_where_nothing_selects(many: ObjectStore) -> None:
    chosen = selects(many.resource("pods"), fields="metadata.name!=p0")
    assert _page(many, limit=4).remaining == 10
    assert _page(many, limit=4, predicate=chosen).remaining is None


def test_later_pages_do_not_see_later_changes(many: ObjectStore) -> None:
    first = _page(many, namespace="shop", limit=3)
    many.delete("pods", "shop", "p5")
    many.create(pod("p4a"))
    second = _page(many, first.next, namespace="shop", limit=10)
    assert _names(second) == ["p3", "p4", "p5", "p6"]
    assert second.version == first.version
    assert "p5" not in _names(_page(many, namespace="shop"))


def test_an_expired_token_is_a_410_whose_own_token_goes_on_in_the_present(many: ObjectStore) -> None:
    first = _page(many, namespace="shop", limit=3)
    many.expire_continue_tokens()
    many.delete("pods", "shop", "p5")
    with pytest.raises(ApiRefusal, match="continue parameter is too old") as refused:
        _page(many, first.next, namespace="shop", limit=3)
    assert (refused.value.status, refused.value.reason) == (410, "Expired")
    token = refused.value.to_status()["metadata"]["continue"]
    assert _names(_page(many, token, namespace="shop", limit=9)) == ["p3", "p4", "p6"]


@pytest.mark.parametrize("token", ["x", "!!!", "bm9wZQ", "eyJ2IjoidjkiLCJydiI6MSwic3RhcnQiOiJhIn0", "é"])
def test_a_token_that_is_none_is_a_400(many: ObjectStore, token: str) -> None:
    with pytest.raises(ApiRefusal, match="continue key is not valid") as refused:
        _page(many, token, limit=3)
    assert refused.value.status == 400
