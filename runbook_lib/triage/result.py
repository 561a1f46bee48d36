"""What a triage leaves: groups of failing pulls by what has to be mended, and what else was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runbook_lib.model.diagnosis import Confidence, Verdict, VerdictStatus
from runbook_lib.model.finding import Action
from runbook_lib.model.result import CaseResult, Provenance
from runbook_lib.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One failing pull: a container of a pod.

    `since` is RFC 3339: its first failure that is still known, else when the pod was made.
    """

    namespace: str
    pod: str
    container: str
    image: str
    node: str
    workload_kind: str
    workload_name: str
    since: str


@dataclass(frozen=True, slots=True)
class Group:
    """All failing pulls that one repair would end: the same cause, and the same thing to mend.

    `confidences` says how sure each part of the group is, as (confidence or "undetermined", pulls).
    """

    id: str  # cause:kind:name, the same in every run; with #2 … where several things have one name
    cause: str
    title: str
    thing_kind: str  # secret, credential, registry, image, node, …
    thing: str
    members: tuple[Member, ...]
    example: CaseResult
    remedy: tuple[Action, ...]
    confidences: tuple[tuple[str, int], ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worked example, the surest of the group."""
        return self.example.verdict

    @property
    def confidence(self) -> Confidence | None:
        """The example's confidence; None where the cause is not determined."""
        return self.verdict.confidence

    @property
    def pods(self) -> int:
        """How many pods wait for this repair."""
        return len({(m.namespace, m.pod) for m in self.members})

    @property
    def workloads(self) -> int:
        """How many workloads they belong to; a pod that nothing made counts as one."""
        return len({(m.namespace, m.workload_kind, m.workload_name) for m in self.members})

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces, sorted."""
        return tuple(sorted({m.namespace for m in self.members}))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes, sorted."""
        return tuple(sorted({m.node for m in self.members if m.node}))

    @property
    def since(self) -> str:
        """When the first of them began to fail, as far as is known."""
        return min((m.since for m in self.members if m.since), default="")


@dataclass(frozen=True, slots=True)
class Triage:
    """A whole look at a cluster, a namespace or a bundle."""

    groups: tuple[Group, ...]
    pods_seen: int
    unwell: tuple[tuple[str, int], ...]  # pods whose pull does not fail, by what the cluster says of them
    distinct: int  # failures that were diagnosed
    scope: str  # a namespace, or empty: all
    provenance: Provenance
    refused: tuple[Unavailable, ...] = ()
    defects: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def problems(self) -> tuple[Group, ...]:
        """The groups whose cause is known."""
        return tuple(g for g in self.groups if g.verdict.status is VerdictStatus.PROBLEM)

    @property
    def failing_pods(self) -> int:
        """Pods with a failing pull."""
        return len({(m.namespace, m.pod) for g in self.groups for m in g.members})

    @property
    def exit_code(self) -> int:
        """0 nothing fails, 1 a cause was found, 2 a defect of ours, 3 only undetermined ones."""
        if self.defects:
            return 2
        return 1 if self.problems else 3 if self.groups else 0


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Returns the groups with the one to mend first at the head: known causes first, then by pods and sureness."""
    order = (VerdictStatus.PROBLEM, VerdictStatus.UNDETERMINED, VerdictStatus.OK)
    return tuple(
        sorted(
            groups,
            key=lambda g: (
                order.index(g.verdict.status),
                -g.pods,
                g.confidence.rank if g.confidence else len(Confidence),
                g.id,
            ),
        )
    )
