"""The service accounts of a whole cluster, where that is fewer requests than one for each namespace with failing pulls.

An outage fails in sixty namespaces at once, and a cluster has a handful of service accounts in each: two pages
of them all say what sixty lists would.
"""

from __future__ import annotations

from runbook_lib.sources.cluster.live import PAGE
from runbook_lib.sources.kube import RawObject
from runbook_lib.sources.pages import Pages
from runbook_lib.triage.whole_lists import account_of, read_list

AccountsByNamespace = dict[str, dict[str, RawObject]]


def accounts_of_all(pages: Pages, namespaces: int) -> AccountsByNamespace | None:
    """Returns all service accounts of the cluster by namespace and name.

    None where they may not be listed, and where the first page says that a list for each namespace is less.

    Args:
        namespaces: how many lists that would be.
    """
    found: AccountsByNamespace = {}
    is_too_many = False

    def take(body: bytes) -> str:
        nonlocal is_too_many
        items, head = read_list(body)
        is_first = not found
        for item in items:
            namespace = str(item.metadata.get("namespace"))
            found.setdefault(namespace, {})[item.metadata["name"]] = account_of(item)
        if is_first and head.token:
            left = head.remaining
            is_too_many = left is None or -(-left // PAGE) >= namespaces
        return "" if is_too_many else head.token or ""

    refused = pages.read("serviceaccounts", "", take, again=found.clear)
    return None if refused is not None or is_too_many else found
