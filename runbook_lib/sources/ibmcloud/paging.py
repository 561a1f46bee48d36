"""Listings that come in pages, read to their end; one without an end is given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

Item = TypeVar("Item")
PAGE_SIZE = 100
PAGE_LIMIT = 100


class EndlessListingError(Exception):
    """A listing that goes on after `PAGE_LIMIT` pages; half a listing would be taken for the whole."""


def all_pages(read: Callable[[str | None], tuple[list[Item], str | None]]) -> list[Item]:
    """Reads page after page: `read` takes what names a page (None for the first) and returns items and the
    next.

    Raises EndlessListingError, and whatever `read` raises.
    """
    found: list[Item] = []
    following: str | None = None
    for _ in range(PAGE_LIMIT):
        items, following = read(following)
        found += items
        if not following:
            return found
    raise EndlessListingError


def query_value(url: str | None, name: str) -> str | None:
    """Returns a parameter of a URL's query: services name the next page by its whole URL."""
    values = parse_qs(urlsplit(url or "").query).get(name)
    return values[0] if values else None
