"""The whole fleet from the results of its clusters: causes across clusters, outliers, what was not reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from runbook_lib import __version__
from runbook_lib.fleet.outliers import outliers_of
from runbook_lib.fleet.result import SCHEMA_VERSION, ClusterResult, Example, Group, State
from runbook_lib.model.diagnosis import VerdictStatus
from runbook_lib.model.finding import Action


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to mend, and the clusters on which something of that name is what has to be mended."""

    kind: str
    name: str
    clusters: tuple[str, ...]
    pods: int


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause on all the clusters where it was found. `since` is the first of them; `reports` are folders."""

    cause: str
    title: str
    status: str
    clusters: tuple[str, ...]
    pods: int
    workloads: int
    namespaces: int  # counted in each cluster by itself
    since: str
    confidences: tuple[tuple[str, int], ...]  # (confidence or "undetermined", groups)
    things: tuple[Thing, ...]
    example_of: str  # the cluster of the example
    example: Example
    summary: str
    remedy: tuple[Action, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fleet:
    """What a run over a fleet found. `missing` are the clusters that another call would ask."""

    clusters: tuple[ClusterResult, ...]
    causes: tuple[Cause, ...]
    outliers: tuple[str, ...]
    taken_at: str
    seconds: float = 0.0
    tool_version: str = __version__
    schema_version: str = SCHEMA_VERSION

    @property
    def reached(self) -> tuple[ClusterResult, ...]:
        """The clusters whose pods were seen."""
        return tuple(c for c in self.clusters if c.is_reached)

    @property
    def not_reached(self) -> tuple[ClusterResult, ...]:
        """The clusters of which nothing is known."""
        return tuple(c for c in self.clusters if not c.is_reached)

    @property
    def missing(self) -> tuple[ClusterResult, ...]:
        """The clusters that are not finished."""
        return tuple(c for c in self.clusters if c.state is not State.SURVEYED)

    @property
    def failing_pods(self) -> int:
        """Pods with a failing pull, in all clusters."""
        return sum(c.failing_pods for c in self.clusters)

    @property
    def exit_code(self) -> int:
        """0 nothing fails anywhere, 1 a cause was found, 2 this tool failed, 3 something is not known."""
        if any(c.state is State.FAILED for c in self.clusters):
            return 2
        if any(c.status == VerdictStatus.PROBLEM for c in self.causes):
            return 1
        return 3 if self.causes or self.missing else 0


def summed_up(results: Sequence[ClusterResult], *, seconds: float = 0.0) -> Fleet:
    """Returns the fleet of its clusters' results, in the order of the list."""
    return Fleet(
        clusters=tuple(results),
        causes=_causes(results),
        outliers=outliers_of(results),
        taken_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=round(seconds, 1),
    )


_Found = list[tuple[ClusterResult, Group]]


def _causes(results: Sequence[ClusterResult]) -> tuple[Cause, ...]:
    found: dict[tuple[str, str], _Found] = {}
    for result in results:
        for group in result.groups:
            found.setdefault((group.status, group.cause), []).append((result, group))
    order = {VerdictStatus.PROBLEM.value: 0, VerdictStatus.UNDETERMINED.value: 1}
    made = [_cause(groups) for groups in found.values()]
    return tuple(sorted(made, key=lambda c: (order.get(c.status, 2), -len(c.clusters), -c.pods, c.cause)))


def _cause(found: _Found) -> Cause:
    where, first = min(found, key=lambda pair: (_SURENESS.get(pair[1].confidence, 9), -pair[1].pods))
    groups = [group for _, group in found]
    return Cause(
        cause=first.cause,
        title=first.title,
        status=first.status,
        clusters=_names(found),
        pods=sum(g.pods for g in groups),
        workloads=sum(g.workloads for g in groups),
        namespaces=sum(len(g.namespaces) for g in groups),
        since=min((g.since for g in groups if g.since), default=""),
        confidences=tuple(sorted(_counted([g.confidence or "undetermined" for g in groups]).items())),
        things=_things(found),
        example_of=where.place.name,
        example=first.example,
        summary=first.summary,
        remedy=first.remedy,
        reports=tuple(r.folder for result, group in found for r in result.reports if r.group == group.id),
    )


_SURENESS = {"confirmed": 0, "likely": 1, "possible": 2}


def _things(found: _Found) -> tuple[Thing, ...]:
    by: dict[tuple[str, str], _Found] = {}
    for result, group in found:
        by.setdefault((group.thing_kind, group.thing), []).append((result, group))
    made = [Thing(*key, _names(pairs), sum(g.pods for _, g in pairs)) for key, pairs in by.items()]
    return tuple(sorted(made, key=lambda t: (-len(t.clusters), -t.pods, t.kind, t.name)))


def _names(found: _Found) -> tuple[str, ...]:
    return tuple(dict.fromkeys(result.place.name for result, _ in found))


def _counted(words: Sequence[str]) -> dict[str, int]:
    return {word: words.count(word) for word in dict.fromkeys(words)}
