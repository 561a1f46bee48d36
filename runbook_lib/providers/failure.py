"""What the cluster says of the failing pull, over every channel that may still speak."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_lib.model.kube import Container
from runbook_lib.model.pull_error import Kind, parse
from runbook_lib.model.readings import CaseContainer, PodEvents, PullFailure, Said, Siblings
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import provides

_BARE = re.compile(r"(Error: \w+|Back-off pulling image \"[^\"]*\"|)\s*")
_TELLING_REASONS = ("Failed", "InspectFailed", "ErrImageNeverPull")
_PAUSE = re.compile(r"sandbox image|/pause[:@]")
_UNRETRIEVED = re.compile(r"image pull secrets \(([^)]*)\)")


@provides
def the_failure(
    case: CaseContainer, events: PodEvents | Unavailable, siblings: Siblings | Unavailable
) -> PullFailure:
    """Gathers the texts about the pull and puts the most telling first.

    Channels, best first: this container's events, its waiting message, a sibling's waiting message for
    the same image, and the sandbox's events. Events expire after an hour, and a kubelet before 1.32 says
    only that it backs off, so that no single channel can be relied on.
    """
    container = case.container
    seen = PodEvents(()) if isinstance(events, Unavailable) else events
    said = list(_of_container(container, seen)) if container else []
    if container and not isinstance(siblings, Unavailable):
        said += _of_siblings(container, siblings)
    if not said:
        said += _of_sandbox(seen)
    said.sort(key=lambda s: s.error.kind is Kind.OTHER)
    unretrieved = seen.of("FailedToRetrieveImagePullSecret")
    names = {n.strip() for e in unretrieved for m in _UNRETRIEVED.findall(e.message) for n in m.split(",")}
    return PullFailure(
        failing=_fails(container, seen, said),
        reason=container.reason if container else "",
        said=tuple(said),
        unretrieved=tuple(sorted(filter(None, names))),
        unretrieved_count=sum(e.count for e in unretrieved),
        unretrieved_last=max((e.last for e in unretrieved), default=""),
    )


def _fails(container: Container | None, events: PodEvents, said: list[Said]) -> bool:
    if container is None:
        return any(s.channel == "sandbox event" for s in said)
    if container.pull_fails:
        return True
    if container.state != "waiting" or container.reason not in ("ContainerCreating", "PodInitializing"):
        return False
    pulled = max((e.last for e in events.of("Pulled", container)), default="")
    return any(s.channel == "event" and s.last > pulled for s in said)


def _of_container(container: Container, events: PodEvents) -> Iterator[Said]:
    for reason in _TELLING_REASONS:
        for event in reversed(events.of(reason, container)):
            if not _BARE.fullmatch(event.message) and event.field_path == container.field_path:
                yield Said("event", event.message, parse(event.message), event.count, event.last)
    if container.pull_fails and not _BARE.fullmatch(container.message):
        yield Said("waiting message", container.message, parse(container.message))


def _of_siblings(container: Container, siblings: Siblings) -> Iterator[Said]:
    for pod in siblings.fail_too:
        for other in pod.containers:
            if other.image == container.image and other.pull_fails and not _BARE.fullmatch(other.message):
                yield Said(f"waiting message of pod {pod.name}", other.message, parse(other.message))
                return


def _of_sandbox(events: PodEvents) -> Iterator[Said]:
    for event in reversed(events.of("FailedCreatePodSandBox")):
        if _PAUSE.search(event.message):
            yield Said("sandbox event", event.message, parse(event.message), event.count, event.last)


PROVIDERS = (the_failure,)
