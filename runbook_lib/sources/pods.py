"""A narrow view of a page of pods: the dozen fields that tell whether an image pull fails, and nothing else.

Decoding whole pods costs ten times the time and the memory. A page that does not fit these types is
decoded as raw JSON instead, so that one odd object hides no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from runbook_lib.model.kube import Pod, Role
from runbook_lib.model.kube_raw import pod_from
from runbook_lib.sources.narrow_pods import Metadata, NarrowPod, Owner, PodList, Spec

RawPod = Mapping[str, Any]


_decoder = msgspec.json.Decoder(PodList)


class Well(Struct, gc=False, array_like=True):
    """What is kept of a pod: where its images run, and with which secrets; it tells of others that fail."""

    namespace: str
    name: str
    node: str
    created: str
    pull_secrets: tuple[str, ...]
    runs: tuple[tuple[str, str], ...]  # image and pull policy of each container that has started
    made_by: tuple[str, str] = ("", "")  # kind and name of its owner


class Page(Struct, gc=False, array_like=True):
    """One page: the pods that need a look in their raw form, the others' traces, the next token."""

    raws: list[dict[str, Any]]
    well: list[Well]
    token: str

    @property
    def looked_at(self) -> list[tuple[Pod, RawPod]]:
        """The pods that need a look, as views with their raw form."""
        return [(pod_from(raw), raw) for raw in self.raws]


_DIGEST = b"\xc1"  # MessagePack never uses this byte, and JSON does not begin with it
_packed = msgspec.msgpack.Decoder(Page)


def read_page(body: bytes) -> Page:
    """Decodes one page of a list of pods, or the digest of one.

    Raises:
        msgspec.DecodeError: the body is not JSON, or not a list of objects.
    """
    if body.startswith(_DIGEST):
        return _packed.decode(memoryview(body)[1:])
    try:
        page = _decoder.decode(body)
    except msgspec.ValidationError:
        return _tolerantly(body)
    if page.items is UNSET:
        raise msgspec.ValidationError("a list without items")
    result = Page([], [], (page.metadata.token or "") if page.metadata else "")
    for pod in page.items or ():
        if _is_plainly_well(pod):
            result.well.append(_trace(pod))
        else:
            result.raws.append(msgspec.to_builtins(pod))
    return result


def digest_of(body: bytes) -> bytes:
    """Returns what `read_page` takes out of a page, in a form that it takes too; a body that is no page as it is."""
    try:
        return _DIGEST + msgspec.msgpack.encode(read_page(body))
    except (ValueError, OverflowError):  # of a number that MessagePack has no room for
        return body


def _is_plainly_well(pod: NarrowPod) -> bool:
    """True where no container waits or has ended in a running pod: most pods need no closer look than this."""
    status = pod.status
    if status is None or status.phase not in ("Running", "Succeeded"):
        return False
    if pod.metadata is None or not pod.metadata.name:
        return False
    for group in (
        status.container_statuses,
        status.init_container_statuses,
        status.ephemeral_container_statuses,
    ):
        for seen in group or ():
            state = seen.state
            if state is not None and state.waiting is not None:
                return False
            ended = state is None or state.running is None
            if ended and status.phase == "Running" and group is status.container_statuses:
                return False
    return True


def _trace(pod: NarrowPod) -> Well:
    metadata, spec = pod.metadata or Metadata(), pod.spec or Spec()
    running = pod.status is not None and pod.status.phase == "Running"
    declared = [c for c in spec.containers or () if c.image] if running else []
    owners = metadata.owner_references or ()
    owner = next((o for o in owners if o.controller), owners[0] if owners else Owner())
    return Well(
        metadata.namespace or "",
        metadata.name or "",
        spec.node_name or "",
        metadata.creation_timestamp or "",
        tuple(s.name for s in spec.image_pull_secrets or () if s.name),
        tuple((c.image or "", c.image_pull_policy or "") for c in declared),
        (owner.kind or "", owner.name or ""),
    )


def _tolerantly(body: bytes) -> Page:
    decoded = msgspec.json.decode(body)
    items = decoded.get("items", UNSET) if isinstance(decoded, dict) else UNSET
    if items is UNSET or not isinstance(items or [], list):
        raise msgspec.ValidationError("not a list of objects")
    metadata = decoded.get("metadata")
    token = metadata.get("continue") if isinstance(metadata, dict) else None
    page = Page([], [], token if isinstance(token, str) else "")
    for pod, raw in sorted_out(item for item in items or () if isinstance(item, dict)):
        if isinstance(pod, Well):
            page.well.append(pod)
        else:
            page.raws.append(dict(raw))
    return page


def sorted_out(raws: Iterator[RawPod]) -> Iterator[tuple[Pod | Well, RawPod]]:
    """Yields the same of raw pods: a trace for each that is well, else its view."""
    for raw in raws:
        pod = pod_from(raw)
        if pod.is_unwell or pod.failing or any(c.state == "waiting" for c in pod.containers):
            yield pod, raw
        else:
            yield trace_of(pod), raw


def trace_of(pod: Pod) -> Well:
    """Returns what is kept of a pod: also one that is not well may run an image that fails elsewhere."""
    started = (
        c
        for c in pod.containers
        if c.role is Role.REGULAR and c.image and not c.pull_fails and (c.state == "running" or c.restarts > 0)
    )
    return Well(
        pod.namespace,
        pod.name,
        pod.node,
        pod.created,
        pod.pull_secrets,
        tuple((c.image, c.pull_policy) for c in started),
        (pod.owner_kind, pod.owner_name),
    )
