"""Narrow, frozen views of Kubernetes objects, made from raw JSON.

Objects change shape (nulls, missing lists, missing times), and the typed models of clients raise on
some; these views take what is there and leave the rest empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

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


_OF_A_CRONJOB = re.compile(r"(.+)-\d{8,10}")


def cronjob_of(job: str) -> str:
    """Returns the CronJob that made a Job of this name, which ends in its scheduled minute; empty for another name."""
    found = _OF_A_CRONJOB.fullmatch(job)
    return found[1] if found else ""


class Role(StrEnum):
    """Which list of the pod a container stands in."""

    INIT = "init"
    REGULAR = "regular"
    EPHEMERAL = "ephemeral"


LISTS = {
    Role.INIT: ("initContainers", "initContainerStatuses"),
    Role.REGULAR: ("containers", "containerStatuses"),
    Role.EPHEMERAL: ("ephemeralContainers", "ephemeralContainerStatuses"),
}
"""The lists of a pod's spec and status in which containers of a role stand."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod with its present state (`waiting`, `running`, `terminated`, or empty).

    `image` is the image that its pull is about: its own, or, where it waits for the image that is mounted as
    one of its volumes, that one; `image_volume` then names the volume.
    """

    name: str
    role: Role
    image: str
    pull_policy: str = ""
    state: str = ""
    reason: str = ""
    message: str = ""
    restarts: int = 0
    image_volume: str = ""

    @property
    def pull_fails(self) -> bool:
        """True where the kubelet says that this container waits for its image."""
        return self.state == "waiting" and self.reason in PULL_REASONS

    @property
    def field_path(self) -> str:
        """How events name this container in `involvedObject.fieldPath`; those of an image volume name the pod alone."""
        if self.image_volume:
            return ""
        return f"spec.{LISTS[self.role][0]}{{{self.name}}}"


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
        """Kind and name of what people know as the pod's maker: a ReplicaSet's Deployment, a scheduled Job's CronJob.

        OpenShift's DeploymentConfig makes a ReplicationController for each rollout, `web-3`, and labels its pods.
        """
        if self.owner_kind == "ReplicaSet":
            template_hash = dict(self.labels).get("pod-template-hash", "")
            if template_hash and self.owner_name.endswith(f"-{template_hash}"):
                return "Deployment", self.owner_name.removesuffix(f"-{template_hash}")
        config = dict(self.labels).get("deploymentconfig", "")
        if config and self.owner_kind == "ReplicationController" and self.owner_name.startswith(f"{config}-"):
            return "DeploymentConfig", config
        if self.owner_kind == "Job" and (scheduled := cronjob_of(self.owner_name)):
            return "CronJob", scheduled
        return (self.owner_kind, self.owner_name) if self.owner_kind else ("Pod", self.name)

    @property
    def is_unwell(self) -> bool:
        """True where something other than a finished or ready pod is seen."""
        if self.phase == "Succeeded" or self.deleting:
            return False
        if self.phase in ("Failed", "Pending", "Unknown"):
            return True
        return any(
            (c.state == "waiting") or (c.state == "terminated" and c.role is Role.REGULAR) for c in self.containers
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
