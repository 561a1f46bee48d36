"""What may be read here and now, which steps cannot be judged without it, and the exact right to ask for.

What each reading asks of a cluster is stated in `ASKED_BY`, and a test holds that table against what the
providers really ask. Which steps rest on a reading is not stated anywhere: the wiring tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.model.account import LoginInfo
from runbook_lib.model.account_readings import ClusterAccount, RegistryAccount
from runbook_lib.model.kube import Node, Pod, ServiceAccount
from runbook_lib.model.problem import BadInput
from runbook_lib.model.readings import DefaultSecrets, PodEvents, PodSecrets, ProjectSecrets, Siblings
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import Need
from runbook_lib.providers import PROVIDERS
from runbook_lib.sources.cluster.reviews import Right
from runbook_lib.steps import ALL_STEPS


class Where(StrEnum):
    """Which namespace a right is needed in: the pod's, `default`, or the cluster as a whole."""

    PROJECT = "project"
    DEFAULT = "default"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one reading asks of a cluster."""

    verb: str
    resource: str
    where: Where

    def in_namespace(self, namespace: str) -> Right:
        """The right that this takes for a pod of a namespace."""
        spaces = {Where.PROJECT: namespace, Where.DEFAULT: "default", Where.CLUSTER: ""}
        return Right(self.verb, self.resource, spaces[self.where])


ASKED_BY: Mapping[type, Asked] = {
    Pod: Asked("get", "pods", Where.PROJECT),
    Siblings: Asked("list", "pods", Where.PROJECT),
    PodEvents: Asked("list", "events", Where.PROJECT),
    ServiceAccount: Asked("get", "serviceaccounts", Where.PROJECT),
    PodSecrets: Asked("get", "secrets", Where.PROJECT),
    ProjectSecrets: Asked("list", "secrets", Where.PROJECT),
    DefaultSecrets: Asked("list", "secrets", Where.DEFAULT),
    Node: Asked("get", "nodes", Where.CLUSTER),
}
"""The readings that ask a cluster, and what they ask."""

BESIDE_STEPS: Mapping[Asked, str] = {
    Asked("list", "serviceaccounts", Where.PROJECT): "`runbook collect` and `runbook triage`",
    Asked("list", "nodes", Where.CLUSTER): "`runbook collect` and `runbook triage`",
    Asked("get", "namespaces", Where.CLUSTER): "telling a namespace without pods from one that is not there",
    Asked("list", "pods", Where.CLUSTER): "finding the failing pull where no namespace is named, and `runbook triage`",
}
"""What is asked beside the steps, and what it is for."""

OF_ACCOUNT: frozenset[type] = frozenset({RegistryAccount, ClusterAccount})
"""The readings that there are only with a login to IBM Cloud."""


TURNS_UNKNOWN: Mapping[type, tuple[str, ...]] = {DefaultSecrets: ("image-pull/4.1",)}
"""Steps that take a reading's `Unavailable` themselves, to say UNKNOWN in words of their own."""

STILL_JUDGED: Mapping[type, tuple[str, ...]] = {PodSecrets: ("image-pull/4.2",)}
"""Steps that need a reading of several items, in each of which a refusal stands, and get on without their content."""

_NO_ANSWER = frozenset({Why.UNAUTHENTICATED, Why.UNREACHABLE, Why.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Entry:
    """One right: whether the login has it (None: not learned, `why`), and what is lost without it."""

    right: Right
    allowed: bool | None
    unknown_without: tuple[str, ...] = ()
    less_without: tuple[str, ...] = ()
    used_for: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What may be read for a pod of this namespace, and whether IBM Cloud may be."""

    namespace: str
    entries: tuple[Entry, ...]
    login: LoginInfo | Unavailable
    account_unknown: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """True where every step can be judged."""
        return not isinstance(self.login, Unavailable) and all(e.allowed or not e.unknown_without for e in self.entries)

    @property
    def missing(self) -> tuple[Right, ...]:
        """The rights that the login is known to lack."""
        return tuple(e.right for e in self.entries if e.allowed is False)


def access(namespace: str, may: Callable[[Right], bool | Unavailable], login: LoginInfo | Unavailable) -> Access:
    """Asks for each right that a run uses for a pod of `namespace`.

    Raises:
        BadInput: the cluster answers none of the questions; says why.
    """
    readings_of: dict[Asked, set[type]] = {}
    for reading, asked in ASKED_BY.items():
        readings_of.setdefault(asked, set()).add(reading)
    entries: list[Entry] = []
    for asked in (*readings_of, *BESIDE_STEPS):
        unknown, less = steps_without(readings_of.get(asked, set()))
        right = asked.in_namespace(namespace)
        got = may(right)
        if isinstance(got, Unavailable) and got.why in _NO_ANSWER and all(e.allowed is None for e in entries):
            raise BadInput(f"{got}.", got.remedy)
        known = None if isinstance(got, Unavailable) else got
        why = str(got) if isinstance(got, Unavailable) else ""
        entries.append(Entry(right, known, unknown, less, BESIDE_STEPS.get(asked, ""), why))
    return Access(namespace, tuple(entries), login, steps_without(OF_ACCOUNT)[0])


def steps_without(lost: Iterable[type]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the steps that are UNKNOWN without these readings, and those that know less, by the wiring."""
    gone = frozenset(lost)
    said = {step for reading in gone for step in TURNS_UNKNOWN.get(reading, ())}
    judged = {step for reading in gone for step in STILL_JUDGED.get(reading, ())}
    unknown = tuple(s.id for s in ALL_STEPS if s.id in said or (_fails(s.needs, gone) and s.id not in judged))
    less = tuple(s.id for s in ALL_STEPS if s.id not in unknown and _rests_on(s.needs, gone))
    return unknown, less


def _fails(needs: tuple[Need, ...], gone: frozenset[type]) -> bool:
    return any(not n.accepts_unavailable and (n.reading in gone or _fails(_needs(n.reading), gone)) for n in needs)


def _rests_on(needs: tuple[Need, ...], gone: frozenset[type]) -> bool:
    return any(n.reading in gone or _rests_on(_needs(n.reading), gone) for n in needs)


def _needs(reading: type) -> tuple[Need, ...]:
    provider = PROVIDERS.get(reading)
    return provider.needs if provider else ()


def rules_for(rights: Iterable[Right]) -> list[dict[str, object]]:
    """Returns the RBAC objects that grant the rights and nothing else: a Role a namespace, a ClusterRole."""
    by_place: dict[str, dict[str, set[str]]] = {}
    for right in rights:
        by_place.setdefault(right.namespace, {}).setdefault(right.resource, set()).add(right.verb)
    return [_role(namespace, verbs) for namespace, verbs in sorted(by_place.items())]


def _role(namespace: str, verbs_of: Mapping[str, set[str]]) -> dict[str, object]:
    resources_of: dict[tuple[str, ...], list[str]] = {}
    for resource, verbs in verbs_of.items():
        resources_of.setdefault(tuple(sorted(verbs)), []).append(resource)
    rules = [
        {"apiGroups": [""], "resources": sorted(resources), "verbs": list(verbs)}
        for verbs, resources in sorted(resources_of.items())
    ]
    metadata = {"name": "pull-runbook"} | ({"namespace": namespace} if namespace else {})
    kind = "Role" if namespace else "ClusterRole"
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": metadata, "rules": rules}
