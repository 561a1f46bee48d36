"""The recorded clusters merged into one: the groups are the causes that are known of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runbook_lib.judge import Selectors
from runbook_lib.triage import Looking, Triage

FOLDER = Path(__file__).parents[2] / "evidence"
EXPECTED: dict[str, list[str]] = json.loads((FOLDER / "expected.json").read_text())
WELL = {name for name, causes in EXPECTED.items() if set(causes) <= {"ok", "not-an-image-pull-problem"}}


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Triage:
    """All recordings as one bundle, each in a namespace with its own name."""
    items = []
    for name in EXPECTED:
        text = (FOLDER / f"{name}.json").read_text()
        for item in json.loads(text)["items"]:
            renamed = json.dumps(item).replace('"namespace": "shop"', json.dumps({"namespace": name})[1:-1])
            items.append(json.loads(renamed))
    bundle = tmp_path_factory.mktemp("merged") / "cluster.json"
    bundle.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return Looking(Selectors(bundle=str(bundle), probe=False)).look()


def test_every_recording_whose_pull_fails_is_in_a_group_of_its_cause(merged):
    told = {m.namespace: group.cause for group in merged.groups for m in group.members}
    assert told.keys() == EXPECTED.keys() - WELL
    for name, cause in told.items():
        assert cause in EXPECTED[name]


def test_a_group_stands_for_one_cause_and_one_thing(merged):
    assert len({(g.cause, g.thing_kind, g.thing) for g in merged.groups}) == len(merged.groups)


def test_recordings_with_the_same_trouble_share_a_group(merged):
    """The same wrong password, recorded with a pod and with a Deployment; the same registry not covered."""
    together = sorted(g.namespaces for g in merged.groups if len(g.namespaces) > 1)
    assert together == [("b-wrong-password", "l-deployment"), ("c-wrong-region", "k2-one-of-two")]


def test_the_pod_that_crashes_is_counted(merged):
    assert merged.unwell == (("CrashLoopBackOff", 1),)
    assert merged.pods_seen == 14
