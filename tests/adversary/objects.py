"""The objects of a small cluster, plain and as the API gives them: each builder makes one."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

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
