"""A part of the fault matrix that CI tries; `make faults` tries all of it and prints the table."""

from __future__ import annotations

import pytest

from runbook_lib.model.finding import Status
from runbook_lib.sources.budget import TimeBudget

from .fault_kinds import HOSTS, REPLIES
from .faults import ENDPOINTS, FAULTY_HOSTS, LIMITS, _judged
from .faulty_lab import API, Endpoint, FaultyLab
from .runs import Limits, in_environment, run

SCENARIO = "stale-secret-copy"
UNAVAILABLE = ("403", "half of the JSON", "wrong types", "redirect elsewhere")
MUST_BE_UNKNOWN = {
    "events": (),
    "secrets, one": ("image-pull/3", "image-pull/5"),
    "secrets of the project": (),
    "secrets of default": ("image-pull/4.1",),
    "service accounts": ("image-pull/4.3",),
    "IAM: token": ("image-pull/2",),
    "container-registry: quota": ("image-pull/2",),
}
"""Endpoints, and steps that cannot be judged without what they answer; they were OK or PROBLEM before."""


@pytest.fixture(scope="module")
def broken():
    with FaultyLab(SCENARIO) as faulty, in_environment(faulty.env):
        whole = run(faulty.lab).result
        assert whole is not None
        yield faulty, whole


def endpoint(name: str) -> Endpoint:
    return next(e for e in ENDPOINTS if e.name == name)


def part_of_the_matrix() -> list[tuple[Endpoint, str]]:
    """Each endpoint with two faults and each fault with some endpoint, in a fixed rotation."""
    kinds = [k for k in REPLIES if k not in ("hang", "hang in the body", "body without end")]
    return [(e, kinds[(2 * n + m * 13) % len(kinds)]) for n, e in enumerate(ENDPOINTS) for m in range(2)]


def test_each_fault_of_an_answer_is_in_that_part():
    """But for those that only wait, which a test of their own tries on all endpoints at once."""
    assert {kind for _, kind in part_of_the_matrix()} == {*REPLIES} - {"hang", "hang in the body", "body without end"}


@pytest.mark.parametrize(("place", "kind"), part_of_the_matrix(), ids=lambda v: v if isinstance(v, str) else v.name)
def test_a_fault_of_an_answer_leaves_the_rest_of_the_run(broken, place, kind):
    """In time, without a defect, nothing wrongly confirmed, UNKNOWN not PROBLEM, nothing for the trap."""
    faulty, whole = broken
    with faulty.broken(place, REPLIES[kind]):
        tried = run(faulty.lab, limits=LIMITS)
    assert _judged(faulty, SCENARIO, place.name, kind, whole, tried).wrong == ()


@pytest.mark.parametrize("name", [e.name for e in ENDPOINTS if e.name.startswith("registry")])
@pytest.mark.parametrize("kind", [k for k in REPLIES if "elsewhere" in k or "two readings" in k])
def test_no_credential_goes_where_a_registry_points(broken, name, kind):
    """Another host as the token service or by a redirect, also by an address that two readers read differently."""
    faulty, _whole = broken
    with faulty.broken(endpoint(name), REPLIES[kind]):
        run(faulty.lab, limits=LIMITS)
    assert faulty.hit or name == "registry: tags"
    assert faulty.credentials_at_the_trap() == []


@pytest.mark.parametrize("host", FAULTY_HOSTS)
@pytest.mark.parametrize("kind", HOSTS)
def test_a_fault_of_a_host_leaves_the_rest_of_the_run(broken, host, kind):
    """Refused, DNS, time limits, TLS, certificates: of the cluster, the registry and the account."""
    faulty, whole = broken
    with faulty.broken_host(host, HOSTS[kind]):
        tried = run(faulty.lab, limits=LIMITS)
    assert _judged(faulty, SCENARIO, host, kind, whole, tried).wrong == ()


@pytest.mark.parametrize("name", MUST_BE_UNKNOWN)
@pytest.mark.parametrize("kind", UNAVAILABLE)
def test_the_steps_concerned_are_unknown_with_a_reason(broken, name, kind):
    """And the reason names what could not be read, not a guess at the cause."""
    faulty, _whole = broken
    with faulty.broken(endpoint(name), REPLIES[kind]):
        result = run(faulty.lab, limits=LIMITS).result
    assert faulty.hit
    assert result is not None
    findings = {f.step: f for f in result.cases[0].findings}
    for step in MUST_BE_UNKNOWN[name]:
        assert findings[step].status is Status.UNKNOWN, findings[step]
        assert len(findings[step].summary) > 20


@pytest.mark.parametrize("kind", ["hang", "hang in the body", "a byte at a time", "body without end"])
def test_a_run_on_which_everything_hangs_ends_with_its_budget(broken, kind):
    """Every endpoint at once: the limits of single calls do not add up beyond the run's."""
    faulty, _whole = broken
    limits = Limits(connect=0.3, call=0.4, run=1.5)
    with faulty.broken(Endpoint("all but pods", "*", "*[!s]"), REPLIES[kind]):
        tried = run(faulty.lab, limits=limits)
    assert tried.waited <= limits.run + limits.call


def test_the_default_budget_of_a_run_is_a_minute():
    """And every session that the tool opens shares one among its sources."""
    assert TimeBudget().seconds == 60.0
    with FaultyLab(SCENARIO) as faulty, in_environment(faulty.env):
        from runbook_lib.judge import Selectors, open_session

        session = open_session(Selectors(context="lab"))
        budgets = {
            id(session.budget),
            id(session.cluster.behind._budget),
            id(session.probing._source._budget),
            id(session.account._source._connection.session.adapters["https://"]._budget),
        }
    assert len(budgets) == 1


def test_a_refresh_gives_a_new_budget():
    """In a notebook that lies open, a step that is run again may take its time again."""
    with FaultyLab(SCENARIO) as faulty, in_environment(faulty.env):
        from runbook_lib.judge import Selectors, open_session

        session = open_session(Selectors(context="lab"))
        session.budget._spent = 60.0
        refused = session.cluster.get("pods", "shop", "web")
        assert "used up" in refused.detail
        session.refresh()
        assert session.cluster.get("pods", "shop", "web")["metadata"]["name"] == "web"


def test_a_page_token_that_has_expired_is_asked_again_once(broken):
    """410 on the second page: the list starts anew, and ends as unavailable, never as half a list."""
    faulty, _whole = broken
    with faulty.broken(Endpoint("secrets", API, "*/secrets"), REPLIES["410 on a page"]):
        result = run(faulty.lab, limits=LIMITS).result
    finding = next(f for f in result.cases[0].findings if f.step == "image-pull/4.1")
    assert finding.status is Status.UNKNOWN
    assert faulty.hit >= 4


@pytest.mark.parametrize(
    ("server", "said"),
    [("https://127.0.0.1:1", "refuses the connection"), ("https://no-such-host.invalid", "does not resolve")],
    ids=["refused", "DNS"],
)
def test_a_cluster_that_is_not_there_is_one_sentence(tmp_path, server, said):
    """Without a proxy between: the sentence names the server and what to check."""
    import yaml

    from runbook_lib.sources.cluster import open_cluster

    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"token": "a-token-of-some-length"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(document))
    nothing = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "")
    with in_environment({**nothing, "NO_PROXY": "*", "no_proxy": "*"}):
        refused = open_cluster(kubeconfig=str(path)).get("pods", "shop", "web")
    assert said in refused.detail
    assert "token" not in str(refused)
