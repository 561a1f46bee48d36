"""The way of the pull: pod → service account → secrets → entry → registry → token → manifest → platform → blob."""

from __future__ import annotations

from runbook_lib.model.kube import Pod, ServiceAccount
from runbook_lib.model.pull_error import Phase
from runbook_lib.model.readings import CaseImage, Credentials, PodSecrets, PullFailure
from runbook_lib.model.result import HopState, WayHop
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.resolve import Resolver

_WIRE = ("registry", "token", "manifest", "platform", "blob")
_HOP_OF_PHASE = {
    Phase.DNS: "registry",
    Phase.CONNECT: "registry",
    Phase.TLS: "registry",
    Phase.TOKEN: "token",
    Phase.MANIFEST: "manifest",
    Phase.PLATFORM: "platform",
    Phase.BLOB: "blob",
    Phase.UNPACK: "blob",
    Phase.VERIFY: "manifest",
}


def way_of_the_pull(readings: Resolver) -> tuple[WayHop, ...]:
    """Returns every hop with its state: where the pull ended, what was fine before, what was not seen."""
    return (*_cluster_hops(readings), *_wire_hops(readings))


def _cluster_hops(readings: Resolver) -> list[WayHop]:
    pod, account = readings.read(Pod), readings.read(ServiceAccount)
    secrets, image, keys = readings.read(PodSecrets), readings.read(CaseImage), readings.read(Credentials)
    if isinstance(pod, Unavailable):
        return [WayHop("pod", HopState.NOT_SEEN, str(pod))]
    hops = [WayHop("pod", HopState.FINE, pod.name)]
    if isinstance(account, Unavailable):
        hops.append(WayHop("service account", HopState.NOT_SEEN, str(account)))
    else:
        hops.append(WayHop("service account", HopState.FINE, account.name))
    if isinstance(secrets, Unavailable) or isinstance(image, Unavailable):
        return [*hops, WayHop("secrets", HopState.NOT_SEEN, ""), WayHop("entry", HopState.NOT_SEEN, "")]
    named = secrets.relevant_to(image.image)
    missing = [n.name for n in named if n.is_missing]
    unread = [n.name for n in named if n.is_unread]
    if not named:
        hops.append(WayHop("secrets", HopState.NOT_USED, "the pod names none"))
    elif missing and len(missing) == len(named):
        hops.append(WayHop("secrets", HopState.FAILS, f"{', '.join(missing)} does not exist"))
    elif unread:
        hops.append(WayHop("secrets", HopState.NOT_SEEN, f"{', '.join(unread)} could not be read"))
    else:
        hops.append(WayHop("secrets", HopState.FINE, ", ".join(n.name for n in named if not n.is_missing)))
    return [*hops, _entry(keys, bool(named), bool(unread))]


def _entry(keys: Credentials | Unavailable, named: bool, unread: bool) -> WayHop:
    if isinstance(keys, Unavailable):
        return WayHop("entry", HopState.NOT_SEEN, "")
    if keys.broken is not None:
        return WayHop("entry", HopState.FAILS, f"{keys.broken.name}: {keys.broken.fault_text}")
    if keys.usable:
        first = keys.usable[0]
        return WayHop("entry", HopState.FINE, f"{first.entry.key} as {first.entry.username}")
    if unread:
        return WayHop("entry", HopState.NOT_SEEN, "")
    return WayHop("entry", HopState.FAILS if named else HopState.NOT_USED, "none matches the image: anonymous")


def _wire_hops(readings: Resolver) -> list[WayHop]:
    failure = readings.read(PullFailure)
    if isinstance(failure, Unavailable):
        return [WayHop(name, HopState.NOT_SEEN, "") for name in _WIRE]
    if not failure.failing:
        return [WayHop(name, HopState.FINE, "") for name in _WIRE]
    error = failure.error
    failed = _HOP_OF_PHASE.get(error.phase) if error and error.phase else None
    hops, seen = [], failed is not None
    for name in _WIRE:
        if name == failed and error is not None:
            hops.append(WayHop(name, HopState.FAILS, error.says or error.summary))
            seen = False
        else:
            hops.append(WayHop(name, HopState.FINE if seen else HopState.NOT_SEEN, ""))
    return hops
