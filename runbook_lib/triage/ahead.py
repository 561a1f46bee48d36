"""What the diagnoses will need is read and loaded while the pods are still being listed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from runbook_lib.sources.pods import Page

_AT_ONCE = 4


class Ahead:
    """Begins readings that are kept by whoever makes them, each once; what they come to is asked for later.

    Args:
        read: reads what the diagnosis of a namespace's pods needs.
        prepare: loads what any diagnosis needs; called when the first failing pod has been seen.
    """

    def __init__(self, read: Callable[[str], object], prepare: Callable[[], object]) -> None:
        self._read, self._prepare = read, prepare
        self._begun: set[str] = set()
        self._is_prepared = False
        self._pool = ThreadPoolExecutor(_AT_ONCE, "ahead")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=kind is not None)

    def seen(self, page: Page, failing: Collection[str]) -> None:
        """Begins with the failing namespaces that are complete.

        A list of pods is in the order of the namespaces, so one is complete when a later one has come.
        """
        if failing and not self._is_prepared:
            self._is_prepared = True
            self._pool.submit(self._prepare)
        last = max((f"{well.namespace}/" for well in page.well), default="")  # as etcd orders its keys
        for namespace in sorted(failing):
            if f"{namespace}/" < last and namespace not in self._begun:
                self._begun.add(namespace)
                self._pool.submit(self._read, namespace)
