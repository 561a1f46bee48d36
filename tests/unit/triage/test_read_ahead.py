"""Pages that are read ahead are the pages that would have been asked for, each once."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.pages import Pages
from runbook_lib.sources.read_ahead import ReadAhead


class Numbered:
    """A cluster with a list of numbered pages, which remembers what it was asked for."""

    def __init__(self, pages: int, refused: dict[int, Any] | None = None) -> None:
        self.pages, self.refused, self.asked = pages, refused or {}, []

    def page(self, resource: str, namespace: str = "", *, fields: str = "", after: str = "") -> Any:
        self.asked.append((resource, namespace, fields, after))
        number = int(after or 0)
        if number in self.refused:
            return self.refused.pop(number)
        token = {"continue": str(number + 1)} if number + 1 < self.pages else {}
        return 200, json.dumps({"kind": "PodList", "metadata": token, "items": [number]}).encode(), ""


def read(ahead: ReadAhead, namespace: str = "") -> tuple[list[int], Unavailable | None]:
    taken: list[int] = []

    def take(body: bytes) -> str:
        page = json.loads(body)
        taken.extend(page["items"])
        return page["metadata"].get("continue", "")

    refused = Pages(ahead).read("pods", namespace, take, again=taken.clear)
    return taken, refused


def test_each_page_is_asked_for_once_and_in_order():
    cluster = Numbered(7)
    assert read(ReadAhead(cluster, "pods")) == (list(range(7)), None)
    assert [after for *_, after in cluster.asked] == ["", *map(str, range(1, 7))]


def test_other_lists_are_asked_for_when_they_are_asked_for():
    cluster = Numbered(3)
    ahead = ReadAhead(cluster, "pods")
    ahead.page("events", "", fields="reason=Failed")
    assert read(ahead)[0] == [0, 1, 2]
    assert [r for r, *_ in cluster.asked].count("events") == 1


def test_a_second_reading_of_the_list_is_a_fresh_one():
    cluster = Numbered(2)
    ahead = ReadAhead(cluster, "pods")
    assert read(ahead)[0] == [0, 1]
    assert read(ahead)[0] == [0, 1]
    assert len(cluster.asked) == 4


@pytest.mark.parametrize(
    "answer", [(503, b"", "0"), Unavailable("pods", Why.UNREACHABLE, "broke")], ids=["busy", "broken"]
)
def test_a_page_that_fails_is_asked_for_again(answer):
    cluster = Numbered(4, {2: answer})
    assert read(ReadAhead(cluster, "pods")) == ([0, 1, 2, 3], None)


def test_another_scope_than_was_expected_is_read_rightly():
    cluster = Numbered(3)
    assert read(ReadAhead(cluster, "pods", "shop"), "")[0] == [0, 1, 2]


def test_where_reading_ahead_breaks_off_the_rest_is_read_all_the_same():
    """Whatever breaks: nobody waits for a page that does not come."""

    class Breaking(Numbered):
        def page(self, *given: Any, **named: Any) -> Any:
            if len(self.asked) == 2 and threading.current_thread().name == "read-ahead":
                raise RuntimeError("can't start new thread")
            return super().page(*given, **named)

    assert read(ReadAhead(Breaking(5), "pods")) == ([0, 1, 2, 3, 4], None)


def test_no_more_than_a_few_pages_lie_ready():
    """Memory stays bounded where the reader is slower than the server."""
    cluster = Numbered(50)
    ahead = ReadAhead(cluster, "pods")
    time.sleep(0.2)
    assert len(cluster.asked) <= 4
    ahead.close()
    time.sleep(0.3)
    assert not [t for t in threading.enumerate() if t.name == "read-ahead" and t is ahead._thread]
