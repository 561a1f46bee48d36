"""Distinct failures: pods of one workload that fail alike are one question, asked of one of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from runbook_lib.model.kube import Container, Pod, cronjob_of
from runbook_lib.model.pull_error import Detail, Kind, PullError, parse
from runbook_lib.model.readings import Target
from runbook_lib.sources.pods import RawPod, Well, trace_of
from runbook_lib.triage.events import RawEvent
from runbook_lib.triage.result import Member
from runbook_lib.triage.shared_cluster import Noted

_STARTING = ("ContainerCreating", "PodInitializing")
_SILENT = (Detail.CAUSE_NOT_IN_TEXT, Detail.NOT_A_PULL)
_OF_THE_NODE = frozenset({Kind.DISK_FULL.value, Detail.KUBELET_QPS.value})
_BARE = re.compile(r"Error: \w+\s*")
_NUMBERS = re.compile(r"\d+|[0-9a-f]{12,}")

Essence = tuple[object, ...]


class FailureKey(NamedTuple):
    """What makes two failing pulls one: the same workload, container, image, identity, and error."""

    namespace: str
    workload: tuple[str, str]
    container: str
    image: str
    service_account: str
    pull_secrets: tuple[str, ...]
    error: tuple[Essence, ...]
    node: str = ""  # where the error is the node's own: its disk, its kubelet's limit


@dataclass(slots=True)
class Failure:
    """One distinct failure with an example and all its pods."""

    key: FailureKey
    target: Target
    members: list[Member] = field(default_factory=list)


@lru_cache(maxsize=8192)
def essence_of(text: str) -> Essence | None:
    """Returns what a text says of a failed pull, without ports, times and ids; None where it says nothing of it.

    Parsed once for each distinct text.
    """
    error = parse(text)
    if error.detail in _SILENT:
        return None
    if error.kind is Kind.OTHER and error.detail is None:
        return None if _BARE.fullmatch(text) else (_NUMBERS.sub("#", text),)
    return _essence(error)


def _essence(error: PullError) -> Essence:
    return (
        error.kind.value,
        error.detail.value if error.detail else "",
        error.phase.value if error.phase else "",
        error.registry or "",
        error.host or "",
        error.status or 0,
        error.code or "",
        error.credential_sent.value,
        error.of_sandbox_image,
    )


class Failures:
    """Takes in the pods of a pass and sorts them: distinct failures, pods unwell for other reasons, the well."""

    def __init__(self, noted: Noted) -> None:
        self._noted = noted
        self.found: dict[FailureKey, Failure] = {}
        self.unwell: Counter[str] = Counter()
        self.seen = 0
        self._unseen: set[tuple[str, str]] = set(noted.events.pods())
        self._well_cronjobs: dict[tuple[str, str], str] = {}

    def again(self) -> None:
        """Drops everything: the list of pods starts anew."""
        self._noted.forget_pods()
        self.found.clear()
        self.unwell.clear()
        self.seen = 0
        self._unseen = set(self._noted.events.pods())
        self._well_cronjobs.clear()

    def add_well(self, pod: Well) -> None:
        """Counts a pod of which nothing is wrong."""
        self.seen += 1
        self._unseen.discard((pod.namespace, pod.name))
        self._noted.note_running(pod)
        kind, name = pod.made_by
        if kind == "Job" and (scheduled := cronjob_of(name)):
            key = (pod.namespace, scheduled)
            self._well_cronjobs[key] = max(self._well_cronjobs.get(key, ""), pod.created)

    def unseen(self) -> list[tuple[str, str]]:
        """Returns namespace and name of the pods of which events tell, and which were not in the list."""
        return sorted(self._unseen)

    def well_since(self, namespace: str, cronjob: str) -> str:
        """Returns when the newest well pod of a CronJob was made; empty where there is none."""
        return self._well_cronjobs.get((namespace, cronjob), "")

    def fails_already(self, namespace: str, cronjob: str) -> bool:
        """True where a pod of this CronJob is there and fails."""
        return any(k.namespace == namespace and k.workload == ("CronJob", cronjob) for k in self.found)

    def add(self, pod: Pod, raw: RawPod, *, is_there: bool = True) -> None:
        """Sorts a pod that needs a look; one that is not there any more is not counted as seen."""
        self._unseen.discard((pod.namespace, pod.name))
        if is_there:
            self.seen += 1
            self._noted.note_running(trace_of(pod))
        events = self._noted.events.of(pod.namespace, pod.name)
        events = [e for e in events if not pod.uid or _uid(e) in ("", pod.uid)]
        failing = list(pod.failing)
        if not failing:
            failing = [c for c in pod.containers if _is_between_tries(c, events)]
            if failing:
                self._noted.asks_events.add((pod.namespace, pod.name))
        for container in failing:
            texts = [e.message for e in events if e.reason == "Failed" and _path(e) == container.field_path]
            self._note(pod, raw, container, [*texts, container.message], _began(events, container))
        if failing:
            return
        pause = [e for e in events if e.reason == "FailedCreatePodSandBox" and _is_pause(e.message or "")]
        if pause:
            self._noted.asks_events.add((pod.namespace, pod.name))  # whether the sandbox was made since
            self._note(pod, raw, None, [e.message for e in pause], min(e.began for e in pause))
        elif pod.is_unwell:
            self.unwell[_why_unwell(pod)] += 1

    def _note(self, pod: Pod, raw: RawPod, container: Container | None, texts: list[str | None], since: str) -> None:
        essences = {e for text in texts if text and (e := essence_of(text)) is not None}
        key = FailureKey(
            pod.namespace,
            pod.workload,
            container.name if container else "",
            container.image if container else "",
            pod.service_account,
            pod.pull_secrets,
            tuple(sorted(essences, key=repr)),
            pod.node if any(_OF_THE_NODE & set(essence) for essence in essences) else "",
        )
        failure = self.found.get(key)
        if failure is None:
            target = Target(pod.namespace, pod.name, key.container)
            failure = self.found[key] = Failure(key, target)
            self._noted.examples[pod.namespace, pod.name] = raw
        failure.members.append(
            Member(pod.namespace, pod.name, key.container, key.image, pod.node, *pod.workload, since or pod.created)
        )


def _uid(event: RawEvent) -> str:
    return (event.involved_object.uid or "") if event.involved_object else ""


def _path(event: RawEvent) -> str:
    return (event.involved_object.field_path or "") if event.involved_object else ""


def _began(events: list[RawEvent], container: Container) -> str:
    mine = (e for e in events if e.reason == "Failed" and _path(e) == container.field_path)
    return min((e.began for e in mine if e.began), default="")


def _is_between_tries(container: Container, events: list[RawEvent]) -> bool:
    """True where a container is only said to be starting, and its pull is known to have failed before."""
    if container.state != "waiting" or container.reason not in _STARTING:
        return False
    mine = (e.message or "" for e in events if e.reason == "Failed" and _path(e) == container.field_path)
    return any(essence_of(text) is not None for text in mine)


def _is_pause(text: str) -> bool:
    return bool(text) and parse(text).of_sandbox_image


def _why_unwell(pod: Pod) -> str:
    waiting = (c.reason for c in pod.containers if c.state == "waiting" and c.reason)
    unscheduled = (r for t, s, r, _ in pod.conditions if t == "PodScheduled" and s == "False" and r)
    return next(waiting, "") or pod.reason or next(unscheduled, "") or pod.phase or "unknown"
