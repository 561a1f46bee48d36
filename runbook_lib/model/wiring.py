"""How steps, providers and causes name what they need: by the types of their annotated parameters.

Each reading is a frozen type with one provider. A parameter annotated `T` needs that reading; one
annotated `T | Unavailable` also takes the value that says why it could not be read. A type checker
and a rename see all of it, and `needs_of` lets a test check the graph.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from runbook_lib.model.finding import Outcome
from runbook_lib.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class Need:
    """One parameter: the type of reading and whether its `Unavailable` is accepted in its place."""

    parameter: str
    reading: type
    accepts_unavailable: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the document: a pure function from readings to an outcome."""

    id: str
    title: str
    run: Callable[..., Outcome]
    needs: tuple[Need, ...]

    @property
    def section(self) -> str:
        """The part of the id before the slash: the notebook that holds the step."""
        return self.id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Provider:
    """The one function that makes a reading of `reading` from its own needs."""

    reading: type
    run: Callable[..., object]
    needs: tuple[Need, ...]


def _union_members(annotation: object) -> tuple[type, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)  # type: ignore[return-value]


def needs_of(function: Callable[..., object]) -> tuple[Need, ...]:
    """Reads the needs of a function off its annotations. Raises TypeError for a parameter without one."""
    hints = get_type_hints(function)
    needs = []
    for name in inspect.signature(function).parameters:
        if name not in hints:
            raise TypeError(f"{function.__qualname__}: parameter {name!r} has no annotation")
        members = _union_members(hints[name])
        readings = [m for m in members if m is not Unavailable]
        if len(readings) != 1:
            raise TypeError(f"{function.__qualname__}: {name!r} must name one reading, not {hints[name]!r}")
        needs.append(Need(name, readings[0], Unavailable in members))
    return tuple(needs)


def step(id: str, title: str) -> Callable[[Callable[..., Outcome]], Step]:
    """Makes a function the step with this id. The ids are a contract (reports, JSON, tests)."""

    def wrap(function: Callable[..., Outcome]) -> Step:
        return Step(id, title, function, needs_of(function))

    return wrap


def provides(function: Callable[..., object]) -> Provider:
    """Makes a function the provider of the reading that its return annotation names."""
    returned: Any = get_type_hints(function)["return"]
    readings = [m for m in _union_members(returned) if m is not Unavailable]
    if len(readings) != 1:
        raise TypeError(f"{function.__qualname__}: a provider returns one reading, or Unavailable")
    return Provider(readings[0], function, needs_of(function))
