"""Makes a bundle of a live cluster that is fit to hand on: what a diagnosis needs, without secret values."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from runbook_lib.model.pull_secret import KEY_OF_TYPE, PullSecret, RegistryEntry
from runbook_lib.model.pull_secret_decode import (
    ELIDED_ANNOTATION,
    ELIDED_VALUE,
    FAULT_ANNOTATION,
    FAULT_TEXT_ANNOTATION,
    decode_pull_secret,
)
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.bundle.evidence import COLLECTION_KIND
from runbook_lib.sources.kube import KubeSource, RawObject
from runbook_lib.vault import Secret, vault

_METADATA = (
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "labels",
    "ownerReferences",
)
_POD_SPEC = ("nodeName", "serviceAccountName", "imagePullSecrets")
_CONTAINER = ("name", "image", "imagePullPolicy")
_CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")
_EVENT = (
    "reason",
    "type",
    "message",
    "count",
    "firstTimestamp",
    "lastTimestamp",
    "eventTime",
    "series",
    "involvedObject",
    "source",
    "reportingComponent",
)


def collect(
    cluster: KubeSource, namespaces: Sequence[str], progress: Callable[[str], None] = lambda _text: None
) -> dict[str, Any]:
    """Returns a List of the namespaces' pods, events, secrets and service accounts, `default`'s secrets, and nodes.

    Of pods only names, images, states and references are kept (no environment, no arguments); of pull
    secrets type, keys, hosts and usernames; of other secrets nothing. A first object says what was asked
    for and what was refused, so that absent and not collected stay apart.
    """
    elider = _Elider()
    identity = cluster.identity()
    items: list[Mapping[str, Any]] = []
    asked: list[dict[str, str]] = []

    def take(resource: str, namespace: str, keep: Callable[[RawObject], Mapping[str, Any] | None]) -> None:
        progress(f"{resource} of {namespace or 'the cluster'}")
        raw = cluster.list(resource, namespace)
        entry = {"resource": resource, "namespace": namespace}
        if isinstance(raw, Unavailable):
            entry |= {"refused": raw.why.value, "detail": raw.detail, "remedy": raw.remedy}
        else:
            kept = [k for item in raw if (k := keep(item)) is not None]
            items.extend(kept)
        asked.append(entry)

    for namespace in dict.fromkeys(namespaces):
        take("pods", namespace, _pod)
        take("events", namespace, lambda raw: _object("Event", raw, _EVENT))
        take("serviceaccounts", namespace, lambda raw: _object("ServiceAccount", raw, ("imagePullSecrets",)))
    for namespace in dict.fromkeys([*namespaces, "default"]):
        take("secrets", namespace, elider.secret)
    take("nodes", "", _node)
    items = [_scrubbed(item) for item in items]  # at the end: what a pod's message shows may stand in a later secret
    head = {
        "apiVersion": "pull-runbook/v1",
        "kind": COLLECTION_KIND,
        "cluster": identity.name,
        "server": identity.server,
        "version": identity.version,
        "openshift": identity.openshift,
        "asked": vault().scrub_json(asked),
    }
    return {"apiVersion": "v1", "kind": "List", "items": [head, *items]}


def _scrubbed(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object without credentials; a secret's data was written anew, and would be taken for some."""
    kept = {"data": item["data"]} if item.get("kind") == "Secret" else {}
    scrubbed: dict[str, Any] = vault().scrub_json({k: v for k, v in item.items() if k not in kept})
    return {**scrubbed, **kept}


def _object(kind: str, raw: RawObject, fields: Sequence[str]) -> dict[str, Any]:
    metadata = {k: v for k, v in (raw.get("metadata") or {}).items() if k in _METADATA}
    kept = {f: raw[f] for f in fields if f in raw}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **kept}


def _pod(raw: RawObject) -> dict[str, Any]:
    pod = _object("Pod", raw, ("status",))
    spec = raw.get("spec") or {}
    kept: dict[str, Any] = {k: spec[k] for k in _POD_SPEC if k in spec}
    for name in _CONTAINER_LISTS:
        if spec.get(name):
            kept[name] = [{k: c[k] for k in _CONTAINER if k in c} for c in spec[name] if isinstance(c, dict)]
    return {**pod, "spec": kept}


def _node(raw: RawObject) -> dict[str, Any]:
    info = (raw.get("status") or {}).get("nodeInfo") or {}
    return {**_object("Node", raw, ()), "status": {"nodeInfo": info}}


class _Elider:
    """Writes pull secrets anew without their values; equal credentials keep equal names."""

    def __init__(self) -> None:
        self._seen: dict[Secret, str] = {}

    def secret(self, raw: RawObject) -> Mapping[str, Any] | None:
        """Returns a pull secret with its values elided, or None for secrets of other uses."""
        data = raw.get("data") or {}
        if raw.get("type") not in KEY_OF_TYPE and not set(data) & set(KEY_OF_TYPE.values()):
            return None
        decoded = decode_pull_secret(raw)
        kept = _object("Secret", raw, ("type",))
        generated = decoded.generated_for
        annotations = {ELIDED_ANNOTATION: "true"}
        if generated:
            annotations["kubernetes.io/service-account.name"] = generated
        if decoded.fault is not None:
            annotations |= {FAULT_ANNOTATION: decoded.fault.value, FAULT_TEXT_ANNOTATION: decoded.fault_text}
        kept["metadata"]["annotations"] = annotations
        kept["data"] = {key: self._payload(key, decoded) for key in data}
        return kept

    def _payload(self, key: str, decoded: PullSecret) -> str:
        if decoded.breaks_keyring or not decoded.entries:
            return base64.b64encode(b"0 bytes long").decode()
        hosts = {
            e.key: {"username": vault().scrub_json(e.username), "password": self._name(e)} for e in decoded.entries
        }
        body: dict[str, Any] = {"auths": hosts} if key == ".dockerconfigjson" else hosts
        return base64.b64encode(msgspec.json.encode(body)).decode()

    def _name(self, entry: RegistryEntry) -> str:
        if entry.password is None:
            return entry.elided_as
        return self._seen.setdefault(entry.password, f"{ELIDED_VALUE} #{len(self._seen) + 1}")
