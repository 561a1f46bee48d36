"""The conditions of IAM policies that hold at certain times only, decided by a clock that is passed in.

Source: IAM's page on time-based conditions. What is not about time is left undecided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TypeAlias

Moment: TypeAlias = date | time | datetime

_COMPARISON = re.compile(r"(?P<what>date|time|dateTime)(?P<how>LessThan|GreaterThan)(?P<equal>OrEquals)?")
_OFFSET = re.compile(r"(?P<before>.*?)(?P<offset>Z|[+-]\d\d:?\d\d)?")
_KEYS = {
    "date": "{{environment.attributes.current_date}}",
    "time": "{{environment.attributes.current_time}}",
    "dateTime": "{{environment.attributes.current_date_time}}",
    "dayOfWeek": "{{environment.attributes.day_of_week}}",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `{{environment.attributes.current_time}} timeLessThan 17:00:00+00:00`."""

    key: str
    operator: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Returns it as a line of evidence."""
        return f"{self.key.strip('{}').rpartition('.')[2]} {self.operator} {','.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions joined by `and` or `or`."""

    operator: str
    conditions: tuple[Rule, ...]

    def __str__(self) -> str:
        """Returns them as a line of evidence."""
        return "(" + f" {self.operator} ".join(map(str, self.conditions)) + ")"


Rule: TypeAlias = Condition | Conditions


def rule_holds(rule: Rule, now: datetime) -> bool | None:
    """True or False where the rule is about time and can be decided at `now`; None for everything else."""
    if isinstance(rule, Condition):
        return _condition_holds(rule, now)
    parts = [rule_holds(part, now) for part in rule.conditions]
    match rule.operator:
        case "and" if parts:
            return False if False in parts else None if None in parts else True
        case "or" if parts:
            return True if True in parts else None if None in parts else False
    return None


def _condition_holds(condition: Condition, now: datetime) -> bool | None:
    try:
        if condition.operator in ("dayOfWeekEquals", "dayOfWeekAnyOf") and condition.key == _KEYS["dayOfWeek"]:
            return any(_is_weekday(value, now) for value in condition.values)
        comparison = _COMPARISON.fullmatch(condition.operator)
        if not comparison or condition.key != _KEYS[comparison["what"]] or len(condition.values) != 1:
            return None
        actual, bound = _moments(comparison["what"], condition.values[0], now)
    except ValueError:
        return None
    if actual == bound:
        return bool(comparison["equal"])
    return (actual < bound) == (comparison["how"] == "LessThan")  # type: ignore[operator]  # of one kind


def _split(text: str) -> tuple[str, timezone]:
    match = _OFFSET.fullmatch(text)
    offset = match["offset"] if match else None
    if match is None or not offset or offset == "Z":
        return (match["before"] if match else text), UTC
    sign = -1 if offset[0] == "-" else 1
    return match["before"], timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))


def _is_weekday(text: str, now: datetime) -> bool:
    """Compares `1+00:00` (Monday) with the day at that offset; Sunday may be written 7 or 0."""
    day, zone = _split(text)
    if not 0 <= int(day) <= 7:
        raise ValueError(text)
    return (int(day) or 7) == now.astimezone(zone).isoweekday()


def _moments(what: str, text: str, now: datetime) -> tuple[Moment, Moment]:
    """Returns the clock and the bound, both as they read at the bound's offset."""
    if what == "dateTime":
        bound = datetime.fromisoformat(text)
        return now, bound if bound.tzinfo else bound.replace(tzinfo=UTC)
    before, zone = _split(text)
    here = now.astimezone(zone)
    if what == "date":
        return here.date(), date.fromisoformat(before)
    return here.time(), time.fromisoformat(before)
