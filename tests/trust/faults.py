"""The fault matrix: every endpoint, every fault, and what became of the run. `make faults` prints the table."""

from __future__ import annotations

import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import Status
from runbook_lib.model.result import RunResult

from .fault_kinds import HOSTS, REPLIES
from .faulty_lab import API, Endpoint, FaultyLab
from .runs import Limits, Run, in_environment, run

LIMITS = Limits(connect=0.4, call=0.5, run=2.5)
SLACK = 10.0  # seconds of own work beside the waiting, on a machine that does other things too
PARTS = 6  # of a scenario, each tried by a process of its own: the table grows while it is made
_IAM, _CR = "iam.cloud.ibm.com", "us.icr.io"

ENDPOINTS = (
    Endpoint("pods, one", API, "/api/v1/namespaces/*/pods/*"),
    Endpoint("pods, list", API, "/api/v1/namespaces/*/pods"),
    Endpoint("events", API, "*/events"),
    Endpoint("secrets, one", API, "*/secrets/*"),
    Endpoint("secrets of the project", API, "/api/v1/namespaces/shop/secrets"),
    Endpoint("secrets of default", API, "/api/v1/namespaces/default/secrets"),
    Endpoint("service accounts", API, "*/serviceaccounts/*"),
    Endpoint("nodes", API, "*/nodes/*"),
    Endpoint("version", API, "/version"),
    Endpoint("API groups", API, "/apis"),
    Endpoint("registry: ping", _CR, "/v2/"),
    Endpoint("registry: token", _CR, "/oauth/token"),
    Endpoint("registry: manifest", _CR, "/v2/*/manifests/*"),
    Endpoint("registry: tags", _CR, "/v2/*/tags/list"),
    Endpoint("IAM: token", _IAM, "/identity/token"),
    Endpoint("IAM: key", _IAM, "/v1/apikeys/details"),
    Endpoint("IAM: service ID", _IAM, "/v1/serviceids/*"),
    Endpoint("IAM: account settings", _IAM, "/v1/accounts/*"),
    Endpoint("IAM: policies", _IAM, "/v2/policies"),
    Endpoint("IAM: groups", _IAM, "/v2/groups"),
    Endpoint("container-registry: images", _CR, "/api/v1/images*"),
    Endpoint("container-registry: quota", _CR, "/api/v1/quotas"),
    Endpoint("container-registry: plan", _CR, "/api/v1/plans"),
    Endpoint("container-registry: namespaces", _CR, "/api/v1/namespaces/details"),
    Endpoint("container-registry: flags", _CR, "/api/v1/auth"),
    Endpoint("restrictions", "cbr.cloud.ibm.com", "/v1/rules"),
    Endpoint("clusters: the cluster", "containers.cloud.ibm.com", "/global/v2/getCluster"),
)
_CLAIMS = {
    API: ("404 of the API",),
    "registry": ("401", "404", "404 of the API", "realm elsewhere", "realm of two readings", "basic elsewhere"),
    "IAM": ("404", "404 of the API"),
}
"""Faults that are well-formed answers, by who gives them. Who says that a thing does not exist, or that a login is
wrong, is believed: a step may then say PROBLEM. The API server is the authority on its objects, so that its own
404 may even be confirmed.
"""
OWED = frozenset({"image-pull/4.3"})
"""Steps that judge the project's list alone where the pod's own secret could not be read."""
FAULTY_HOSTS = (API, _CR, _IAM, "cbr.cloud.ibm.com", "containers.cloud.ibm.com")
SCENARIOS = ("no-pull-secret", "stale-secret-copy", "iam-policy-missing", "tag-not-found", "healthy")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix that was tried, and what is wrong with its outcome (nothing, if all is well)."""

    scenario: str
    place: str
    fault: str
    outcome: str
    seconds: float
    waited: float
    unknown: tuple[str, ...]
    wrong: tuple[str, ...] = ()


def cells(
    scenario: str,
    kinds: Sequence[str] = tuple(REPLIES),
    hosts: Sequence[str] = tuple(HOSTS),
    endpoints: Sequence[Endpoint] = ENDPOINTS,
) -> Iterator[Cell]:
    """Tries the faults on one scenario; an endpoint that this scenario does not ask is left out."""
    with FaultyLab(scenario) as faulty, in_environment(faulty.env):
        with faulty.watching(ENDPOINTS) as asked:
            whole = run(faulty.lab)
        if whole.result is None:
            raise RuntimeError(f"{scenario}: {whole.refusal}")
        for endpoint in (e for e in endpoints if e in asked):
            for kind in kinds:
                with faulty.broken(endpoint, REPLIES[kind]):
                    tried = run(faulty.lab, limits=LIMITS)
                yield _judged(faulty, scenario, endpoint.name, kind, whole.result, tried, whole.seconds)
        for host in FAULTY_HOSTS:
            for name in hosts:
                with faulty.broken_host(host, HOSTS[name]):
                    tried = run(faulty.lab, limits=LIMITS)
                yield _judged(faulty, scenario, host, name, whole.result, tried, whole.seconds)


def _judged(
    faulty: FaultyLab, scenario: str, place: str, fault: str, whole: RunResult, tried: Run, usual: float = 0.0
) -> Cell:
    """What became of a run; `usual` is the seconds that one without a fault took, on this machine and just now."""
    wrong = []
    if tried.waited > LIMITS.run + 0.5 or tried.seconds > LIMITS.run + max(SLACK, 3 * usual):
        wrong.append(f"over time: {tried.seconds:.1f} s, of which {tried.waited:.1f} s waiting")
    if at_trap := faulty.credentials_at_the_trap():
        wrong.append(f"credential at the trap: {', '.join(at_trap)}")
    if faulty.lab.server.defects or faulty.lab.network.errors:
        wrong.append("the lab itself failed")
    if tried.result is None:
        if not tried.refusal or "Traceback" in tried.refusal:
            wrong.append("refused without a reason")
        return Cell(scenario, place, fault, f"told: {tried.refusal}", tried.seconds, tried.waited, (), tuple(wrong))
    wrong += list(_wrong_in(faulty, whole, tried.result, place, fault))
    before, after = _statuses(whole), _statuses(tried.result)
    unknown = tuple(s for s in after if after[s] is Status.UNKNOWN and before.get(s) is not Status.UNKNOWN)
    verdict = tried.result.verdict
    outcome = f"{verdict.cause or verdict.status.value}" + (f" ({verdict.confidence})" if verdict.confidence else "")
    return Cell(scenario, place, fault, outcome, tried.seconds, tried.waited, unknown, tuple(wrong))


def _wrong_in(faulty: FaultyLab, whole: RunResult, result: RunResult, place: str, fault: str) -> Iterator[str]:
    if result.has_defect:
        steps = [f"{f.step} {f.defect}" for c in result.cases for f in c.findings if f.defect]
        yield f"a defect: {steps} {[d for c in result.cases for d in c.diagnosis.defects]}"
    planted = {c for p in faulty.lab.scenario.planted for c in (p.cause, *p.also)}
    believed = _is_claim(place, fault)
    for case in result.cases:
        for claim in case.diagnosis.causes:
            if claim.confidence is Confidence.CONFIRMED and claim.id not in planted:
                known = {c.id for w in whole.cases for c in w.diagnosis.causes if c.confidence is Confidence.CONFIRMED}
                if claim.id not in known and not (believed and claim.id == "pull-secret-missing"):
                    yield f"wrongly confirmed: {claim.id}"
    before, after = _statuses(whole), _statuses(result)
    if (missing := before.keys() - after.keys()) and len(result.cases) == len(whole.cases):
        yield f"steps missing: {sorted(missing)}"
    for step, status in after.items():
        if before.get(step) in (Status.OK, Status.UNKNOWN) and status is Status.PROBLEM and not believed:
            if step in OWED and place.startswith("secrets, one"):
                continue
            yield f"{before[step]} became problem: {step}"
    for case in result.cases:
        for finding in case.findings:
            if finding.status is Status.UNKNOWN and not finding.summary.strip():
                yield f"UNKNOWN without a reason: {finding.step}"


def _is_claim(place: str, fault: str) -> bool:
    of_api = any(e.name == place and e.host == API for e in ENDPOINTS)
    return fault in _CLAIMS[API] if of_api else any(place.startswith(w) and fault in _CLAIMS[w] for w in _CLAIMS)


def _statuses(result: RunResult) -> dict[str, Status]:
    return {f.step: f.status for case in result.cases for f in case.findings}


def _part(task: tuple[str, int]) -> list[Cell]:
    """A part of a scenario's cells: some endpoints with every fault; the hosts are in the first part."""
    scenario, number = task
    return list(cells(scenario, hosts=() if number else tuple(HOSTS), endpoints=ENDPOINTS[number::PARTS]))


