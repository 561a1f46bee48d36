"""The look at one cluster: triage, then full reports of the first of each group. Runs where the kubeconfig is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from runbook_lib.fleet.result import Asked, ClusterResult, Example, Group, Report, State, plain
from runbook_lib.model.problem import BadInput
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.report.sealed import sealed
from runbook_lib.triage import Group as TriageGroup
from runbook_lib.triage import Looking, Triage
from runbook_lib.vault import vault

FIRST_ANSWER_SECONDS = 10.0

Part = dict[str, Any]


def survey(asked: Asked) -> Iterator[Part]:
    """Yields what is known of a cluster as soon as it is: `{"result": …}`, then a `{"report": …, "files": …}` each.

    All of it is plain and scrubbed. A cluster that cannot be read is a result too.
    """
    from runbook_lib.judge import Selectors

    place = asked.place
    selectors = Selectors(
        namespace=place.namespace, context=place.context, kubeconfig=place.kubeconfig, probe=asked.probe
    )
    try:
        _greet(asked)
        found = Looking(selectors).look()
    except BadInput as told:
        why = ClusterResult(place, State.UNREACHABLE, str(told), asks=asked.fingerprint)
        yield {"result": plain(sealed(why))}
        return
    yield {"result": plain(sealed(_result(asked, found)))}
    for number, group in enumerate(found.groups[: asked.reports], 1):
        yield _reported(asked, group, f"{number:02}-{group.cause or 'undetermined'}")


def _greet(asked: Asked) -> None:
    """Sends one small question, so that a cluster that hangs costs seconds and not all of its time.

    Raises:
        BadInput: nothing came back, or the login is not accepted. A right that is missing is an answer.
    """
    from runbook_lib.sources.budget import TimeBudget
    from runbook_lib.sources.cluster import open_cluster

    seconds = min(FIRST_ANSWER_SECONDS, asked.limit)
    cluster = open_cluster(context=asked.place.context, kubeconfig=asked.place.kubeconfig, budget=TimeBudget(seconds))
    answer = cluster.get("namespaces", "", "default")
    if isinstance(answer, Unavailable) and answer.why in (Why.UNREACHABLE, Why.TIMEOUT, Why.UNAUTHENTICATED):
        raise BadInput(f"{replace(answer, what='The cluster')}.", answer.remedy)


def _result(asked: Asked, found: Triage) -> ClusterResult:
    where = found.provenance
    return ClusterResult(
        asked.place,
        State.SURVEYED,
        groups=tuple(map(_group, found.groups)),
        pods_seen=found.pods_seen,
        failing_pods=found.failing_pods,
        server=where.server,
        version=where.kubernetes_version,
        taken_at=where.taken_at,
        notes=(*where.notes, *(f"{refused}." for refused in found.refused), *found.defects),
        asks=asked.fingerprint,
    )


def _group(group: TriageGroup) -> Group:
    example = group.example
    return Group(
        id=group.id,
        cause=group.cause,
        title=group.title,
        thing_kind=group.thing_kind,
        thing=group.thing,
        status=group.verdict.status.value,
        confidence=group.confidence.value if group.confidence else "",
        summary=group.verdict.summary,
        pods=group.pods,
        workloads=group.workloads,
        namespaces=group.namespaces,
        nodes=len(group.nodes),
        since=group.since,
        example=Example(example.namespace, example.pod, example.container, example.image, example.message),
        remedy=group.remedy,
    )


def _reported(asked: Asked, group: TriageGroup, name: str) -> Part:
    """Makes the full report of a group's example; one that cannot be made (its pod is gone) says why."""
    from runbook_lib.headless.run import run_report

    place, example = asked.place, group.example
    parameters: dict[str, object] = {
        "namespace": example.namespace,
        "pod": example.pod,
        "container": example.container,
        "context": place.context,
        "kubeconfig": place.kubeconfig,
        "probe": asked.probe,
    }
    with tempfile.TemporaryDirectory(prefix="runbook-fleet-") as scratch:
        folder = Path(scratch, "report")
        try:
            made = run_report(parameters, folder, lambda _what, _done, _of: None)
        except BadInput as told:
            return {"note": vault().scrub(f"No report of {group.id}: {told}")}
        verdict = made.verdict
        sure = verdict.confidence.value if verdict.confidence else ""
        report = sealed(Report(group.id, name, verdict.status.value, verdict.cause or "", sure))
        files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
    return {"report": plain(report), "files": files}
