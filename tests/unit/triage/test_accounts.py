"""The service accounts of all namespaces are read at once where that is fewer requests, and the same come out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runbook_lib.model.kube import ServiceAccount
from runbook_lib.model.kube_raw import service_account_from
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.pages import Pages
from runbook_lib.triage.accounts import accounts_of_all
from runbook_lib.triage.shared_cluster import Noted, SharedCluster
from runbook_lib.triage.whole_lists import taker

MADE = "2026-11-24T10:00:00Z"


def account(namespace: str, name: str = "default", *secrets: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace, "creationTimestamp": MADE, "annotations": {"a": "b"}}
    return {"metadata": metadata, "imagePullSecrets": [{"name": secret} for secret in secrets]}


class Server:
    """Pages of service accounts as an API server has them; `refused` is its answer for all namespaces."""

    def __init__(self, namespaces: int, *, page: int = 500, tells: bool = True, refused: Any = None) -> None:
        self.all = [account(f"n{n:04}", "default", f"s{n}") for n in range(namespaces)]
        self.page_size, self.tells, self.refused, self.asked = page, tells, refused, []

    def page(self, resource: str, namespace: str = "", *, fields: str = "", after: str = "") -> Any:
        self.asked.append((namespace, after))
        if not namespace and self.refused is not None:
            return self.refused
        listed = [a for a in self.all if namespace in ("", a["metadata"]["namespace"])]
        start = int(after or 0)
        end = start + self.page_size
        metadata: dict[str, Any] = {"continue": str(end)} if end < len(listed) else {}
        if metadata and self.tells:
            metadata["remainingItemCount"] = len(listed) - end
        return 200, json.dumps({"metadata": metadata, "items": listed[start:end]}).encode(), ""


def test_all_are_read_by_namespace_and_name():
    server = Server(1200)
    found = accounts_of_all(Pages(server), 60)
    assert found is not None
    assert len(server.asked) == 3
    assert len(found) == 1200
    assert service_account_from(found["n0007"]["default"]) == ServiceAccount("n0007", "default", ("s7",), MADE)


def test_an_account_is_the_same_however_it_was_read():
    """When it was made decides whether a pod could have got its secrets."""
    one = {}
    taker("serviceaccounts", one, frozenset())(Server(1).page("serviceaccounts", "n0000")[1])
    found = accounts_of_all(Pages(Server(1)), 60)
    assert found == {"n0000": one}


CASES = {
    "as many pages as lists": (1000, 3, True, 2),
    "one page more than lists": (2000, 3, True, 1),
    "a server that does not say how many are left": (1000, 60, False, 1),
    "one page, whatever it says": (400, 3, False, 1),
}


@pytest.mark.parametrize(("there", "namespaces", "tells", "requests"), CASES.values(), ids=CASES.keys())
def test_the_first_page_decides(there, namespaces, tells, requests):
    server = Server(there, tells=tells)
    found = accounts_of_all(Pages(server), namespaces)
    assert len(server.asked) == requests
    assert (found is None) == (requests == 1 and there > 500)


REFUSALS = {
    "may not list them": (403, b"{}", ""),
    "cannot be reached": Unavailable("service accounts", Why.UNREACHABLE, "broke"),
    "is no list": (200, b"[]", ""),
}


def failing_in(*namespaces: str) -> Noted:
    noted = Noted()
    for namespace in namespaces:
        noted.examples[namespace, "web"] = {"metadata": {"name": "web", "namespace": namespace}}
    return noted


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=REFUSALS.keys())
def test_where_all_may_not_be_listed_each_namespace_is(refused):
    server = Server(10, refused=refused)
    spaces = [f"n{n:04}" for n in range(4)]
    shared = SharedCluster(None, failing_in(*spaces), Pages(server))
    names = [shared.get("serviceaccounts", space, "default")["imagePullSecrets"] for space in spaces]
    assert names == [[{"name": f"s{n}"}] for n in range(4)]
    assert [namespace for namespace, _ in server.asked if namespace] == spaces


def test_few_namespaces_are_asked_one_by_one():
    server = Server(10)
    shared = SharedCluster(None, failing_in("n0001", "n0002"), Pages(server))
    shared.get("serviceaccounts", "n0001", "default")
    shared.get("serviceaccounts", "n0002", "default")
    assert server.asked == [("n0001", ""), ("n0002", "")]


def test_one_that_is_not_among_all_is_missing():
    shared = SharedCluster(None, failing_in("n0001", "n0002", "gone"), Pages(Server(10)))
    for missing in (("gone", "default"), ("n0001", "builder")):
        found = shared.get("serviceaccounts", *missing)
        assert isinstance(found, Unavailable)
        assert found.says_absent
