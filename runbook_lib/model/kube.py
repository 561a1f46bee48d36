"""Narrow, frozen views of Kubernetes objects, made from raw JSON.

Objects change shape (nulls, missing lists, missing times), and the typed models of clients raise on
some; these views take what is there and leave the rest empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PULL_REASONS = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)
"""Waiting reasons that say that the image of this container could not be had."""


_OF_A_CRONJOB = re.compile(r"(.+)-\d{8,10}")  # the controller names a Job after its scheduled minute


class Role(StrEnum):
    """Which list of the pod a container stands in."""

    INIT = "init"
    REGULAR = "regular"
    EPHEMERAL = "ephemeral"


_LISTS = {
    Role.INIT: ("initContainers", "initContainerStatuses"),
    Role.REGULAR: ("containers", "containerStatuses"),
    Role.EPHEMERAL: ("ephemeralContainers", "ephemeralContainerStatuses"),
}


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod with its present state (`waiting`, `running`, `terminated`, or empty)."""

    name: str
    role: Role
    image: str
    pull_policy: str = ""
    state: str = ""
    reason: str = ""
    message: str = ""
    image_id: str = ""
    restarts: int = 0

    @property
    def pull_fails(self) -> bool:
        """True where the kubelet says that this container waits for its image."""
        return self.state == "waiting" and self.reason in PULL_REASONS

    @property
    def field_path(self) -> str:
        """How events name this container in `involvedObject.fieldPath`."""
        return f"spec.{_LISTS[self.role][0]}{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod: who owns it, which service account and secrets it names, and its containers."""

    namespace: str
    name: str
    uid: str = ""
    created: str = ""
    phase: str = ""
    reason: str = ""
    message: str = ""
    node: str = ""
    service_account: str = "default"
    pull_secrets: tuple[str, ...] = ()
    owner_kind: str = ""
    owner_name: str = ""
    containers: tuple[Container, ...] = ()
    conditions: tuple[tuple[str, str, str, str], ...] = ()  # type, status, reason, message
    labels: tuple[tuple[str, str], ...] = ()
    deleting: bool = False

    @property
    def failing(self) -> tuple[Container, ...]:
        """The containers whose image could not be had."""
        return tuple(c for c in self.containers if c.pull_fails)

    @property
    def workload(self) -> tuple[str, str]:
        """Kind and name of what made the pod: a ReplicaSet is told as its Deployment, a scheduled Job as its CronJob."""
        if self.owner_kind == "ReplicaSet":
            template_hash = dict(self.labels).get("pod-template-hash", "")
            if template_hash and self.owner_name.endswith(f"-{template_hash}"):
                return "Deployment", self.owner_name.removesuffix(f"-{template_hash}")
        scheduled = _OF_A_CRONJOB.fullmatch(self.owner_name) if self.owner_kind == "Job" else None
        if scheduled:
            return "CronJob", scheduled[1]
        return (self.owner_kind, self.owner_name) if self.owner_kind else ("Pod", self.name)

    @property
    def is_unwell(self) -> bool:
        """True where something other than a finished or ready pod is seen."""
        if self.phase == "Succeeded" or self.deleting:
            return False
        if self.phase in ("Failed", "Pending", "Unknown"):
            return True
        return any(
            (c.state == "waiting") or (c.state == "terminated" and c.role is Role.REGULAR)
            for c in self.containers
        )

    def container(self, name: str) -> Container | None:
        """The container of this name, or None."""
        return next((c for c in self.containers if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a pod; times are RFC 3339 texts, empty where the API gave none."""

    reason: str
    type: str
    message: str
    field_path: str = ""
    count: int = 1
    first: str = ""
    last: str = ""
    object_kind: str = ""
    object_name: str = ""
    object_uid: str = ""
    namespace: str = ""
    component: str = ""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account and the pull secrets that it hands to new pods."""

    namespace: str
    name: str
    pull_secrets: tuple[str, ...] = ()
    created: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """What a node says of itself: operating system, architecture, container runtime, kubelet."""

    name: str
    os: str = ""
    architecture: str = ""
    runtime: str = ""
    kubelet: str = ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, (list, tuple)):
        yield from (item for item in value if isinstance(item, Mapping))


def _number(value: Any, default: int = 0) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def names_of(references: Any) -> tuple[str, ...]:
    """Names of a list of LocalObjectReference; empty names (the API allows them) are dropped."""
    return tuple(name for item in _items(references) if (name := _text(item.get("name"))))


def _containers(spec: Mapping[str, Any], status: Mapping[str, Any]) -> Iterator[Container]:
    for role, (spec_list, status_list) in _LISTS.items():
        states = {_text(s.get("name")): s for s in _items(status.get(status_list))}
        for declared in _items(spec.get(spec_list)):
            name = _text(declared.get("name"))
            seen = states.get(name, {})
            state = _mapping(seen.get("state"))
            kind = next((k for k in ("waiting", "running", "terminated") if state.get(k) is not None), "")
            detail = _mapping(state.get(kind))
            yield Container(
                name=name,
                role=role,
                image=_text(declared.get("image")) or _text(seen.get("image")),
                pull_policy=_text(declared.get("imagePullPolicy")),
                state=kind,
                reason=_text(detail.get("reason")),
                message=_text(detail.get("message")),
                image_id=_text(seen.get("imageID")),
                restarts=_number(seen.get("restartCount")),
            )


def pod_from(raw: Mapping[str, Any]) -> Pod:
    """Makes a `Pod` of a raw pod object."""
    metadata, spec, status = (_mapping(raw.get(k)) for k in ("metadata", "spec", "status"))
    owners = list(_items(metadata.get("ownerReferences")))
    owner = next((o for o in owners if o.get("controller")), owners[0] if owners else {})
    return Pod(
        namespace=_text(metadata.get("namespace")),
        name=_text(metadata.get("name")),
        uid=_text(metadata.get("uid")),
        created=_text(metadata.get("creationTimestamp")),
        phase=_text(status.get("phase")),
        reason=_text(status.get("reason")),
        message=_text(status.get("message")),
        node=_text(spec.get("nodeName")),
        service_account=_text(spec.get("serviceAccountName"))
        or _text(spec.get("serviceAccount"))
        or "default",
        pull_secrets=names_of(spec.get("imagePullSecrets")),
        owner_kind=_text(owner.get("kind")),
        owner_name=_text(owner.get("name")),
        containers=tuple(_containers(spec, status)),
        conditions=tuple(
            (_text(c.get("type")), _text(c.get("status")), _text(c.get("reason")), _text(c.get("message")))
            for c in _items(status.get("conditions"))
        ),
        labels=tuple(sorted((_text(k), _text(v)) for k, v in _mapping(metadata.get("labels")).items())),
        deleting=bool(metadata.get("deletionTimestamp")),
    )


def event_from(raw: Mapping[str, Any]) -> Event:
    """Makes an `Event`; the newer series fields stand in where count and times are absent."""
    about = _mapping(raw.get("involvedObject") or raw.get("regarding"))
    series = _mapping(raw.get("series"))
    metadata = _mapping(raw.get("metadata"))
    stamped = _text(raw.get("eventTime")) or _text(metadata.get("creationTimestamp"))
    return Event(
        reason=_text(raw.get("reason")),
        type=_text(raw.get("type")),
        message=_text(raw.get("message") or raw.get("note")),
        field_path=_text(about.get("fieldPath")),
        count=_number(raw.get("count")) or _number(series.get("count")) or 1,
        first=_text(raw.get("firstTimestamp")) or stamped,
        last=_text(raw.get("lastTimestamp")) or _text(series.get("lastObservedTime")) or stamped,
        object_kind=_text(about.get("kind")),
        object_name=_text(about.get("name")),
        object_uid=_text(about.get("uid")),
        namespace=_text(about.get("namespace")) or _text(metadata.get("namespace")),
        component=_text(raw.get("reportingComponent")) or _text(_mapping(raw.get("source")).get("component")),
    )


def service_account_from(raw: Mapping[str, Any]) -> ServiceAccount:
    """Makes a `ServiceAccount` of a raw object."""
    metadata = _mapping(raw.get("metadata"))
    return ServiceAccount(
        _text(metadata.get("namespace")),
        _text(metadata.get("name")),
        names_of(raw.get("imagePullSecrets")),
        _text(metadata.get("creationTimestamp")),
    )


def node_from(raw: Mapping[str, Any]) -> Node:
    """Makes a `Node` of a raw object."""
    info = _mapping(_mapping(raw.get("status")).get("nodeInfo"))
    return Node(
        _text(_mapping(raw.get("metadata")).get("name")),
        _text(info.get("operatingSystem")),
        _text(info.get("architecture")),
        _text(info.get("containerRuntimeVersion")),
        _text(info.get("kubeletVersion")),
    )
