"""Makes the views of `kube` from raw JSON, tolerant of what real objects leave out or set to null."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runbook_lib.model.kube import LISTS, Container, Event, Node, Pod, ServiceAccount


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


def _awaited_volume(spec: Mapping[str, Any], image: str, message: str) -> tuple[str, Mapping[str, Any]]:
    """Name and source of the image volume that a waiting container's message names instead of its own image."""
    for volume in _items(spec.get("volumes")):
        source = _mapping(volume.get("image"))
        reference = _text(source.get("reference"))
        if reference and f'"{reference}"' in message and f'"{image}"' not in message:
            return _text(volume.get("name")), source
    return "", {}


def _containers(spec: Mapping[str, Any], status: Mapping[str, Any]) -> Iterator[Container]:
    for role, (spec_list, status_list) in LISTS.items():
        states = {_text(s.get("name")): s for s in _items(status.get(status_list))}
        for declared in _items(spec.get(spec_list)):
            name = _text(declared.get("name"))
            seen = states.get(name, {})
            state = _mapping(seen.get("state"))
            kind = next((k for k in ("waiting", "running", "terminated") if state.get(k) is not None), "")
            detail = _mapping(state.get(kind))
            image, message = _text(declared.get("image")) or _text(seen.get("image")), _text(detail.get("message"))
            volume, source = _awaited_volume(spec, image, message) if kind == "waiting" else ("", {})
            yield Container(
                name=name,
                role=role,
                image=_text(source.get("reference")) or image,
                pull_policy=_text(source.get("pullPolicy") if volume else declared.get("imagePullPolicy")),
                state=kind,
                reason=_text(detail.get("reason")),
                message=message,
                restarts=_number(seen.get("restartCount")),
                image_volume=volume,
            )


def name_of(raw: Mapping[str, Any]) -> str:
    """Returns the name of any raw object; empty where it has none."""
    return _text(_mapping(raw.get("metadata")).get("name"))


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
        service_account=_text(spec.get("serviceAccountName")) or _text(spec.get("serviceAccount")) or "default",
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
