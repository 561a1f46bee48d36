"""Names, conditions, key values and the state's form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.lab.cloud import BASE_FILE, CloudState, KeyFault, canonical, domain_of
from runbook_lib.lab.cloud.conditions import holds
from runbook_lib.lab.cloud.domains import REGIONS
from runbook_lib.lab.overlay import overlay


@pytest.mark.parametrize(
    ("host", "name", "region", "private"),
    [
        ("us.icr.io", "us.icr.io", "us-south", False),
        ("private.us.icr.io", "us.icr.io", "us-south", True),
        ("registry.ng.bluemix.net", "us.icr.io", "us-south", False),
        ("registry.eu-gb.bluemix.net", "uk.icr.io", "eu-gb", False),
        ("registry.bluemix.net", "icr.io", "global", False),
        ("private.icr.io", "icr.io", "global", True),
        ("cp.icr.io", "cp.icr.io", "global", False),
        ("in2.icr.io", "in2.icr.io", "in-mum", False),
    ],
)
def test_each_name_reaches_its_registry(host: str, name: str, region: str, private: bool) -> None:
    domain = domain_of(host)
    assert domain is not None
    assert (domain.host, domain.region, domain.private) == (name, region, private)


@pytest.mark.parametrize("host", ["docker.io", "dd0.us.icr.io", "xx.icr.io", "us.icr.io.example.org", ""])
def test_other_names_are_no_registry_of_ibms_and_stay_as_they_are(host: str) -> None:
    assert domain_of(host) is None
    assert canonical(host) == host


NOW = datetime.fromisoformat("2026-11-24T10:00:00+00:00")  # a Tuesday
WEEKDAYS = {"key": "d", "operator": "dayOfWeekAnyOf", "value": ["1+00:00", "2+00:00"]}
OFFICE = {"key": "t", "operator": "timeLessThan", "value": "17:00:00+00:00"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, True),
        ({"operator": "dateTimeLessThanOrEquals", "value": "2026-11-24T10:00:00+00:00"}, True),
        ({"operator": "dateTimeLessThan", "value": "2026-11-24T10:00:00+00:00"}, False),
        ({"operator": "dateTimeGreaterThan", "value": "2026-11-24T10:30:00+01:00"}, True),
        ({"operator": "timeGreaterThanOrEquals", "value": "09:00:00+00:00"}, True),
        ({"operator": "timeGreaterThanOrEquals", "value": "12:00:00+01:00"}, False),
        ({"operator": "dayOfWeekEquals", "value": "2+00:00"}, True),
        ({"operator": "dayOfWeekAnyOf", "value": ["6+00:00", "7+00:00"]}, False),
        ({"operator": "dayOfWeekEquals", "value": "1-11:00"}, True),
        ({"operator": "and", "conditions": [WEEKDAYS, OFFICE]}, True),
        ({"operator": "and", "conditions": [WEEKDAYS, {**OFFICE, "value": "09:00:00+00:00"}]}, False),
        ({"operator": "or", "conditions": [{**OFFICE, "value": "09:00:00+00:00"}, WEEKDAYS]}, True),
    ],
)
def test_a_condition_holds_at_its_time(rule: dict[str, Any] | None, expected: bool) -> None:
    assert holds(rule, NOW) is expected


def test_an_unknown_condition_is_a_mistake_of_the_scenario() -> None:
    with pytest.raises(ValueError, match="ipAddressEquals"):
        holds({"operator": "ipAddressEquals", "value": "x"}, NOW)


def test_key_values_have_the_real_form_differ_and_stay_the_same(state: CloudState) -> None:
    values = [state.key_value(name) for name in state.data.api_keys]
    assert {len(value) for value in values} == {44}
    assert all(value.startswith("lab_") for value in values)
    assert len(set(values)) == len(values)
    again = CloudState.load(BASE_FILE)
    assert values == [again.key_value(name) for name in state.data.api_keys]


def test_an_unknown_key_name_is_a_key_error(state: CloudState) -> None:
    with pytest.raises(KeyError):
        state.key_value("no-such-key")


def test_no_representation_shows_a_key() -> None:
    data = {
        "accounts": {"a": {}},
        "users": {"u": {"account": "a"}},
        "api_keys": {"k": {"owner": "u", "value": "plain-key-value"}},
        "entitlements": {"e": {"value": "plain-entitlement"}},
    }
    state = CloudState.load(data)
    assert "plain-" not in repr(state.data)
    assert state.key_value("k") == "plain-key-value"


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("rotated", KeyFault.DELETED),
        ("disabled", KeyFault.DISABLED),
        ("leaked", KeyFault.DISABLED),
        ("expired", KeyFault.EXPIRED),
        ("service-id-gone", KeyFault.OWNER_GONE),
    ],
)
def test_a_key_that_does_not_work_says_why(state: CloudState, key: str, fault: KeyFault) -> None:
    assert state.directory.holder(state.key_value(key)) is fault
    assert state.directory.holder("never-issued") is KeyFault.UNKNOWN


@pytest.mark.parametrize("key", ["good", "cluster", "key-locked", "service-id-locked", "expires-later", "personal"])
def test_locked_keys_and_identities_work(state: CloudState, key: str) -> None:
    assert not isinstance(state.directory.holder(state.key_value(key)), KeyFault)


@pytest.mark.parametrize("data", [{"acounts": {}}, {"accounts": {"shop": {"colour": "red"}}}, {"now": "yesterday"}])
def test_a_state_that_does_not_fit_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        CloudState.load(data)


def test_every_registry_has_a_region() -> None:
    assert len(REGIONS) == 15
    assert all(domain_of(host) for host in REGIONS)


TREES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)
MAPPINGS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


@settings(max_examples=60, deadline=None)
@given(MAPPINGS, MAPPINGS)
def test_an_overlay_keeps_what_is_not_changed_and_leaves_its_base_alone(
    base: dict[str, Any], changes: dict[str, Any]
) -> None:
    before = repr(base)
    merged = overlay(base, changes)
    assert repr(base) == before
    assert set(merged) == set(base) | set(changes)
    assert all(merged[key] == base[key] for key in set(base) - set(changes))
    assert overlay(base, dict.fromkeys(base)) == {}
