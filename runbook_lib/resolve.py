"""Takes readings by type: each once, from its provider, after the readings which that provider needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import Need, Provider

T = TypeVar("T")


class Resolver:
    """The readings of one case. A provider that raises is a defect of ours, kept as `Unavailable`."""

    def __init__(self, given: Mapping[type, object], providers: Mapping[type, Provider]) -> None:
        self._given, self._providers = dict(given), providers
        self._taken: dict[type, object] = {}

    def read(self, reading: type[T]) -> T | Unavailable:
        """Returns a reading, or the value that says why there is none."""
        return self._read(reading)  # type: ignore[return-value]

    def _read(self, reading: type) -> object:
        if reading in self._given:
            return self._given[reading]
        if reading not in self._taken:
            self._taken[reading] = self._take(self._providers[reading])
        return self._taken[reading]

    def _take(self, provider: Provider) -> object:
        arguments = self.arguments(provider.needs)
        if isinstance(arguments, Unavailable):
            return arguments
        try:
            return provider.run(**arguments)
        except Exception as defect:
            return Unavailable(provider.reading.__name__, Why.DEFECT, f"reading it raised {type(defect).__name__}")

    def arguments(self, needs: tuple[Need, ...]) -> dict[str, Any] | Unavailable:
        """Returns the arguments for a function with these needs, or the first reading that is missing."""
        arguments: dict[str, Any] = {}
        for need in needs:
            value = self._read(need.reading)
            if isinstance(value, Unavailable) and not need.accepts_unavailable:
                return value
            arguments[need.parameter] = value
        return arguments

    def give(self, reading: type, value: object) -> None:
        """Puts a given value in place of another one (the target, after a new pick)."""
        self._given[reading] = value

    def forget(self) -> None:
        """Drops the readings taken so far; given values stay."""
        self._taken.clear()

    def taken(self) -> Mapping[type, object]:
        """What has been read up to now."""
        return dict(self._taken)

    def call(self, run: Callable[..., T], needs: tuple[Need, ...]) -> T | Unavailable:
        """Calls a function with its readings, or returns the first that is missing."""
        arguments = self.arguments(needs)
        return arguments if isinstance(arguments, Unavailable) else run(**arguments)
