"""Pods of CronJobs come and go: a job that replaces the last one takes its failing pod away, and the events stay.

A pull that failed in such a pod fails again at the next start, and a look in between would find nothing. So
where events tell of it, and no later pod of the CronJob is well, the pod is made up again from the CronJob's
template, as the API server would make it: that is what is diagnosed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from runbook_lib.model.kube_raw import names_of, pod_from
from runbook_lib.model.pull_error import parse
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.kube import KubeSource, RawObject
from runbook_lib.triage.events import RawEvent
from runbook_lib.triage.failures import Failures, essence_of
from runbook_lib.triage.shared_cluster import Noted

_POD_OF_A_CRONJOB = re.compile(r"((.+)-\d{8,10})-[a-z0-9]{5}")
_CONTAINER = re.compile(r"spec\.containers\{(.+)\}")


def add_gone(failures: Failures, noted: Noted, cluster: KubeSource) -> int:
    """Adds the newest gone pod of each CronJob whose pulls fail; returns how many CronJobs that were.

    Args:
        cluster: gives CronJobs and service accounts.
    """
    newest: dict[tuple[str, str], tuple[str, str, RawEvent]] = {}
    for namespace, pod in failures.unseen():
        found = _POD_OF_A_CRONJOB.fullmatch(pod)
        events = [e for e in noted.events.of(namespace, pod) if _tells(e)] if found else []
        if found and events:
            last = max(events, key=lambda e: e.ended)
            key = (namespace, found[2])
            newest[key] = max(newest.get(key, ("", "", last)), (last.ended, pod, last), key=lambda n: n[:2])
    added = 0
    for (namespace, name), (ended, pod, event) in sorted(newest.items()):
        if failures.fails_already(namespace, name) or failures.well_since(namespace, name) > ended:
            continue
        raw = _made_up(cluster, namespace, name, pod, event)
        if raw is not None:
            failures.add(pod_from(raw), raw, is_there=False)
            added += 1
    return added


def _tells(event: RawEvent) -> bool:
    return event.reason == "Failed" and bool(event.message) and essence_of(event.message or "") is not None


def _made_up(cluster: KubeSource, namespace: str, name: str, pod: str, event: RawEvent) -> dict[str, Any] | None:
    """Returns the pod as it was, or None where the template is not known or names another image by now."""
    about, text = event.involved_object, event.message or ""
    found = _CONTAINER.fullmatch((about.field_path if about else None) or "")
    cronjob = cluster.get("cronjobs", namespace, name)
    if found is None or isinstance(cronjob, Unavailable):
        return None
    spec = _at(cronjob, "spec", "jobTemplate", "spec", "template", "spec")
    container = next((c for c in _containers(spec) if c.get("name") == found[1]), None)
    if container is None or container.get("image") != parse(text).image:
        return None
    secrets = _pull_secrets(cluster, namespace, spec)
    if secrets is None:
        return None
    waiting = {"waiting": {"reason": "ErrImagePull", "message": text}}
    owner = {"kind": "Job", "name": pod.rpartition("-")[0], "controller": True}
    return {
        "metadata": {
            "namespace": namespace,
            "name": pod,
            "uid": (about.uid if about else None) or "",
            "creationTimestamp": event.began,
            "ownerReferences": [owner],
        },
        "spec": {**spec, "imagePullSecrets": secrets},
        "status": {"phase": "Pending", "containerStatuses": [{"name": found[1], "state": waiting}]},
    }


def _pull_secrets(cluster: KubeSource, namespace: str, spec: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """The template's pull secrets, else the service account's, which a new pod gets; None where not known."""
    own = names_of(spec.get("imagePullSecrets"))
    if not own:
        account = cluster.get("serviceaccounts", namespace, spec.get("serviceAccountName") or "default")
        if isinstance(account, Unavailable):
            return None
        own = names_of(account.get("imagePullSecrets"))
    return [{"name": name} for name in own]


def _at(raw: RawObject, *path: str) -> Mapping[str, Any]:
    value: Any = raw
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _containers(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    declared = spec.get("containers")
    yield from (c for c in declared if isinstance(c, Mapping)) if isinstance(declared, list) else ()
