"""Time conditions of policies are decided by the clock that is passed in, at the offset that they name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model.account import Condition, Conditions, rule_holds

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # a Monday


def about(attribute: str, operator: str, *values: str) -> Condition:
    return Condition(f"{{{{environment.attributes.{attribute}}}}}", operator, values)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (about("day_of_week", "dayOfWeekEquals", "1+00:00"), True),
        (about("day_of_week", "dayOfWeekEquals", "2+00:00"), False),
        (about("day_of_week", "dayOfWeekEquals", "2+01:00"), True),
        (about("day_of_week", "dayOfWeekAnyOf", "3+00:00", "1+00:00"), True),
        (about("day_of_week", "dayOfWeekAnyOf", "6+00:00", "7+00:00"), False),
        (about("day_of_week", "dayOfWeekEquals", "9+00:00"), None),
        (about("day_of_week", "dayOfWeekEquals", "Monday"), None),
        (about("current_time", "timeLessThan", "23:31:00+00:00"), True),
        (about("current_time", "timeLessThan", "23:30:00+00:00"), False),
        (about("current_time", "timeLessThanOrEquals", "23:30:00+00:00"), True),
        (about("current_time", "timeGreaterThan", "23:30:00Z"), False),
        (about("current_time", "timeGreaterThanOrEquals", "23:30:00Z"), True),
        (about("current_time", "timeLessThan", "09:00:00+02:00"), True),
        (about("current_time", "timeGreaterThan", "09:00:00-05:00"), True),
        (about("current_time", "timeLessThan", "noon"), None),
        (about("current_date", "dateLessThan", "2026-11-24+00:00"), True),
        (about("current_date", "dateLessThan", "2026-11-24+01:00"), False),
        (about("current_date", "dateGreaterThanOrEquals", "2026-11-23+00:00"), True),
        (about("current_date_time", "dateTimeLessThan", "2026-11-23T23:30:01+00:00"), True),
        (about("current_date_time", "dateTimeLessThan", "2026-11-24T00:30:00+01:00"), False),
        (about("current_date_time", "dateTimeLessThanOrEquals", "2026-11-24T00:30:00+01:00"), True),
        (about("current_date_time", "dateTimeGreaterThan", "2027-01-01T00:00:00Z"), False),
        (about("current_date_time", "dateTimeGreaterThan", "2027-13-01T00:00:00Z"), None),
        (
            about("current_date_time", "dateTimeLessThan", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
            None,
        ),
        (about("current_date", "timeLessThan", "12:00:00Z"), None),
        (Condition("{{resource.attributes.path}}", "stringEquals", ("a",)), None),
        (about("current_time", "timeEquals", "12:00:00Z"), None),
    ],
    ids=str,
)
def test_a_condition_holds_by_the_clock_at_its_own_offset(condition: Condition, holds: bool | None) -> None:
    assert rule_holds(condition, NOW) is holds


def test_sunday_may_be_written_7_or_0() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for day in "70":
        assert rule_holds(about("day_of_week", "dayOfWeekEquals", f"{day}+00:00"), sunday) is True


TRUE = about("day_of_week", "dayOfWeekEquals", "1+00:00")
FALSE = about("day_of_week", "dayOfWeekEquals", "2+00:00")
OPEN = Condition("{{resource.attributes.path}}", "stringEquals", ("a",))


@pytest.mark.parametrize(
    ("operator", "parts", "holds"),
    [
        ("and", (TRUE, TRUE), True),
        ("and", (TRUE, FALSE), False),
        ("and", (OPEN, FALSE), False),
        ("and", (OPEN, TRUE), None),
        ("or", (FALSE, TRUE), True),
        ("or", (OPEN, TRUE), True),
        ("or", (OPEN, FALSE), None),
        ("or", (FALSE, FALSE), False),
        ("and", (), None),
        ("or", (), None),
        ("xor", (TRUE,), None),
        ("and", (TRUE, Conditions("or", (FALSE, TRUE))), True),
        ("and", (TRUE, Conditions("or", (FALSE, OPEN))), None),
    ],
)
def test_joined_conditions_stay_open_where_what_is_open_would_decide(
    operator: str, parts: tuple[Condition | Conditions, ...], holds: bool | None
) -> None:
    assert rule_holds(Conditions(operator, parts), NOW) is holds


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_before_and_not_before_are_opposites_at_every_offset(moment: datetime, minutes: int) -> None:
    bound = NOW.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    now = moment.replace(tzinfo=UTC)
    before = rule_holds(about("current_date_time", "dateTimeLessThan", bound), now)
    after = rule_holds(about("current_date_time", "dateTimeGreaterThanOrEquals", bound), now)
    assert before is (now < NOW)
    assert after is (now >= NOW)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20), st.sampled_from(["time", "date", "dateTime"]))
def test_a_bound_that_cannot_be_read_decides_nothing_and_never_raises(text: str, what: str) -> None:
    keys = {"time": "current_time", "date": "current_date", "dateTime": "current_date_time"}
    assert rule_holds(about(keys[what], f"{what}LessThan", text), NOW) in (True, False, None)
