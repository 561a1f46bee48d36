"""Pages of a listing, and the `next` address that leads to the following one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from runbook_lib.lab.wire import Request

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page begins, how long it may be, and the token of the next page (empty at the end)."""

    start: int
    limit: int
    next_token: str


def number(text: str, default: int) -> int:
    """Returns the number in a query parameter, or the default."""
    return int(text) if text.isdigit() else default


def cut(items: Sequence[Item], start: int, limit: int) -> tuple[list[Item], Page]:
    """Returns the items of one page and its description."""
    end = start + max(limit, 1)
    return list(items[start:end]), Page(start, limit, str(end) if end < len(items) else "")


def address(request: Request, **changed: str) -> str:
    """Returns the request's own address with some query parameters changed."""
    return f"https://{request.host}{request.path}?{urlencode({**request.parameters, **changed})}"
