"""What is known of each cluster of a fleet after a run: plain, frozen, and without any credential."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from runbook_lib.fleet.inventory import Place
from runbook_lib.model.finding import Action

SCHEMA_VERSION = "1.0"


class State(StrEnum):
    """How far a cluster was looked at."""

    SURVEYED = "surveyed"
    CUT_SHORT = "cut-short"  # its time was up before the reports were made: what is there holds
    UNREACHABLE = "unreachable"  # refused, forbidden, hanging, or not in the kubeconfig
    FAILED = "failed"  # a defect of this tool, or a worker that was lost again and again


@dataclass(frozen=True, slots=True)
class Example:
    """The failing pull that stands for a group."""

    namespace: str
    pod: str
    container: str
    image: str
    message: str


@dataclass(frozen=True, slots=True)
class Group:
    """One cause on one cluster, and one thing to mend. `status` is a verdict's: problem or undetermined."""

    id: str
    cause: str
    title: str
    thing_kind: str
    thing: str
    status: str
    confidence: str
    summary: str
    pods: int
    workloads: int
    namespaces: tuple[str, ...]
    nodes: int
    since: str  # RFC 3339, empty where it is not known
    example: Example
    remedy: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A full report of a group's example; `folder` is its place under the fleet's folder."""

    group: str
    folder: str
    status: str
    cause: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ClusterResult:
    """One cluster. `why` says in one sentence why there is less than a full survey."""

    place: Place
    state: State
    why: str = ""
    groups: tuple[Group, ...] = ()
    reports: tuple[Report, ...] = ()
    pods_seen: int = 0
    failing_pods: int = 0
    server: str = ""
    version: str = ""
    taken_at: str = ""
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    asks: str = ""  # how it was asked: results that were asked otherwise are not taken over

    @property
    def is_reached(self) -> bool:
        """True where the cluster's pods were seen."""
        return self.state in (State.SURVEYED, State.CUT_SHORT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker is told: where the cluster is found and how far to go. This is all that enters the task graph.

    `limit` is in seconds; `reports` is how many full reports may be made of the cluster.
    """

    place: Place
    probe: bool = True
    reports: int = 3
    limit: float = 300.0

    @property
    def fingerprint(self) -> str:
        """Says how a cluster is asked, to tell whether an earlier result answers the same question."""
        place = self.place
        words = (place.context, place.kubeconfig, place.namespace, "probe" if self.probe else "no-probe", self.reports)
        return " ".join(map(str, words))


def plain(value: Any) -> dict[str, Any]:
    """Returns a value of this module as plain JSON types."""
    built: dict[str, Any] = msgspec.to_builtins(value)
    return built
