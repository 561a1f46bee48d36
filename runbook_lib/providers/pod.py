"""The pod, its container and image, its service account, its node, and its siblings."""

from __future__ import annotations

from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.kube import Event, Node, Pod, ServiceAccount
from runbook_lib.model.kube_raw import event_from, node_from, pod_from, service_account_from
from runbook_lib.model.readings import CaseContainer, CaseImage, PodEvents, Siblings, Target
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import provides
from runbook_lib.sources.kube import KubeSource


@provides
def the_pod(target: Target, cluster: KubeSource) -> Pod | Unavailable:
    """Reads the pod of the case."""
    raw = cluster.get("pods", target.namespace, target.pod)
    return raw if isinstance(raw, Unavailable) else pod_from(raw)


@provides
def the_container(target: Target, pod: Pod) -> CaseContainer:
    """Finds the case's container in the pod, by name among regular, init and ephemeral ones."""
    return CaseContainer(pod, pod.container(target.container) if target.container else None)


@provides
def the_image(case: CaseContainer) -> CaseImage | Unavailable:
    """Parses the image that the container names; for a pod without a failing container, its first one's."""
    container = case.container or next(iter(case.pod.containers), None)
    if container is None or not container.image:
        return Unavailable("the image of the container", Why.MALFORMED, "the pod names none")
    return CaseImage(parse_image(container.image))


@provides
def the_events(pod: Pod, cluster: KubeSource) -> PodEvents | Unavailable:
    """Reads the pod's events; those of an earlier pod of the same name are left out.

    That is another uid, or, where a saved object has lost its own, a time before this pod was made.
    """
    raw = cluster.list("events", pod.namespace, fields=f"involvedObject.kind=Pod,involvedObject.name={pod.name}")
    if isinstance(raw, Unavailable):
        return raw
    events = (event_from(item) for item in raw)
    mine = (e for e in events if _is_of(pod, e))
    return PodEvents(tuple(sorted(mine, key=lambda e: (e.last, e.first, e.reason, e.message))))


def _is_of(pod: Pod, event: Event) -> bool:
    if pod.uid and event.object_uid:
        return event.object_uid == pod.uid
    last, created = (time[: len("2026-01-01T00:00:00")] for time in (event.last, pod.created))
    return not last or not created or last >= created


@provides
def the_service_account(pod: Pod, cluster: KubeSource) -> ServiceAccount | Unavailable:
    """Reads the service account that the pod runs as (not always `default`)."""
    raw = cluster.get("serviceaccounts", pod.namespace, pod.service_account)
    return raw if isinstance(raw, Unavailable) else service_account_from(raw)


@provides
def the_node(pod: Pod, cluster: KubeSource) -> Node | Unavailable:
    """Reads what the pod's node says of its platform and runtime."""
    if not pod.node:
        return Unavailable("the node of the pod", Why.NOT_APPLICABLE, "the pod is not on a node")
    raw = cluster.get("nodes", "", pod.node)
    return raw if isinstance(raw, Unavailable) else node_from(raw)


@provides
def the_siblings(case: CaseContainer, cluster: KubeSource) -> Siblings | Unavailable:
    """Finds the other pods of the project that use the same image or belong to the same workload."""
    pod = case.pod
    raw = cluster.list("pods", pod.namespace)
    if isinstance(raw, Unavailable):
        return raw
    image = case.container.image if case.container else ""
    others = sorted((p for p in map(pod_from, raw) if p.name != pod.name), key=lambda p: p.name)
    alike = tuple(
        p
        for p in others
        if (pod.owner_kind and p.workload == pod.workload) or any(c.image == image for c in p.containers if image)
    )
    return Siblings(alike, image, pod.workload)


PROVIDERS = (the_pod, the_container, the_image, the_events, the_service_account, the_node, the_siblings)
