"""Patches: what each form does to lists and maps, and server-side apply."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.lab.kube import ApiRefusal
from runbook_lib.lab.kube.patch import json_patch, merge_patch
from runbook_lib.lab.kube.strategic import strategic_merge, without_dropped

Obj = dict[str, Any]


def _template(**spec: Any) -> Obj:
    return {"spec": {"template": {"spec": spec}}}


STRATEGIC = [
    pytest.param(
        "ServiceAccount",
        {"imagePullSecrets": [{"name": "default-dockercfg-x"}]},
        {"imagePullSecrets": [{"name": "all-icr-io"}]},
        {"imagePullSecrets": [{"name": "all-icr-io"}]},
        id="pull secrets of a service account are replaced",
    ),
    pytest.param(
        "ServiceAccount",
        {"secrets": [{"name": "a"}]},
        {"secrets": [{"name": "b"}]},
        {"secrets": [{"name": "a"}, {"name": "b"}]},
        id="secrets of a service account are merged",
    ),
    pytest.param(
        "Deployment",
        _template(imagePullSecrets=[{"name": "a"}]),
        _template(imagePullSecrets=[{"name": "b"}]),
        _template(imagePullSecrets=[{"name": "a"}, {"name": "b"}]),
        id="pull secrets of a template are merged",
    ),
    pytest.param(
        "Deployment",
        _template(containers=[{"name": "a", "image": "1"}, {"name": "b", "image": "1"}]),
        _template(containers=[{"name": "b", "image": "2"}]),
        _template(containers=[{"name": "a", "image": "1"}, {"name": "b", "image": "2"}]),
        id="containers are merged by name",
    ),
    pytest.param(
        "Deployment",
        _template(containers=[{"name": "a"}, {"name": "b"}]),
        _template(containers=[{"name": "a", "$patch": "delete"}]),
        _template(containers=[{"name": "b"}]),
        id="an entry can be deleted",
    ),
    pytest.param(
        "Deployment",
        _template(imagePullSecrets=[{"name": "a"}]),
        _template(imagePullSecrets=[{"$patch": "replace"}, {"name": "b"}]),
        _template(imagePullSecrets=[{"name": "b"}]),
        id="a list can be replaced on request",
    ),
    pytest.param(
        "Deployment",
        _template(tolerations=[{"key": "a"}]),
        _template(tolerations=[{"key": "b"}]),
        _template(tolerations=[{"key": "b"}]),
        id="tolerations are replaced",
    ),
    pytest.param("ConfigMap", {"data": {"a": "1", "b": "2"}}, {"data": {"a": None}}, {"data": {"b": "2"}}, id="null"),
    pytest.param(
        "Pod",
        {"metadata": {"finalizers": ["a", "b"]}},
        {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}},
        {"metadata": {"finalizers": ["b"]}},
        id="values of a plain list can be deleted",
    ),
]


@pytest.mark.parametrize(("kind", "target", "patch", "result"), STRATEGIC)
def test_strategic_merge(kind: str, target: Obj, patch: Obj, result: Obj) -> None:
    before = copy.deepcopy(target)
    assert strategic_merge(kind, target, patch) == result
    assert target == before


def test_an_entry_without_its_merge_key_is_a_400() -> None:
    with pytest.raises(ApiRefusal, match="does not contain declared merge key: name") as refused:
        strategic_merge("Deployment", {}, _template(containers=[{"image": "1"}]))
    assert refused.value.status == 400


SAMPLE: Obj = {"a": [1, 2], "m": {"x/y": 1}}


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ({"op": "add", "path": "/a/-", "value": 3}, {"a": [1, 2, 3], "m": {"x/y": 1}}),
        ({"op": "add", "path": "/a/0", "value": 0}, {"a": [0, 1, 2], "m": {"x/y": 1}}),
        ({"op": "add", "path": "/n", "value": [4]}, {"a": [1, 2], "m": {"x/y": 1}, "n": [4]}),
        ({"op": "remove", "path": "/a/1"}, {"a": [1], "m": {"x/y": 1}}),
        ({"op": "replace", "path": "/m/x~1y", "value": 2}, {"a": [1, 2], "m": {"x/y": 2}}),
        ({"op": "test", "path": "/a", "value": [1, 2]}, SAMPLE),
        ({"op": "move", "from": "/a", "path": "/b"}, {"b": [1, 2], "m": {"x/y": 1}}),
        ({"op": "copy", "from": "/a/0", "path": "/b"}, {"a": [1, 2], "m": {"x/y": 1}, "b": 1}),
    ],
    ids=lambda value: value["op"] if isinstance(value, dict) and "op" in value else "",
)
def test_json_patch(operation: Obj, result: Obj) -> None:
    before = copy.deepcopy(SAMPLE)
    assert json_patch(SAMPLE, [operation]) == result
    assert before == SAMPLE


@pytest.mark.parametrize(
    ("operations", "status"),
    [
        ([{"op": "test", "path": "/a", "value": 9}], 422),
        ([{"op": "remove", "path": "/gone"}], 422),
        ([{"op": "add", "path": "/a/9", "value": 1}], 422),
        ([{"op": "add", "path": "/gone/-", "value": 1}], 422),
        ([{"op": "spin", "path": "/a"}], 400),
        ({"op": "add"}, 400),
    ],
)
def test_a_json_patch_that_cannot_be_applied(operations: Any, status: int) -> None:
    with pytest.raises(ApiRefusal) as refused:
        json_patch(SAMPLE, operations)
    assert refused.value.status == status


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(JSON, JSON)
def test_merging_the_same_patch_again_changes_nothing(target: Any, patch: Any) -> None:
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


def test_an_apply_takes_back_what_it_no_longer_names() -> None:
    live = _template(imagePullSecrets=[{"name": "a"}, {"name": "b"}, {"name": "by-hand"}])
    before = _template(imagePullSecrets=[{"name": "a"}, {"name": "b"}])
    after = _template(imagePullSecrets=[{"name": "a"}])
    kept = without_dropped("Deployment", live, before, after)
    assert kept == _template(imagePullSecrets=[{"name": "a"}, {"name": "by-hand"}])
