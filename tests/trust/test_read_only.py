"""Nothing is changed: of a cluster, of IBM Cloud, of a registry; and the roles in deploy/ are enough and no more."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from runbook_lib.cli import cli
from runbook_lib.lab import Lab, list_scenarios
from runbook_lib.model.finding import Status
from runbook_lib.sources.ibmcloud.endpoints import allowed_endpoint

from . import least
from .runs import in_environment, run

PACKAGE = Path(__file__).parents[2] / "runbook_lib"
READS = {"get", "list", "watch"}
CLOUD = re.compile(r"(iam|cbr|containers)\.cloud\.ibm\.com$")
WORDS = {"POST", "PUT", "PATCH", "DELETE"}
MAY_SEND = {"sources/cluster/reviews.py", "sources/ibmcloud/endpoints.py", "sources/registry/transport.py"}


def is_cloud(host: str, path: str) -> bool:
    return bool(CLOUD.search(host)) or path.startswith("/api/v1/")


@pytest.mark.parametrize("name", list_scenarios())
def test_a_run_under_the_least_rights_only_reads_and_is_refused_nothing(name):
    """The log of the practice cluster, the account and the registries tells what was asked."""
    with Lab(name) as lab:
        variables = least.give(lab, secrets_in=(lab.scenario.namespace, "default"))
        with in_environment(variables):
            result = run(lab, context=least.CONTEXT).result
        cluster, network = lab.requests
        assert {r.verb for r in cluster} <= READS
        assert [r.path for r in cluster if r.status == 403] == []
        assert lab.network.writes == ()
        for asked in network:
            if asked.method in ("CONNECT", "TLS"):
                continue
            if is_cloud(asked.host, asked.path):
                assert allowed_endpoint(asked.method, f"https://{asked.host}{asked.path}"), asked
            else:
                assert asked.method in ("GET", "HEAD") or "token" in asked.path, asked
    assert result is not None
    assert not result.has_defect
    assert not [f for c in result.cases for f in c.findings if f.status is Status.UNKNOWN and "may not" in f.summary]


def test_every_verb_of_the_roles_is_used():
    """A right that nothing uses is a right too many.

    One verb is tried and not granted: where namespaces may be listed, a slip in a name is told with the one meant.
    """
    used: set[tuple[str, str]] = set()
    for name in ("pull-secret-missing", "stale-secret-copy"):
        with Lab(name) as lab, in_environment(least.give(lab)):
            run(lab, context=least.CONTEXT)
            for command in (["collect", "-n", "shop"], ["triage", "--format", "json"], ["diagnose", "-n", "nowhere"]):
                CliRunner().invoke(cli, command)
            used |= {(r.verb, r.resource) for r in lab.requests.cluster if r.resource}
    assert used == least.granted() | {("list", "namespaces")}


def test_access_asks_by_reviews_alone():
    """`runbook access` creates access reviews, which are stored nowhere, and reads nothing."""
    with Lab("no-pull-secret") as lab, in_environment(least.give(lab)):
        outcome = CliRunner().invoke(cli, ["access", "-n", "shop"])
        assert {(r.verb, r.resource) for r in lab.requests.cluster} == {("create", "selfsubjectaccessreviews")}
    assert "yes list secrets" in outcome.output


def test_only_three_modules_can_send_anything_but_a_get():
    """The words of the other methods stand in these files alone: access reviews, the table of IBM Cloud's
    endpoints, and the registry's token exchange.
    """
    found = set()
    for path in PACKAGE.rglob("*.py"):
        inner = path.relative_to(PACKAGE).as_posix()
        if inner.startswith("lab/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in WORDS:
                found.add(inner)
    assert found == MAY_SEND


def test_the_table_of_endpoints_holds_reads_the_token_exchange_and_one_listing():
    """What may be sent to IBM Cloud is this; everything else is refused before it leaves."""
    from runbook_lib.sources.ibmcloud.endpoints import ENDPOINTS

    posts = {e.path for e in ENDPOINTS if e.method != "GET"}
    assert posts == {r"/api/v1/images/digests", r"/identity/token"}
    assert {e.method for e in ENDPOINTS} == {"GET", "POST"}


@pytest.mark.parametrize("command", [["create", "pods"], ["delete", "secrets"], ["patch", "serviceaccounts"]])
def test_the_roles_allow_no_writes(command):
    """The log would show a write: the practice cluster refuses it to this user, and records it."""
    import requests

    verb, resource = command
    method = {"create": "POST", "delete": "DELETE", "patch": "PATCH"}[verb]
    with Lab("no-pull-secret") as lab:
        least.give(lab)
        token = next(t for t, u in lab.server._users.items() if u.name == "runbook-user")
        name = "" if verb == "create" else "/default"
        answer = requests.request(
            method,
            f"{lab.server.url}/api/v1/namespaces/shop/{resource}{name}",
            headers={"Authorization": f"Bearer {token}"},
            verify=_ca(lab),
            proxies={"https": ""},
            json={},
            timeout=5,
        )
        assert answer.status_code == 403
        assert lab.requests.cluster[-1].verb == verb


def _ca(lab: Lab) -> str:
    path = lab.kubeconfig.parent / "kube-ca.pem"
    path.write_bytes(lab.server.ca_pem)
    return str(path)
