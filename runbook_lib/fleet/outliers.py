"""Clusters that differ from the rest of their fleet, in sentences: where to look when one is not like the others."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from runbook_lib.fleet.result import ClusterResult
from runbook_lib.model.diagnosis import VerdictStatus

_FEWEST = 4  # clusters: among fewer, nothing is usual
_TIMES = 4
_AT_LEAST_PODS = 10
_AT_LEAST_SECONDS = 10.0


def outliers_of(results: Sequence[ClusterResult]) -> tuple[str, ...]:
    """Returns one sentence for each cluster that stands out.

    A cluster stands out with a cause that no other one has (where others share one), with four times the
    failing pods of the median (and ten at least), with nothing failing where most of the others fail, or with
    four times the time.
    """
    seen = [r for r in results if r.is_reached]
    if len(seen) < _FEWEST:
        return ()
    return (*_alone(seen), *_many(seen), *_spared(seen), *_slow(seen))


def _alone(seen: Sequence[ClusterResult]) -> list[str]:
    having: dict[str, list[str]] = {}
    for result in seen:
        for cause in dict.fromkeys(g.cause for g in result.groups if g.status == VerdictStatus.PROBLEM):
            having.setdefault(cause, []).append(result.place.name)
    if not any(len(names) > 1 for names in having.values()):
        return []  # nothing is usual
    return [f"{names[0]} alone has {cause}." for cause, names in having.items() if len(names) == 1]


def _many(seen: Sequence[ClusterResult]) -> list[str]:
    usual = median(r.failing_pods for r in seen)
    limit = max(_AT_LEAST_PODS, _TIMES * usual)
    return [
        f"{r.place.name} has {r.failing_pods:,} failing pods; half of the clusters have {usual:,.0f} or fewer."
        for r in seen
        if r.failing_pods > limit
    ]


def _spared(seen: Sequence[ClusterResult]) -> list[str]:
    well = [r.place.name for r in seen if not r.failing_pods]
    if not well or len(well) * _TIMES > len(seen):
        return []
    return [f"Nothing fails on {', '.join(well)}, while pulls fail on {len(seen) - len(well)} others."]


def _slow(seen: Sequence[ClusterResult]) -> list[str]:
    usual = median(r.seconds for r in seen)
    limit = max(_AT_LEAST_SECONDS, _TIMES * usual)
    return [
        f"{r.place.name} took {r.seconds:.0f} seconds, where {usual:.0f} are usual." for r in seen if r.seconds > limit
    ]
