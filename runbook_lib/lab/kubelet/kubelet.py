"""A small kubelet: walks the pods of its node, really pulls, and writes statuses and events as a kubelet
does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from runbook_lib.lab.kubelet import conditions, containers, history, image_name, needs
from runbook_lib.lab.kubelet.cluster import Cluster
from runbook_lib.lab.kubelet.containers import Life, Report
from runbook_lib.lab.kubelet.failure import Pulled
from runbook_lib.lab.kubelet.happenings import Happening, event, stamp
from runbook_lib.lab.kubelet.history import Moments
from runbook_lib.lab.kubelet.images import Absent, Images
from runbook_lib.lab.kubelet.pull import Puller
from runbook_lib.lab.kubelet.wording import SANDBOX, WORDS

Obj = dict[str, Any]

START_DELAY_S = 1
TRY_AGAIN_S = 10


@dataclass(slots=True)
class Kubelet:
    """The kubelet of one node.

    `sync` looks at every pod once: a pod that it has not seen is told as if it had been tried since it was
    made; one that failed is tried again after a pause, with the secrets as they are then.
    """

    cluster: Cluster
    puller: Puller
    _tried: dict[str, datetime] = field(default_factory=dict)
    _settled: set[str] = field(default_factory=set)

    def sync(self) -> None:
        """Looks at all pods of the node that are not settled."""
        now = self.cluster.now()
        for pod in self.cluster.pods_of(self.puller.node.name):
            uid = pod["metadata"]["uid"]
            if uid in self._settled:
                continue
            tried = self._tried.get(uid)
            if tried is None or now - tried >= timedelta(seconds=TRY_AGAIN_S):
                self._tried[uid] = now
                self._look_at(pod, now, again=tried is not None)

    def _look_at(self, pod: Obj, now: datetime, *, again: bool) -> None:
        start = _created(pod) + timedelta(seconds=START_DELAY_S)
        told = _PodWalk(self.cluster, self.puller, pod, min(start, now), now).walk()
        if again and told.settled:
            told = _PodWalk(self.cluster, self.puller, pod, now, now).walk()
        if told.settled:
            self._settled.add(pod["metadata"]["uid"])
        self.cluster.write_status(pod, told.status)
        for happening in told.happenings:
            self.cluster.write_event(event(pod, self.puller.node.name, happening))


@dataclass(frozen=True, slots=True)
class _Told:
    status: Obj
    happenings: tuple[Happening, ...]
    settled: bool


@dataclass(frozen=True, slots=True)
class _PodWalk:
    """One look at one pod, in the kubelet's order: volumes, sandbox, init containers, then all others."""

    cluster: Cluster
    puller: Puller
    pod: Obj
    start: datetime
    now: datetime

    def walk(self) -> _Told:
        spec = self.pod["spec"]
        blocked = self._volumes() or self._sandbox()
        if blocked is not None:
            return self._told(None, self._not_begun("initContainers"), self._not_begun("containers"), (), (blocked,))
        secrets, before = self._secrets()
        init = self._init(spec.get("initContainers") or [], secrets)
        through = all(report.life is Life.DONE for report in init)
        start = max((report.since for report in init if report.since), default=self.start)
        regular = (
            [self._container(item, "containers", secrets, start) for item in spec.get("containers") or []]
            if through
            else self._not_begun("containers")
        )
        guests = [
            self._container(item, "ephemeralContainers", secrets, start)
            for item in (spec.get("ephemeralContainers") or [] if through else [])
        ]
        return self._told(self.start, init, regular, guests, before)

    def _secrets(self) -> tuple[list[Obj], tuple[Happening, ...]]:
        found, missing = [], []
        for named in self.pod["spec"].get("imagePullSecrets") or []:
            secret = self.cluster.get("secrets", self.pod["metadata"]["namespace"], str(named.get("name", "")))
            if secret is None:
                missing.append(str(named.get("name", "")))
            else:
                found.append(secret)
        happenings = []
        if missing:
            happenings.append(_unretrieved(missing, history.looks(self.start, self.now)))
        if found and self.puller.node.cold_cache:
            names = [str(secret["metadata"]["name"]) for secret in found]
            happenings.append(_unretrieved(names, Moments(1, self.start, self.start)))
        return found, tuple(happenings)

    def _init(self, items: Sequence[Obj], secrets: Sequence[Obj]) -> list[Report]:
        reports: list[Report] = []
        start = self.start
        for item in items:
            if reports and reports[-1].life is not Life.DONE:
                reports.append(containers.not_begun(item, "PodInitializing"))
                continue
            reports.append(self._container(item, "initContainers", secrets, start))
            start = reports[-1].since or start
        return reports

    def _container(self, item: Obj, kind: str, secrets: Sequence[Obj], start: datetime) -> Report:
        path = f"spec.{kind}{{{item['name']}}}"
        image = Images(self.puller).ensure(item, path, secrets, start, self.now)
        if isinstance(image, Absent):
            return containers.absent(item, image)
        lacks = needs.missing_for_container(item, self.pod["metadata"]["namespace"], self.cluster.get)
        if lacks is not None:
            return containers.cannot_be_made(item, image, path, lacks, self.now)
        node = self.puller.node
        return containers.started(item, image, path, node, self.pod, self.now, runs_on=kind != "initContainers")

    def _not_begun(self, kind: str) -> list[Report]:
        items = self.pod["spec"].get(kind) or []
        reason = "PodInitializing" if self.pod["spec"].get("initContainers") else "ContainerCreating"
        return [containers.not_begun(item, reason) for item in items]

    def _volumes(self) -> Happening | None:
        missing = needs.missing_volume(self.pod, self.cluster.get)
        if missing is None:
            return None
        volume, lacks = missing
        looks = history.since(self.start, self.now).attempts
        return Happening("Warning", "FailedMount", f'MountVolume.SetUp failed for volume "{volume}" : {lacks}', looks)

    def _sandbox(self) -> Happening | None:
        node = self.puller.node
        if not node.sandbox_image or node.sandbox_image in node.images:
            return None
        name = image_name.parse(node.sandbox_image)
        outcome = self.puller.pull(name, None)
        if isinstance(outcome, Pulled):
            return None
        said = WORDS[node.runtime](name, outcome)
        seed = self.pod["metadata"]["uid"].encode()
        sandbox = hashlib.sha256(seed).hexdigest()
        words = SANDBOX[node.runtime](node.sandbox_image, said.text, sandbox)
        message = f"Failed to create pod sandbox: rpc error: code = {said.code} desc = {words}"
        return Happening("Warning", "FailedCreatePodSandBox", message, history.looks(self.start, self.now))

    def _told(
        self,
        sandbox: datetime | None,
        init: Sequence[Report],
        regular: Sequence[Report],
        guests: Sequence[Report],
        before: Sequence[Happening],
    ) -> _Told:
        phase = conditions.phase(self.pod, init, regular)
        created = _created(self.pod)
        address = _addresses(self.pod) if sandbox else {}
        status: Obj = {
            "conditions": conditions.conditions(created, sandbox, init, regular),
            "containerStatuses": [report.status for report in regular],
            "hostIP": "10.240.0.7",
            "hostIPs": [{"ip": "10.240.0.7"}],
            "phase": phase,
            "qosClass": (self.pod.get("status") or {}).get("qosClass", "BestEffort"),
            "startTime": stamp(created),
        }
        status |= address
        if init:
            status["initContainerStatuses"] = [report.status for report in init]
        if guests:
            status["ephemeralContainerStatuses"] = [report.status for report in guests]
        reports = [*init, *regular, *guests]
        happenings = tuple(before) + tuple(each for report in reports for each in report.happenings)
        settled = sandbox is not None and all(report.life in (Life.RUNS, Life.DONE) for report in reports)
        return _Told(status, happenings, settled)


def _unretrieved(names: Sequence[str], moments: Moments) -> Happening:
    message = (
        f"Unable to retrieve some image pull secrets ({', '.join(names)}); "
        "attempting to pull the image may not succeed."
    )
    return Happening("Warning", "FailedToRetrieveImagePullSecret", message, moments)


def _created(pod: Obj) -> datetime:
    return datetime.fromisoformat(pod["metadata"]["creationTimestamp"])


def _addresses(pod: Obj) -> Obj:
    number = int(hashlib.sha256(pod["metadata"]["uid"].encode()).hexdigest()[:4], 16)
    address = f"172.30.{number // 256 % 256}.{number % 254 + 1}"
    return {"podIP": address, "podIPs": [{"ip": address}]}
