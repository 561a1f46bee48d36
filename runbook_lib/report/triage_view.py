"""What a triage says, before it has a form: the terminal, the page and the notebook tell the same from here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from runbook_lib.report.view import count_of
from runbook_lib.triage.result import Group, Member, Triage

NOT_DETERMINED = "undetermined"


def overview(triage: Triage) -> str:
    """Returns one sentence: how many pulls fail, for how many things to mend, and of how many pods."""
    return f"{headline(triage)} ({looked_at(triage)})."


def headline(triage: Triage) -> str:
    """Returns how many pulls fail, and for how many things to mend."""
    if not triage.groups:
        return "No image pull fails"
    known = len(triage.problems)
    unknown = len(triage.groups) - known
    parts = [count_of(known, "thing to mend", "things to mend")] if known else []
    parts += [count_of(unknown, "question not determined", "questions not determined")] if unknown else []
    failing = count_of(triage.failing_pods, "pod cannot have its image", "pods cannot have their images")
    return f"{failing}: {' and '.join(parts)}"


def looked_at(triage: Triage) -> str:
    """Returns how many pods were looked at, and where."""
    return f"{count_of(triage.pods_seen, 'pod')} seen in {place(triage)}"


def place(triage: Triage) -> str:
    """Names what was looked at."""
    source = triage.provenance.cluster or triage.provenance.server
    scope = f"namespace {triage.scope}" if triage.scope else "all namespaces"
    return f"{scope} of {source}" if source else scope


def unwell(triage: Triage) -> str:
    """Returns what is said of pods that are unwell for other reasons; empty where there are none."""
    number = sum(count for _, count in triage.unwell)
    if not number:
        return ""
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in triage.unwell[:6])
    return f"Not looked into: {count_of(number, 'pod is', 'pods are')} unwell for other reasons ({reasons})."


def remarks(triage: Triage) -> Iterator[str]:
    """Yields what a reader has to know beside the groups."""
    if said := unwell(triage):
        yield said
    yield from triage.provenance.notes
    for refused in triage.refused:
        yield f"{refused}. {refused.remedy}".strip()
    for defect in triage.defects:
        yield f"A rule of this tool failed: {defect}."


def sure(group: Group) -> str:
    """Returns the confidence in one word."""
    return group.confidence.value if group.confidence else NOT_DETERMINED


def sureness(group: Group) -> str:
    """Returns how sure the parts of a group are, where they differ."""
    if len(group.confidences) < 2:
        return ""
    rank = {"confirmed": 0, "likely": 1, "possible": 2, NOT_DETERMINED: 3}
    parts = sorted(group.confidences, key=lambda part: rank.get(part[0], 9))
    return "Of its pulls, " + ", ".join(f"{number:,} are {name}" for name, number in parts) + "."


def thing(group: Group) -> str:
    """Names what has to be mended."""
    return f"{group.thing_kind} {group.thing}" if group.thing else group.thing_kind


def extent(group: Group, *, named: int = 0) -> str:
    """Returns how far a group reaches, with the names of so many namespaces at most."""
    more = f" and {len(group.namespaces) - named} more" if len(group.namespaces) > named else ""
    names = f" ({', '.join(islice(group.namespaces, named))}{more})" if named else ""
    nodes = f", on {count_of(len(group.nodes), 'node')}" if group.nodes else ""
    return (
        f"{count_of(group.pods, 'pod')} of {count_of(group.workloads, 'workload')} "
        f"in {count_of(len(group.namespaces), 'namespace')}{names}{nodes}"
    )


def age(stamp: str, now: str) -> str:
    """Returns how long ago something was, as kubectl does: 45s, 6m, 3h, 12d; empty where it is not known."""
    try:
        seconds = int((datetime.fromisoformat(now) - datetime.fromisoformat(stamp)).total_seconds())
    except (ValueError, TypeError):
        return ""
    for unit, size, upto in (("s", 1, 120), ("m", 60, 7200), ("h", 3600, 172800)):
        if seconds < upto:
            return f"{max(seconds, 0) // size}{unit}"
    return f"{seconds // 86400}d"


def example_of(group: Group) -> str:
    """Names the worked example."""
    case = group.example
    container = f" container {case.container}" if case.container else ""
    return f"{case.namespace}/{case.pod}{container}"


def by_workload(members: Sequence[Member]) -> list[tuple[str, str, str, list[Member]]]:
    """Returns namespace, workload, image and the pulls of each workload, the largest first."""
    found: dict[tuple[str, str, str], list[Member]] = {}
    for member in members:
        name = f"{member.workload_kind} {member.workload_name}"
        found.setdefault((member.namespace, name, member.image), []).append(member)
    return [(*key, pulls) for key, pulls in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))]
