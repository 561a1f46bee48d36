"""The service accounts of a whole cluster, where that is fewer requests than one for each namespace with failing pulls.

An outage fails in sixty namespaces at once, and a cluster has a handful of service accounts in each: two pages
of them all say what sixty lists would.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from runbook_lib.sources.cluster.live import PAGE
from runbook_lib.sources.kube import RawObject
from runbook_lib.sources.pages import ListMetadata, Pages


class _Metadata(Struct):
    name: str
    namespace: str


class _Account(Struct, rename="camel"):
    metadata: _Metadata
    image_pull_secrets: Any = None


class _List(Struct):
    metadata: ListMetadata | None = None
    items: list[_Account] | UnsetType | None = UNSET


_decoder = msgspec.json.Decoder(_List)
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
        page = _decoder.decode(body)
        if page.items is UNSET:
            raise msgspec.ValidationError("a list without items")
        head = page.metadata or ListMetadata()
        is_first = not found
        for item in page.items or ():
            about = item.metadata
            raw = {
                "metadata": {"name": about.name, "namespace": about.namespace},
                "imagePullSecrets": item.image_pull_secrets,
            }
            found.setdefault(about.namespace, {})[about.name] = raw
        if is_first and head.token:
            left = head.remaining
            is_too_many = left is None or -(-left // PAGE) >= namespaces
        return "" if is_too_many else head.token or ""

    refused = pages.read("serviceaccounts", "", take, again=found.clear)
    return None if refused is not None or is_too_many else found
