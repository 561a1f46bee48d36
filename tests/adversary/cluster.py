"""A small cluster in plain objects, and a registry in plain answers: evidence in any combination, diagnosed offline."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runbook_lib.case import Case
from runbook_lib.model.credential import Credential
from runbook_lib.model.diagnosis import Diagnosis
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.readings import Target
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.session import Session
from runbook_lib.sources.account import Account
from runbook_lib.sources.bundle.evidence import BundleCluster, Evidence
from runbook_lib.sources.kube import ClusterIdentity, RawObject
from runbook_lib.sources.probing import Probing

Item = dict[str, Any]
HOST = "us.icr.io"
IMAGE = "us.icr.io/shop/web:1.0"
NS = "shop"
EARLIER, CREATED, FAILED, LATER = (f"2026-11-24T{at}Z" for at in ("08:00:00", "10:00:00", "10:20:00", "10:40:00"))
"""Before the pod, the pod's creation, its last failed attempt, and after that."""


def docker_config(hosts: Mapping[str, tuple[str, str]]) -> str:
    """The payload of a .dockerconfigjson, in base64."""
    auths = {
        host: {"username": user, "password": word, "auth": base64.b64encode(f"{user}:{word}".encode()).decode()}
        for host, (user, word) in hosts.items()
    }
    return base64.b64encode(json.dumps({"auths": auths}).encode()).decode()


def secret(
    name: str,
    hosts: Mapping[str, tuple[str, str]] | None = None,
    *,
    namespace: str = NS,
    type_: str = "kubernetes.io/dockerconfigjson",
    key: str = ".dockerconfigjson",
    payload: str | None = None,
    created: str = EARLIER,
    **metadata: Any,
) -> Item:
    """A pull secret; `payload` replaces what `hosts` would give."""
    data = base64.b64encode(payload.encode()).decode() if payload is not None else docker_config(hosts or {})
    meta = {"name": name, "namespace": namespace, "creationTimestamp": created, **metadata}
    return {"apiVersion": "v1", "kind": "Secret", "type": type_, "metadata": meta, "data": {key: data}}


def elided(item: Item) -> Item:
    """The same secret as must-gather leaves it."""
    data = {k: base64.b64encode(b"312 bytes long").decode() for k in item["data"]}
    return {**item, "data": data}


def account(name: str = "default", secrets: tuple[str, ...] = (), *, created: str = EARLIER) -> Item:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "namespace": NS, "creationTimestamp": created},
        "imagePullSecrets": [{"name": s} for s in secrets],
    }


def waiting(name: str, image: str, reason: str = "ImagePullBackOff", message: str | None = None) -> Item:
    text = f'Back-off pulling image "{image}"' if message is None else message
    return {
        "name": name,
        "image": image,
        "ready": False,
        "restartCount": 0,
        "state": {"waiting": {"reason": reason, "message": text}},
    }


def running(name: str, image: str, restarts: int = 0) -> Item:
    return {
        "name": name,
        "image": image,
        "imageID": f"{image}@sha256:0",
        "ready": True,
        "restartCount": restarts,
        "state": {"running": {"startedAt": CREATED}},
    }


def pod(
    name: str = "web",
    *,
    image: str = IMAGE,
    secrets: tuple[str, ...] = (),
    status: list[Item] | None = None,
    init: tuple[tuple[str, str], ...] = (),
    init_status: list[Item] | None = None,
    node: str = "worker-1",
    account: str = "default",
    owner: str = "",
    phase: str = "Pending",
    created: str = CREATED,
    policy: str = "IfNotPresent",
    namespace: str = NS,
) -> Item:
    """A pod with one regular container `app`."""
    meta: Item = {"name": name, "namespace": namespace, "uid": f"uid-{name}", "creationTimestamp": created}
    if owner:
        meta["ownerReferences"] = [{"kind": "ReplicaSet", "name": owner, "controller": True}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta,
        "spec": {
            "nodeName": node,
            "serviceAccountName": account,
            "imagePullSecrets": [{"name": s} for s in secrets],
            "initContainers": [{"name": n, "image": i} for n, i in init],
            "containers": [{"name": "app", "image": image, "imagePullPolicy": policy}],
        },
        "status": {
            "phase": phase,
            "initContainerStatuses": init_status or [],
            "containerStatuses": [waiting("app", image)] if status is None else status,
        },
    }


def event(
    message: str,
    *,
    reason: str = "Failed",
    path: str = "spec.containers{app}",
    last: str = FAILED,
    count: int = 5,
    about: str = "web",
    type_: str = "Warning",
    namespace: str = NS,
) -> Item:
    involved = {"kind": "Pod", "name": about, "namespace": namespace, "uid": f"uid-{about}", "fieldPath": path}
    name = f"{about}.{zlib.crc32(repr((message, last, reason, path)).encode()):x}"
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "reason": reason,
        "type": type_,
        "message": message,
        "count": count,
        "firstTimestamp": CREATED,
        "lastTimestamp": last,
        "involvedObject": involved,
        "metadata": {"name": name, "namespace": namespace, "creationTimestamp": CREATED},
    }


