"""What the cluster says of the failing pull, over every channel that may still speak."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.kube import Container, Pod
from runbook_lib.model.pull_error import Detail, Kind, parse
from runbook_lib.model.readings import CaseContainer, PodEvents, PullFailure, Said, Siblings
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import provides

_BARE = re.compile(r"(Back-off pulling image \"[^\"]*\"|)\s*")
_NOT_OF_A_PULL = "Error: "  # how the kubelet's other events with the reason Failed begin, and its bare repetition
_TELLING_REASONS = ("Failed", "InspectFailed", "ErrImageNeverPull")
_AFTER_SANDBOX = ("Pulling", "Pulled", "Created", "Started")
_BEFORE_START = ("ContainerCreating", "PodInitializing", "")
_PAUSE = re.compile(r"sandbox image|/pause[:@]")
_UNRETRIEVED = re.compile(r"image pull secrets \(([^)]*)\)")
_OF_CREDENTIALS = frozenset(
    {Kind.UNAUTHORIZED, Kind.ACCESS_DENIED, Kind.MISSING_SECRET, Kind.INVALID_SECRET, Kind.NOT_FOUND_REPO_OR_TAG}
)
_OF_ONE_POD = frozenset({Kind.OTHER, Kind.NEVER_PULL})  # words that say nothing of another pod's pull


@provides
def the_failure(case: CaseContainer, events: PodEvents | Unavailable, siblings: Siblings | Unavailable) -> PullFailure:
    """Gathers the texts about the pull and puts the most telling first.

    Channels, best first: this container's events, its waiting message, a sibling's waiting message for
    the same image where this pod's own channels are silent, and the sandbox's events. Events expire after
    an hour, and a kubelet before 1.32 says only that it backs off, so that no single channel can be relied on.
    The waiting message is of the last attempt; it goes before an event that tells another kind of fault.
    """
    container = case.container
    seen = PodEvents(()) if isinstance(events, Unavailable) else events
    said = _own(container, seen) if container else []
    if container and not isinstance(siblings, Unavailable) and all(map(_is_silent, said)):
        said = [*_of_siblings(case.pod, container, siblings), *said]
    if not said:
        said += _of_sandbox(case.pod, seen)
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
    if any(s.channel == "sandbox event" for s in said):
        return True
    if container is None:
        return False
    if container.pull_fails:
        return True
    if container.state != "waiting" or container.reason not in _BEFORE_START:
        return False
    pulled = max((e.last for e in events.of("Pulled", container)), default="")
    return any(s.channel == "event" and s.last > pulled for s in said)


def _own(container: Container, events: PodEvents) -> list[Said]:
    """The pod's own texts, newest first; what tells nothing stands behind what tells something."""
    told = sorted(_of_events(container, events), key=lambda s: s.last, reverse=True)
    if container.pull_fails and not _BARE.fullmatch(container.message):
        begun = max((e.last for e in events.of("Pulling", container)), default="")
        message = Said("waiting message", container.message, parse(container.message), last=begun)
        contradicts = bool(told) and not _is_silent(message) and message.error.kind is not told[0].error.kind
        told.insert(0 if contradicts else len(told), message)
    return sorted(told, key=lambda s: s.error.kind is Kind.OTHER)


def _of_events(container: Container, events: PodEvents) -> Iterator[Said]:
    for reason in _TELLING_REASONS:
        for event in reversed(events.of(reason, container)):
            if _BARE.fullmatch(event.message) or event.field_path != container.field_path:
                continue
            said = Said("event", event.message, parse(event.message), event.count, event.last)
            if not event.message.startswith(_NOT_OF_A_PULL) and _is_about(said, container.image):
                yield said


def _is_about(said: Said, image: str) -> bool:
    """False for an event of an earlier image: the image of a container can be changed while the pod lives."""
    named = said.error.image
    if not named or not image or named == image:
        return True
    theirs, ours = parse_image(named).ref, parse_image(image).ref
    return theirs is None or ours is None or theirs == ours


def _is_silent(said: Said) -> bool:
    return said.error.detail is Detail.CAUSE_NOT_IN_TEXT


def _of_siblings(pod: Pod, container: Container, siblings: Siblings) -> Iterator[Said]:
    """The first sibling that tells; what it says of credentials counts only where it has the very same secrets."""
    for other in sorted(siblings.fail_too, key=lambda p: (p.node != pod.node, p.name)):
        same = (other.service_account, set(other.pull_secrets)) == (pod.service_account, set(pod.pull_secrets))
        for theirs in other.containers:
            if theirs.image != container.image or not theirs.pull_fails or _BARE.fullmatch(theirs.message):
                continue
            said = Said(f"waiting message of pod {other.name}", theirs.message, parse(theirs.message))
            if said.error.kind not in _OF_ONE_POD and (same or said.error.kind not in _OF_CREDENTIALS):
                yield said
                return


def _of_sandbox(pod: Pod, events: PodEvents) -> Iterator[Said]:
    """Failures to make the pod's sandbox, newest first, unless it was made since: a container runs, or pulls."""
    if any(c.state == "running" or c.pull_fails for c in pod.containers):
        return
    since = max((e.last for reason in _AFTER_SANDBOX for e in events.of(reason)), default="")
    for event in reversed(events.of("FailedCreatePodSandBox")):
        if _PAUSE.search(event.message) and event.last >= since:
            yield Said("sandbox event", event.message, parse(event.message), event.count, event.last)


PROVIDERS = (the_failure,)
