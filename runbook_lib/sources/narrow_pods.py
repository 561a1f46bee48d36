"""The fields of a pod that are decoded: the dozen that tell whether an image pull fails, and nothing else.

Source: the Pod and PodList of the Kubernetes API, v1.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType

from runbook_lib.sources.pages import ListMetadata


class Narrow(Struct, rename="camel", omit_defaults=True, gc=False):
    """Fields by the API's names; what is absent or null stays out of the raw form."""


class Owner(Narrow):
    """What made a pod."""

    kind: str | None = None
    name: str | None = None
    controller: bool | None = None


class Labels(Struct, omit_defaults=True, gc=False):
    """The labels that name a pod's workload."""

    template: str | None = msgspec.field(default=None, name="pod-template-hash")
    deploymentconfig: str | None = None


class Metadata(Narrow):
    """Whose pod it is, and since when."""

    name: str | None = None
    namespace: str | None = None
    uid: str | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: Labels | None = None
    owner_references: list[Owner] | None = None


class Named(Narrow):
    """A reference by name alone."""

    name: str | None = None


class Declared(Narrow):
    """A container as the spec has it."""

    name: str | None = None
    image: str | None = None
    image_pull_policy: str | None = None


class Mounted(Narrow):
    """An image that is mounted as a volume."""

    reference: str | None = None
    pull_policy: str | None = None


class Volume(Narrow):
    """A volume; only those of images are looked at."""

    name: str | None = None
    image: Mounted | None = None


class Spec(Narrow):
    """Where a pod runs, with which images and secrets."""

    node_name: str | None = None
    service_account_name: str | None = None
    service_account: str | None = None
    image_pull_secrets: list[Named] | None = None
    containers: list[Declared] | None = None
    init_containers: list[Declared] | None = None
    ephemeral_containers: list[Declared] | None = None
    volumes: list[Volume] | None = None


class Detail(Narrow):
    """Why a container waits or has ended."""

    reason: str | None = None
    message: str | None = None


class Running(Struct, gc=False):
    """That a container runs is all that is asked."""


class State(Narrow):
    """What a container does: one of three."""

    waiting: Detail | None = None
    running: Running | None = None
    terminated: Detail | None = None


class Seen(Narrow):
    """A container as the node sees it."""

    name: str | None = None
    image: str | None = None
    restart_count: int | None = None
    state: State | None = None


class Condition(Narrow):
    """A condition of a pod."""

    type: str | None = None
    status: str | None = None
    reason: str | None = None
    message: str | None = None


class Status(Narrow):
    """How a pod is."""

    phase: str | None = None
    reason: str | None = None
    message: str | None = None
    conditions: list[Condition] | None = None
    container_statuses: list[Seen] | None = None
    init_container_statuses: list[Seen] | None = None
    ephemeral_container_statuses: list[Seen] | None = None


class NarrowPod(Narrow):
    """A pod, as narrow as it is needed."""

    metadata: Metadata | None = None
    spec: Spec | None = None
    status: Status | None = None


class PodList(Struct, gc=False):
    """A page of pods; `items` is UNSET where the answer is no list at all."""

    metadata: ListMetadata | None = None
    items: list[NarrowPod] | UnsetType | None = UNSET