def unretrieved(*names: str, last: str = FAILED, count: int = 8) -> Item:
    text = (
        f"Unable to retrieve some image pull secrets ({', '.join(names)}); "
        "attempting to pull the image may not succeed."
    )
    return event(text, reason="FailedToRetrieveImagePullSecret", path="", last=last, count=count)


def node(name: str = "worker-1", architecture: str = "amd64", system: str = "linux") -> Item:
    info = {"operatingSystem": system, "architecture": architecture, "containerRuntimeVersion": "containerd://1.7.24"}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"nodeInfo": info}}


def default_secret(hosts: Mapping[str, tuple[str, str]], name: str = "all-icr-io") -> Item:
    return secret(name, hosts, namespace="default")


# What the runtimes say. {i} is the image, {h} its host, {r} its repository, {t} its tag.
def said(text: str, image: str = IMAGE) -> str:
    """The text with an image's names in it."""
    host, _, path = image.partition("/")
    repository, _, tag = path.rpartition(":")
    return text.format(i=image, h=host, r=repository, t=tag)


def failed(text: str, image: str = IMAGE, **fields: Any) -> Item:
    """The kubelet's event with one of those texts."""
    return event(said(text, image), **fields)


Answers = Callable[[Credential | None], RegistryAnswer]


def answer(kind: Answer, *, logged_in: bool = False, status: int = 0, hop: Hop = Hop.MANIFEST) -> RegistryAnswer:
    return RegistryAnswer(kind, hop, status, logged_in=logged_in)


ACCEPTED = answer(Answer.ACCEPTED, logged_in=True, status=200)
REJECTED = answer(Answer.CREDENTIALS_REJECTED, status=401, hop=Hop.TOKEN)
DENIED = answer(Answer.DENIED, logged_in=True, status=403)
NO_TOKEN = answer(Answer.NO_TOKEN_SENT, status=401, hop=Hop.TOKEN)
ABSENT = answer(Answer.NOT_FOUND, status=404)


def registry(by_password: Mapping[str, RegistryAnswer], anonymous: RegistryAnswer = NO_TOKEN) -> Answers:
    """A registry that answers by the password; unknown ones are rejected."""

    def ask(credential: Credential | None) -> RegistryAnswer:
        if credential is None:
            return anonymous
        return by_password.get(credential.password.reveal(), REJECTED)

    return ask


class _Registry:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def ask(
        self,
        image: ImageRef,
        credential: Credential | None,
        *,
        platform: tuple[str, str] | None = None,
        blob: bool = False,
    ) -> RegistryAnswer:
        return self._answers(credential)


class _Live:
    """The same objects as a live API would give them: what is not there is answered with 404."""

    def __init__(self, bundle: BundleCluster, forbidden: frozenset[str]) -> None:
        self._bundle, self._forbidden = bundle, forbidden

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        if resource in self._forbidden:
            return Unavailable(f"{resource} {namespace}/{name}", Why.FORBIDDEN, "the login may not")
        found = self._bundle.get(resource, namespace, name)
        return Unavailable(found.what, Why.NOT_FOUND) if isinstance(found, Unavailable) else found

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Any:
        if resource in self._forbidden:
            return Unavailable(f"{resource} of {namespace}", Why.FORBIDDEN, "the login may not")
        found = self._bundle.list(resource, namespace, fields=fields)
        return () if isinstance(found, Unavailable) else found

    def identity(self) -> ClusterIdentity:
        return ClusterIdentity("live", "made up", openshift=True)


@dataclass(frozen=True)
class Evidenced:
    """Objects, how they are read, and what the registry answers (None: it is not asked)."""

    items: list[Item]
    answers: Answers | None = None
    live: bool = True
    forbidden: frozenset[str] = field(default_factory=frozenset)
    container: str = "app"
    pod: str = "web"
    namespace: str = NS

    def session(self) -> Session:
        evidence = Evidence()
        for item in self.items:
            evidence.add(item)
        bundle = BundleCluster(evidence, name="made up")
        source = _Live(bundle, self.forbidden) if self.live else bundle
        probing = Probing(_Registry(self.answers)) if self.answers else Probing(None, "not asked")
        return Session(source, probing=probing, account=Account(None, "not asked"))

    def case(self) -> Case:
        return Case(self.session(), Target(self.namespace, self.pod, self.container))

    def diagnose(self) -> Diagnosis:
        return self.case().diagnose()


def diagnose(*items: Item, answers: Answers | None = None, **how: Any) -> Diagnosis:
    """The diagnosis of the container `app` of the pod `web` among these objects."""
    return Evidenced([*items], answers, **how).diagnose()


def confirmed(diagnosis: Diagnosis) -> set[str]:
    """Every cause that the diagnosis calls confirmed."""
    return {claim.id for claim in diagnosis.causes if claim.confidence.value == "confirmed"}


def verdict(diagnosis: Diagnosis) -> tuple[str, str]:
    """The cause (or the status) and the confidence."""
    v = diagnosis.verdict
    return v.cause or v.status.value, v.confidence.value if v.confidence else "-"
