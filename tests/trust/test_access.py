"""`runbook access` tells in advance what a run will find out: which steps are UNKNOWN, and what to ask for."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from runbook_lib.access import ASKED_BY, BESIDE_STEPS, OF_ACCOUNT, Where, access, rules_for, steps_without
from runbook_lib.cli import cli
from runbook_lib.lab import Lab
from runbook_lib.model.finding import Status
from runbook_lib.model.problem import BadInput
from runbook_lib.model.readings import Target
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import Provider
from runbook_lib.providers import PROVIDERS
from runbook_lib.session import Session
from runbook_lib.sources.cluster.reviews import Right

from . import least
from .runs import in_environment, run, session_of

SCENARIOS = ("stale-secret-copy", "no-pull-secret", "registry-token-retired", "iam-policy-missing", "tag-not-found")
NO_LOGIN = Unavailable("the IBM Cloud login", Why.NO_LOGIN, "none", "log in")
ALL = (*ASKED_BY.values(), *BESIDE_STEPS)


def rules_without(verb: str, resource: str) -> list[dict[str, Any]]:
    """Rules with every right of the roles but one."""
    pairs = sorted(least.granted() - {(verb, resource)})
    return [{"apiGroups": [""], "verbs": [v], "resources": [r]} for v, r in pairs]


class Spy:
    """Stands before a cluster and notes what is asked of it, under the reading that asks."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.asked, self.reading = inner, defaultdict(set), threading.local()

    def get(self, resource: str, namespace: str, name: str) -> Any:
        self.asked[self.reading.now].add(("get", resource, namespace))
        return self._inner.get(resource, namespace, name)

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Any:
        self.asked[self.reading.now].add(("list", resource, namespace))
        return self._inner.list(resource, namespace, fields=fields)

    def identity(self) -> Any:
        return self._inner.identity()


def asked_of(session: Session, target: Target) -> dict[type, set[tuple[str, str, str]]]:
    """What each provider asks of the cluster, with its own needs answered from a resolver beside it."""
    from runbook_lib.resolve import Resolver
    from runbook_lib.sources.kube import KubeSource

    plain = session.resolver(target)
    spy = Spy(session.cluster)
    for reading, provider in PROVIDERS.items():
        spy.reading.now = reading
        needs = {n.reading: plain.read(n.reading) for n in provider.needs if n.reading is not KubeSource}
        alone: dict[type, Provider] = {reading: provider}
        Resolver({**needs, KubeSource: spy}, alone).read(reading)
    return dict(spy.asked)


def test_the_table_of_what_readings_ask_is_what_their_providers_ask():
    """A provider that asks for something new, or no longer asks, changes the table or fails this test."""
    found: dict[type, set[tuple[str, str, str]]] = defaultdict(set)
    for name in SCENARIOS:
        with Lab(name) as lab, in_environment(lab.env):
            for reading, asked in asked_of(session_of(lab), Target("shop", "web", "app")).items():
                found[reading] |= asked
    places = {Where.PROJECT: "shop", Where.DEFAULT: "default", Where.CLUSTER: ""}
    assert found == {r: {(a.verb, a.resource, places[a.where])} for r, a in ASKED_BY.items()}


def test_the_roles_grant_what_the_table_asks():
    """deploy/clusterrole.yaml and the table say the same; events are listed only, namespaces got only."""
    assert {(a.verb, a.resource) for a in ALL} == least.granted()


@pytest.mark.parametrize("asked", sorted({(a.verb, a.resource) for a in ASKED_BY.values()}))
@pytest.mark.parametrize("name", SCENARIOS[:3])
def test_steps_that_access_calls_unknown_are_unknown_and_no_others(name, asked):
    """With one right withheld: what was foretold comes true, in the words of `runbook access`."""
    lost = {reading for reading, a in ASKED_BY.items() if (a.verb, a.resource) == asked}
    unknown, less = steps_without(lost)
    with Lab(name) as lab:
        with in_environment(lab.env):
            whole = statuses(run(lab).result)
        with in_environment(least.give_rules(lab, rules_without(*asked))):
            told = run(lab, context=least.CONTEXT)
        pod = lab.store.get("pods", "shop", "web")
    if told.result is None:  # the pod itself: nothing can begin, and why is said
        assert asked[1] == "pods"
        assert "may not" in told.refusal
        return
    after = statuses(told.result)
    changed = {s for s in after if after[s] is not whole[s]}
    assert {s for s in changed if after[s] is Status.UNKNOWN} <= {*unknown, *less}
    if asked == ("get", "secrets") and not pod["spec"].get("imagePullSecrets"):
        assert not changed  # there is no secret to get
        return
    assert {s for s in unknown if after[s] not in (Status.UNKNOWN, Status.SKIPPED)} == set()


def statuses(result: Any) -> dict[str, Status]:
    return {f.step: f.status for case in result.cases for f in case.findings}


