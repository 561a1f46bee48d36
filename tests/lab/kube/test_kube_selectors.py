"""Label and field selectors choose as Kubernetes chooses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.lab.kube import ApiRefusal, ObjectStore
from runbook_lib.lab.kube.selectors import labels_match, parse_labels

from .kube_manifests import pod

LABELS = {
    "a": {"app": "web", "tier": "front"},
    "b": {"app": "web"},
    "c": {"app": "db", "tier": "back"},
    "d": {},
}


@pytest.fixture
def labelled(store: ObjectStore) -> ObjectStore:
    for name, labels in LABELS.items():
        manifest = pod(name)
        manifest["metadata"]["labels"] = labels
        store.create(manifest)
    return store


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        ("", "abcd"),
        ("app=web", "ab"),
        ("app==web", "ab"),
        ("app = web", "ab"),
        ("app!=web", "cd"),
        ("app in (web, db)", "abc"),
        ("app in (web,db),tier", "ac"),
        ("tier notin (front)", "bcd"),
        ("tier", "ac"),
        ("!tier", "bd"),
        ("app=web,!tier", "b"),
        ("app=", ""),
    ],
)
def test_label_selectors(labelled: ObjectStore, selector: str, chosen: str) -> None:
    assert [p["metadata"]["name"] for p in labelled.list("pods", labels=selector)] == list(chosen)


@pytest.mark.parametrize("selector", ["a b", "app in web", "=x", "app in (a", ",", "a=b=c"])
def test_a_label_selector_that_does_not_parse_is_a_400(store: ObjectStore, selector: str) -> None:
    with pytest.raises(ApiRefusal, match="unable to parse requirement") as refused:
        store.list("pods", labels=selector)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ("metadata.name=a", "a"),
        ("metadata.name!=a", "bcd"),
        ("metadata.namespace=shop", "abcd"),
        ("status.phase=Pending,metadata.name=b", "b"),
        ("status.phase!=Pending", ""),
        ("spec.nodeName=worker-1", "abcd"),
        ("spec.nodeName=", ""),
        ("spec.hostNetwork=false", "abcd"),
    ],
)
def test_field_selectors_of_pods(labelled: ObjectStore, fields: str, chosen: str) -> None:
    assert [p["metadata"]["name"] for p in labelled.list("pods", fields=fields)] == list(chosen)


@pytest.mark.parametrize(
    ("plural", "field"),
    [
        ("pods", "spec.bogus"),
        ("secrets", "data"),
        ("events", "involvedObject.bogus"),
        ("nodes", "status.phase"),
    ],
)
def test_a_field_that_the_type_does_not_offer_is_a_400(store: ObjectStore, plural: str, field: str) -> None:
    with pytest.raises(ApiRefusal, match=f"field label not supported: {field}") as refused:
        store.list(plural, fields=f"{field}=1")
    assert refused.value.status == 400


def test_events_are_chosen_by_reason_type_and_the_object_they_are_about(store: ObjectStore) -> None:
    for name, reason in (("a", "Failed"), ("a", "BackOff"), ("b", "Failed")):
        involved = {"kind": "Pod", "namespace": "shop", "name": name}
        store.record_event({"involvedObject": involved, "reason": reason, "message": "m", "type": "Warning"})
    found = store.list("events", fields="reason=Failed,involvedObject.name=a,involvedObject.kind=Pod,type=Warning")
    assert [(e["reason"], e["involvedObject"]["name"]) for e in found] == [("Failed", "a")]


def test_expressions_of_a_label_selector_object() -> None:
    terms: list[dict[str, Any]] = [
        {"key": "app", "operator": "In", "values": ["web"]},
        {"key": "old", "operator": "DoesNotExist"},
    ]
    assert labels_match({"matchExpressions": terms}, {"app": "web"})
    assert not labels_match({"matchExpressions": terms}, {"app": "web", "old": "1"})


WORD = st.from_regex(r"[a-z][a-z0-9./-]{0,8}", fullmatch=True)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(WORD, WORD, max_size=4), st.dictionaries(WORD, WORD, min_size=1, max_size=3))
def test_equalities_hold_exactly_for_labels_that_contain_them(labels: dict[str, str], wanted: dict[str, str]) -> None:
    terms = parse_labels(",".join(f"{key}={value}" for key, value in wanted.items()))
    assert all(term.holds(labels) for term in terms) == (wanted.items() <= labels.items())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_selector_or_a_400(text: str) -> None:
    status = 200
    try:
        parse_labels(text)
    except ApiRefusal as refusal:
        status = refusal.status
    assert status in (200, 400)
