"""The failing pulls that a person may pick from: listed, filtered, and bounded, whatever the cluster's size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runbook_lib.model.kube import Pod
from runbook_lib.model.kube_raw import pod_from
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.report.sealed import sealed
from runbook_lib.report.text import one_line
from runbook_lib.session import Session

SHOWN = 100
"""How many lines a list shows; the filters narrow what stands in it."""


@dataclass(frozen=True, slots=True)
class FailingPull:
    """One pod with a container whose image cannot be had."""

    namespace: str
    pod: str
    workload: tuple[str, str]
    reason: str
    image: str

    @property
    def selector(self) -> str:
        """The pod as a parameter names it; evidence may hold names with a slash, which would name a workload."""
        return f"pod/{self.pod}" if "/" in self.pod else self.pod

    @property
    def workload_name(self) -> str:
        """Kind and name of what made the pod, as a person types it."""
        kind, name = self.workload
        return f"{kind.lower()}/{name}"

    @property
    def line(self) -> str:
        """One line of the list."""
        of = "" if self.workload[0] == "Pod" else f"{self.workload_name} · "
        return one_line(sealed(f"{self.namespace}/{self.pod} · {of}{self.reason} · {self.image}"), 160)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty fields let everything through. `workload` is a part of a name."""

    namespace: str = ""
    reason: str = ""
    workload: str = ""

    def lets(self, pull: FailingPull) -> bool:
        """True where a pull is to be listed."""
        wanted = self.workload.strip().lower()
        return (
            self.namespace in ("", pull.namespace)
            and self.reason in ("", pull.reason)
            and (not wanted or wanted in pull.workload_name.lower() or wanted in pull.pod.lower())
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found: the failing pulls, how many pods were seen where, and why not more."""

    pulls: tuple[FailingPull, ...]
    pods: int
    where: str  # a namespace, or empty for all
    refused: Unavailable | None = None

    @property
    def workloads(self) -> int:
        """How many workloads the failing pods belong to."""
        return len({(p.namespace, p.workload) for p in self.pulls})

    @property
    def namespaces(self) -> list[str]:
        """The namespaces that have a failing pull, sorted."""
        return sorted({p.namespace for p in self.pulls})

    @property
    def reasons(self) -> list[str]:
        """The reasons that the kubelet gives, sorted."""
        return sorted({p.reason for p in self.pulls})

    def matching(self, narrowed: Filter) -> list[FailingPull]:
        """Returns the pulls that a filter lets through, in order."""
        return [pull for pull in self.pulls if narrowed.lets(pull)]


def failing_pulls(pods: Iterable[Pod]) -> tuple[FailingPull, ...]:
    """Returns a line for each pod with a failing pull, by namespace and name."""
    found = [
        FailingPull(pod.namespace, pod.name, pod.workload, pod.failing[0].reason, pod.failing[0].image)
        for pod in pods
        if pod.failing
    ]
    return tuple(sorted(found, key=lambda p: (p.namespace, p.pod)))


def look(session: Session, namespace: str) -> Listing:
    """Lists the failing pulls where the selectors look: in the namespace, else the context's, else in all."""
    where = namespace or session.default_namespace
    here = look_in(session, where)
    return here if namespace or here.pulls or not where else _wider(here, look_in(session, ""))


def look_in(session: Session, namespace: str) -> Listing:
    """Lists the failing pulls of one namespace; of all where it is empty."""
    raw = session.cluster.list("pods", namespace)
    if isinstance(raw, Unavailable):
        return Listing((), 0, namespace, raw)
    pods = list(map(pod_from, raw))
    return Listing(failing_pulls(pods), len(pods), namespace)


def _wider(here: Listing, everywhere: Listing) -> Listing:
    return here if everywhere.refused is not None and here.refused is None else everywhere


def bounded(pulls: Sequence[FailingPull], keep: FailingPull | None) -> list[FailingPull]:
    """Returns at most `SHOWN` pulls; the one that is open stays in the list."""
    first = list(pulls[:SHOWN])
    return first if keep is None or keep in first or keep not in pulls else [*first[:-1], keep]
