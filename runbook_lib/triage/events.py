"""Events of failed pulls for a whole cluster: a few lists by reason, in place of one list for each pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.pages import ListMetadata, Pages

REASONS = ("Failed", "FailedToRetrieveImagePullSecret", "FailedCreatePodSandBox")
"""The reasons that tell more than the waiting message of a container does."""


class _About(Struct, rename="camel", omit_defaults=True):
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    uid: str | None = None
    field_path: str | None = None


class _Metadata(Struct, rename="camel", omit_defaults=True):
    name: str | None = None
    namespace: str | None = None
    creation_timestamp: str | None = None


class _Series(Struct, rename="camel", omit_defaults=True):
    count: int | None = None
    last_observed_time: str | None = None


class _Component(Struct, omit_defaults=True):
    component: str | None = None


class RawEvent(Struct, rename="camel", omit_defaults=True):
    """An event's fields by the API's names; absent and null ones are left out of its raw form."""

    metadata: _Metadata | None = None
    involved_object: _About | None = None
    reason: str | None = None
    type: str | None = None
    message: str | None = None
    count: int | None = None
    series: _Series | None = None
    event_time: str | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    reporting_component: str | None = None
    source: _Component | None = None

    @property
    def began(self) -> str:
        """When it was first seen."""
        made = self.metadata.creation_timestamp if self.metadata else None
        return self.first_timestamp or self.event_time or made or ""

    @property
    def ended(self) -> str:
        """When it was last seen."""
        seen = self.series.last_observed_time if self.series else None
        return self.last_timestamp or seen or self.began


class _EventList(Struct):
    metadata: ListMetadata | None = None
    items: list[RawEvent] | UnsetType | None = UNSET


class _LooseList(Struct):
    metadata: ListMetadata | None = None
    items: list[dict[str, Any]] | UnsetType | None = UNSET


_decoder, _loose = msgspec.json.Decoder(_EventList), msgspec.json.Decoder(_LooseList)


class EventIndex:
    """The telling events of every pod, or why they could not be read."""

    def __init__(self) -> None:
        self.refused: Unavailable | None = None
        self._of: dict[tuple[str, str], list[RawEvent]] = {}
        self._texts: dict[str, str] = {}

    def of(self, namespace: str, pod: str) -> list[RawEvent]:
        """Returns the events of one pod, in the order of the list."""
        return self._of.get((namespace, pod), [])

    def raw_of(self, namespace: str, pod: str) -> list[Mapping[str, Any]]:
        """Returns them as raw objects."""
        return [msgspec.to_builtins(event) for event in self.of(namespace, pod)]

    def pods(self) -> Iterator[tuple[str, str]]:
        """Yields namespace and name of each pod that has an event."""
        yield from self._of

    def add(self, event: RawEvent) -> None:
        """Takes in one event; equal texts are kept once."""
        about = event.involved_object
        if about is None or about.kind != "Pod" or not about.name:
            return
        if event.message:
            event.message = self._texts.setdefault(event.message, event.message)
        namespace = about.namespace or (event.metadata.namespace if event.metadata else None) or ""
        self._of.setdefault((namespace, about.name), []).append(event)

    def take(self, raws: Iterator[Mapping[str, Any]]) -> None:
        """Takes in raw events; one of an unheard-of shape is passed over."""
        for raw in raws:
            if "involvedObject" not in raw and isinstance(raw.get("regarding"), dict):
                raw = {**raw, "involvedObject": raw["regarding"], "message": raw.get("note")}
            try:
                self.add(msgspec.convert(raw, RawEvent))
            except msgspec.ValidationError:
                continue


def read_events(pages: Pages, namespace: str) -> EventIndex:
    """Reads the events of a namespace, or of all where it is empty: one list for each reason."""
    index = EventIndex()
    for reason in REASONS:
        found: list[RawEvent] = []

        def take(body: bytes, found: list[RawEvent] = found) -> str:
            try:
                page: _EventList | _LooseList = _decoder.decode(body)
                found += page.items or ()  # type: ignore[arg-type]
            except msgspec.ValidationError:
                page = _loose.decode(body)
                index.take(iter(page.items or ()))
            if page.items is UNSET:
                raise msgspec.ValidationError("a list without items")
            return (page.metadata.token or "") if page.metadata else ""

        refused = pages.read(
            "events",
            namespace,
            take,
            fields=f"reason={reason},involvedObject.kind=Pod",
            again=found.clear,
        )
        for event in found:
            index.add(event)
        if refused is not None:
            index.refused = refused
            break
    return index