def test_without_a_login_the_steps_that_read_the_account_are_unknown():
    """IBM Cloud's part is foretold too."""
    with Lab("stale-secret-copy") as lab, in_environment({**lab.env, "IBMCLOUD_API_KEY": ""}):
        after = statuses(run(lab).result)
    for step in steps_without(OF_ACCOUNT)[0]:
        assert after[step] in (Status.UNKNOWN, Status.SKIPPED), step


def access_as(lab: Lab, *arguments: str) -> Result:
    with in_environment(lab.env):
        return CliRunner().invoke(cli, ["access", *arguments], standalone_mode=False)


def test_a_viewer_is_told_the_role_to_ask_for():
    """The YAML at the end of the text is the JSON's `ask_for`, and grants exactly what was answered with no."""
    with Lab("no-pull-secret") as lab:
        text = access_as(lab, "--context", "lab-viewer").output
        document = json.loads(access_as(lab, "--context", "lab-viewer", "--format", "json").output)
    roles = list(yaml.safe_load_all(text.partition("bound to your user:")[2]))
    assert roles == document["ask_for"]
    refused = {(r["verb"], r["resource"], r["namespace"]) for r in document["rights"] if r["allowed"] is False}
    asked = {
        (v, r, o["metadata"].get("namespace", ""))
        for o in roles
        for rule in o["rules"]
        for v in rule["verbs"]
        for r in rule["resources"]
    }
    assert asked == refused == {("get", "secrets", "shop"), ("list", "secrets", "shop"), ("list", "secrets", "default")}


def test_with_the_role_that_was_asked_for_every_step_can_be_judged():
    """Who gets what the tool asks for needs nothing else."""
    with Lab("no-pull-secret") as lab:
        document = json.loads(access_as(lab, "--context", "lab-viewer", "--format", "json").output)
        for role in document["ask_for"]:
            lab.store.create(role)
            lab.store.create(binding_of(role, "lab-viewer"))
        after = access_as(lab, "--context", "lab-viewer", "--format", "json")
    assert json.loads(after.output)["complete"] is True
    assert after.return_value == 0


def binding_of(role: dict[str, Any], user: str) -> dict[str, Any]:
    kind = "RoleBinding" if role["kind"] == "Role" else "ClusterRoleBinding"
    group = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group}/v1",
        "kind": kind,
        "metadata": role["metadata"],
        "roleRef": {"apiGroup": group, "kind": role["kind"], "name": role["metadata"]["name"]},
        "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
    }


def test_an_expired_login_is_one_sentence():
    """Nothing is known then, so that no table is shown."""
    with Lab("no-pull-secret") as lab:
        outcome = access_as(lab, "--context", "lab-expired")
    assert isinstance(outcome.exception, BadInput)
    assert "does not accept the login" in str(outcome.exception)


def test_a_cluster_that_answers_no_reviews_leaves_question_marks():
    """Not learned is neither yes nor no, and nothing is asked for."""
    refused = Unavailable("what the login may do", Why.FORBIDDEN, "not allowed")
    found = access("shop", lambda _right: refused, NO_LOGIN)
    assert {e.allowed for e in found.entries} == {None}
    assert rules_for(found.missing) == []
    assert not found.complete


@pytest.mark.parametrize("why", [Why.UNREACHABLE, Why.TIMEOUT, Why.UNAUTHENTICATED])
def test_a_cluster_that_does_not_answer_is_asked_once(why):
    """Twelve questions to a cluster that is not there would be twelve time limits."""
    asked: list[Right] = []

    def may(right: Right) -> Unavailable:
        asked.append(right)
        return Unavailable("what the login may do", why, "no answer")

    with pytest.raises(BadInput):
        access("shop", may, NO_LOGIN)
    assert len(asked) == 1


def wrong_answers() -> Iterator[Any]:
    yield from ([], {}, {"status": []}, {"status": {"allowed": "yes"}}, {"status": {"allowed": None}}, 7, "x")


@pytest.mark.parametrize("answer", list(wrong_answers()), ids=repr)
def test_a_review_of_another_shape_is_no_yes(answer):
    """Only `true` is a yes."""
    from runbook_lib.lab.kube import FaultReply
    from runbook_lib.sources.cluster.reviews import may

    body = json.dumps(answer).encode()
    with Lab("no-pull-secret") as lab, in_environment(lab.env):
        lab.server.fault = lambda request: FaultReply(201, body)
        got = may(session_of(lab).cluster.behind, Right("get", "pods", "shop"))  # type: ignore[arg-type]
    assert isinstance(got, Unavailable)
    assert got.why is Why.MALFORMED


def test_every_line_fits_a_terminal_of_80_columns():
    """Also where most rights are missing, and each names the steps that rest on it."""
    for rules in ([], rules_without("list", "secrets")):
        with Lab("no-pull-secret") as lab, in_environment(least.give_rules(lab, rules)):
            shown = CliRunner().invoke(cli, ["access", "-n", "shop"]).output
        assert [line for line in shown.splitlines() if len(line) > 80] == []
        assert "api-key (" in shown
    assert "less is known in: image-pull (1, 4.3)" in shown
