"""IBM Cloud for one run: each reading asked once, and whether the cluster's own keys may be asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from runbook_lib.model.unavailable import Unavailable, Why

if TYPE_CHECKING:
    from runbook_lib.sources.ibmcloud import IbmCloudSource

T = TypeVar("T")


class Methods:
    """Names the methods of a source without importing it, which takes its HTTP clients along.

    `Methods().images` calls the method `images` of the source that it is given.
    """

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(source: object, *arguments: object) -> Any:
            return getattr(source, name)(*arguments)

        method.__name__ = name
        return method


class Account:
    """The account's source with what it has answered so far.

    Args:
        source: None for evidence that is judged offline.
        why_not: why there is none.
        asks_keys: whether a key found in a pull secret may be shown to IAM, to learn whose it is.
    """

    def __init__(self, source: IbmCloudSource | None, why_not: str = "", *, asks_keys: bool = False) -> None:
        self._source, self._why_not = source, why_not
        self.asks_keys = asks_keys and source is not None
        self._answers: dict[tuple[object, ...], object] = {}

    def once(self, what: str, method: Callable[..., T | Unavailable], *arguments: object) -> T | Unavailable:
        """Returns the answer of one of the source's methods, asking only the first time.

        Args:
            what: names the reading where there is no source.
            method: an unbound method of `IbmCloudSource`.
            arguments: its arguments, which are hashable.
        """
        if self._source is None:
            return Unavailable(what, Why.NOT_ASKED, self._why_not)
        key = (method.__name__, *arguments)
        if key not in self._answers:
            self._answers[key] = method(self._source, *arguments)
        return self._answers[key]  # type: ignore[return-value]

    def prepare(self) -> None:
        """Loads what the first question would have to wait for; nothing is asked."""
        if self._source is not None:
            self._source.prepare()

    def forget(self) -> None:
        """Drops the answers, so that a refresh asks again."""
        self._answers.clear()
