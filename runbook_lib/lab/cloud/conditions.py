"""Time conditions of policies: whether a v2 `rule` holds at a given time.

Rules are written as the policy API writes them: a comparison of the current date, time or day of the week, or
several joined by `and` or `or`. A comparison that the lab does not know raises ValueError: it would be a
mistake of the scenario.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "LessThan": operator.lt,
    "LessThanOrEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanOrEquals": operator.ge,
}


def holds(rule: Mapping[str, Any] | None, now: datetime) -> bool:
    """Returns whether the rule lets the policy take effect at `now`; no rule always does."""
    if not rule:
        return True
    joined = rule.get("conditions")
    if joined is not None:
        results = [holds(part, now) for part in joined]
        return all(results) if rule["operator"] == "and" else any(results)
    return _compare(str(rule["operator"]), rule["value"], now)


def _compare(name: str, value: Any, now: datetime) -> bool:
    if name.startswith("dateTime"):
        return _COMPARISONS[name.removeprefix("dateTime")](now, datetime.fromisoformat(value))
    if name.startswith("time"):
        limit = time.fromisoformat(value)
        zone = limit.tzinfo or UTC
        return _COMPARISONS[name.removeprefix("time")](now.astimezone(zone).timetz(), limit)
    if name in ("dayOfWeekEquals", "dayOfWeekAnyOf"):
        days = value if isinstance(value, list) else [value]
        return any(_is_day(str(day), now) for day in days)
    raise ValueError(f"the lab knows no condition {name}")


def _is_day(text: str, now: datetime) -> bool:
    """Returns whether it is the day `1+00:00` (Monday, with the zone's offset)."""
    day, offset = text[0], text[1:] or "+00:00"
    sign = -1 if offset[0] == "-" else 1
    hours, minutes = (int(part) for part in offset[1:].split(":"))
    zone = timezone(sign * timedelta(hours=hours, minutes=minutes))
    return now.astimezone(zone).isoweekday() == int(day)
