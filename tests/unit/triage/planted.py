"""A large practice cluster: pods that are well by the thousand, and some of planted causes among them.

One pod of each cause is really pulled by the lab's kubelet; the others are copies of what that left (status
and events) in other namespaces, so that ten thousand pods are made in seconds.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from runbook_lib.lab import Lab
from runbook_lib.lab.pull_secrets import secret_data

Obj = dict[str, Any]
TYPE = "kubernetes.io/dockerconfigjson"
OLD, NEW = {"username": "iamapikey", "key": "rotated"}, {"username": "iamapikey", "key": "cluster"}


@dataclass(frozen=True)
class Plant:
    """A cause, and the pod and secrets that bring it about."""

    cause: str
    image: str
    pull_secrets: tuple[str, ...] = ()
    secrets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


SIX = (
    Plant("stale-secret-copy", "us.icr.io/shop/web:1.0", ("all-icr-io",), {"all-icr-io": {"us.icr.io": OLD}}),
    Plant("tag-not-found", "us.icr.io/shop/web:1.9", ("good",), {"good": {"us.icr.io": NEW}}),
    Plant("no-pull-secret", "us.icr.io/shop/web:1.0"),
    Plant("pull-secret-missing", "us.icr.io/shop/web:1.0", ("gone",)),
    Plant("registry-not-covered", "us.icr.io/shop/web:1.0", ("uk",), {"uk": {"uk.icr.io": NEW}}),
    Plant("image-name-invalid", "us.icr.io/Shop/web:1.0"),
)


def many_tags(number: int) -> tuple[Plant, ...]:
    """As many distinct failures as are asked for: each another tag that is not there."""
    secrets = {"good": {"us.icr.io": NEW}}
    return tuple(Plant("tag-not-found", f"us.icr.io/shop/web:0.{n}", ("good",), secrets) for n in range(number))


def plant(lab: Lab, *, well: int, failing: int, plants: tuple[Plant, ...] = SIX, spaces: int = 10) -> None:
    """Adds pods to a running lab: `well` ones, and `failing` ones dealt out over the plants and namespaces."""
    store = lab.store
    made = {p.cause: p for p in reversed(plants)}  # the first of each cause is really pulled
    for p in made.values():
        for n in range(spaces):
            _namespace(lab, _space(p.cause, n))
            for name, entries in p.secrets.items():
                data = secret_data(TYPE, entries, lab.network.key_value)
                metadata = {"name": name, "namespace": _space(p.cause, n)}
                store.create({"apiVersion": "v1", "kind": "Secret", "type": TYPE, "metadata": metadata, "data": data})
    originals = {p.cause: _original(lab, p) for p in made.values()}
    lab.kubelet.sync()
    left = {cause: _left(lab, *place) for cause, place in originals.items()}
    for number in range(failing):
        p = plants[number % len(plants)]
        nth = number // len(plants)
        if p is made[p.cause] and nth == 0:
            continue  # the original itself
        pod, events = left[p.cause]
        for obj in _copies(pod, events, _space(p.cause, nth % spaces), number, (made[p.cause].image, p.image)):
            store.put_raw(obj)
    for obj in well_pods(well):
        store.put_raw(obj)


def _space(cause: str, number: int) -> str:
    return f"{cause}-{number}"


def _namespace(lab: Lab, name: str) -> None:
    if lab.store.get("namespaces", None, name) is None:
        lab.store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})


def _original(lab: Lab, p: Plant) -> tuple[str, str]:
    namespace = _space(p.cause, 0)
    spec = {
        "containers": [{"name": "app", "image": p.image}],
        "imagePullSecrets": [{"name": name} for name in p.pull_secrets],
    }
    metadata = {"name": "web-0", "namespace": namespace}
    lab.store.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    return namespace, "web-0"


def _left(lab: Lab, namespace: str, name: str) -> tuple[Obj, list[Obj]]:
    pod = lab.store.get("pods", namespace, name)
    assert pod is not None
    events = lab.store.list("events", namespace, fields=f"involvedObject.name={name}")
    return pod, events


def _copies(pod: Obj, events: list[Obj], namespace: str, number: int, image: tuple[str, str]) -> Iterator[Obj]:
    """A pod of a Deployment with its events: a workload in each namespace."""
    name = f"web-6f5d8c7b9-{number:05d}"
    uid = f"00000000-0000-4000-8000-{number:012d}"
    made = _renamed(pod, image)
    made["metadata"] |= {"name": name, "namespace": namespace, "uid": uid}
    made["metadata"]["labels"] = {"app": "web", "pod-template-hash": "6f5d8c7b9"}
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-6f5d8c7b9", "uid": "r", "controller": True}
    made["metadata"]["ownerReferences"] = [owner]
    made["spec"]["nodeName"] = f"worker-{number % 7}"
    yield made
    for nth, event in enumerate(events):
        told = _renamed(event, image)
        told["metadata"] |= {"name": f"{name}.{nth}", "namespace": namespace}
        told["metadata"].pop("uid", None)
        told["involvedObject"] |= {"name": name, "namespace": namespace, "uid": uid}
        yield told


def _renamed(obj: Obj, image: tuple[str, str]) -> Obj:
    copied: Obj = json.loads(json.dumps(obj).replace(*image))
    copied["metadata"].pop("resourceVersion", None)
    return copied


def well_pods(number: int) -> Iterator[Obj]:
    """Running pods of about 10 KiB each, as a service mesh and a deployment tool leave them."""
    env = [{"name": f"SETTING_{n}", "value": f"https://service-{n}.example.com:8443/path/{n}"} for n in range(45)]
    fields: Obj = {f"f:spec-field-{n}": {".": {}, "f:name": {}, "f:value": {}} for n in range(60)}
    managed = [{"manager": m, "operation": "Update", "fieldsV1": fields} for m in ("kubelet", "controller")]
    status = {"name": "app", "image": "us.icr.io/shop/web:1.0", "imageID": "us.icr.io/shop/web@sha256:" + "0" * 64}
    status |= {
        "ready": True,
        "restartCount": 0,
        "started": True,
        "state": {"running": {"startedAt": "2026-11-01T00:00:00Z"}},
    }
    template: Obj = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"labels": {"app": "web", "pod-template-hash": "abc"}, "managedFields": managed},
        "spec": {
            "nodeName": "worker-1",
            "serviceAccountName": "default",
            "containers": [{"name": "app", "image": "us.icr.io/shop/web:1.0", "env": env}],
        },
        "status": {"phase": "Running", "containerStatuses": [status], "conditions": []},
    }
    for n in range(number):
        pod = copy.copy(template)
        metadata = {
            "name": f"well-{n:06d}",
            "namespace": f"well-{n % 60:02d}",
            "creationTimestamp": "2026-11-01T00:00:00Z",
        }
        pod["metadata"] = template["metadata"] | metadata
        pod["spec"] = template["spec"] | {"nodeName": f"worker-{n % 7}"}
        yield pod