def main(scenarios: Sequence[str]) -> int:
    """Prints the table and its sums; exits with 1 where a cell is wrong."""
    totals: Counter[str] = Counter()
    slowest = 0.0
    with ProcessPoolExecutor(2, max_tasks_per_child=1) as pool:
        tables = pool.map(_part, [(s, number) for s in scenarios or SCENARIOS for number in range(PARTS)])
        for cell in (cell for table in tables for cell in table):
            totals["tried"] += 1
            totals["UNKNOWN"] += bool(cell.unknown)
            totals["told"] += cell.outcome.startswith("told")
            for fault in cell.wrong:
                totals[fault.partition(":")[0]] += 1
            slowest = max(slowest, cell.waited)
            marks = "; ".join(cell.wrong) or "as it should be"
            steps = ", ".join(s.partition("/")[2] for s in cell.unknown) or "-"
            print(
                f"{cell.scenario:20} {cell.place:32} {cell.fault:28} {cell.seconds:5.2f} s  "
                f"UNKNOWN: {steps:40.40} {cell.outcome:60.60} {marks}",
                flush=True,
            )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"\n{totals['tried']} cells tried: {totals['UNKNOWN']} with steps UNKNOWN, {totals['told']} told in a sentence"
        f" that nothing can be read, the others untouched by the fault.\n"
        f"{totals['wrongly confirmed']} wrongly confirmed, {totals['over time']} over time (at most {slowest:.1f} s"
        f" waited, of {LIMITS.run} s), {totals['credential at the trap']} credentials at the trap,"
        f" {totals['a defect']} defects. Peak memory {peak} MiB, lab included."
    )
    other = set(totals) - {"tried", "UNKNOWN", "told"}
    for name in sorted(other):
        print(f"  {totals[name]:4} {name}")
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
