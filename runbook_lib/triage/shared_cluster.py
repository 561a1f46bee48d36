"""A cluster as a triage knows it: what was listed for all is not asked again for one.

The providers of readings ask for single objects; here each question is answered from a list that is read
once: pods and events of the whole scope, secrets and service accounts of a namespace in which a pull fails, nodes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.kube import Pod
from runbook_lib.model.kube_raw import pod_from
from runbook_lib.model.readings import Siblings, Target
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.kube import ClusterIdentity, KubeSource, RawObject, what
from runbook_lib.sources.pages import Pages
from runbook_lib.sources.pods import Well
from runbook_lib.triage.accounts import AccountsByNamespace, accounts_of_all
from runbook_lib.triage.events import EventIndex
from runbook_lib.triage.once import Once
from runbook_lib.triage.whole_lists import taker

_OF_ONE_POD = re.compile(r"involvedObject\.name=([^,]+)$")
_LISTED = frozenset({"secrets", "serviceaccounts", "nodes"})
_NODES = 2
"""On how many nodes an image is remembered to run: one may be the failing pod's own."""
_MANY = 3
"""From how many namespaces on the service accounts of all are worth a look at their first page."""

Whole = dict[str, RawObject] | Unavailable


class Noted:
    """What one pass over pods and events leaves: examples of failures, traces of what runs, events."""

    def __init__(self) -> None:
        self.examples: dict[tuple[str, str], RawObject] = {}
        self.events = EventIndex()
        self.asks_events: set[tuple[str, str]] = set()
        self._running: dict[tuple[str, str], dict[tuple[object, ...], list[Well]]] = {}

    def note_running(self, pod: Well) -> None:
        """Keeps that images run: for each namespace and image, and the secrets and policy of the pod, the newest."""
        for image, policy in pod.runs:
            kinds = self._running.setdefault((pod.namespace, image), {})
            kept = kinds.setdefault((frozenset(pod.pull_secrets), policy), [])
            same = next((w for w in kept if w.node == pod.node), None)
            if same is None:
                kept.append(pod)
            elif same.created < pod.created:
                kept[kept.index(same)] = pod
            kept.sort(key=lambda w: w.created, reverse=True)
            del kept[_NODES:]

    def forget_pods(self) -> None:
        """Drops the pods: their list starts anew."""
        self.examples.clear()
        self.asks_events.clear()
        self._running.clear()

    def registries(self, namespace: str) -> frozenset[str]:
        """The registries of the images that fail in a namespace; of all that fail where none does there."""
        examples = list(self.examples.items())  # a copy: pods may still be coming in
        mine = [raw for (space, _), raw in examples if space == namespace] or [raw for _, raw in examples]
        refs = (parse_image(c.image).ref for raw in mine for c in pod_from(raw).failing)
        return frozenset(str(ref.registry) for ref in refs if ref is not None)

    @property
    def namespaces(self) -> frozenset[str]:
        """Those in which a pull fails, as far as the pods have been seen."""
        return frozenset(namespace for namespace, _ in list(self.examples))

    @cached_property
    def _by_image(self) -> dict[tuple[str, str], list[Pod]]:
        found: dict[tuple[str, str], list[Pod]] = {}
        for (namespace, _), raw in sorted(self.examples.items()):
            pod = pod_from(raw)
            for image in {c.image for c in pod.failing}:
                found.setdefault((namespace, image), []).append(pod)
        for (namespace, image), pods in found.items():
            names = {pod.name for pod in pods}
            running = {w.name: w for kept in self._running.get((namespace, image), {}).values() for w in kept}
            pods += [pod_from(_raw_of(well)) for name, well in sorted(running.items()) if name not in names]
        return found

    def siblings(self, target: Target) -> Siblings | None:
        """Returns the pods of the project with the image of a failing container: no list is gone through for one case.

        To be asked for when all pods have been seen. None where the case is about no container.
        """
        raw = self.examples.get((target.namespace, target.pod))
        pod = pod_from(raw) if raw is not None and target.container else None
        container = pod.container(target.container) if pod is not None else None
        if pod is None or container is None or not container.image:
            return None
        alike = self._by_image.get((target.namespace, container.image), [])
        return Siblings(tuple(p for p in alike if p.name != target.pod), container.image, pod.workload)

    def pods_of(self, namespace: str) -> list[RawObject]:
        """Returns the examples of a namespace, and pods that run one of their images."""
        failing = [raw for (space, _), raw in self.examples.items() if space == namespace]
        images = {c.image for raw in failing for c in pod_from(raw).failing}
        found = {
            well.name: well
            for image in sorted(images)
            for kept in self._running.get((namespace, image), {}).values()
            for well in kept
            if (namespace, well.name) not in self.examples
        }
        return [*failing, *map(_raw_of, found.values())]


def _raw_of(well: Well) -> RawObject:
    declared = [
        {"name": f"c{n}", "image": image, "imagePullPolicy": policy} for n, (image, policy) in enumerate(well.runs)
    ]
    return {
        "metadata": {"namespace": well.namespace, "name": well.name, "creationTimestamp": well.created},
        "spec": {
            "nodeName": well.node,
            "imagePullSecrets": [{"name": name} for name in well.pull_secrets],
            "containers": declared,
        },
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": c["name"], "state": {"running": {}}} for c in declared],
        },
    }


class SharedCluster:
    """A `KubeSource` in front of a cluster or a bundle, with what one pass has noted.

    Args:
        pages: the pager of a live cluster; None for a bundle, which is in memory anyway.
    """

    def __init__(self, source: KubeSource, noted: Noted, pages: Pages | None) -> None:
        self._source, self._noted, self._pages = source, noted, pages
        self._whole: Once[tuple[object, ...], Whole] = Once()
        self._accounts: Once[str, AccountsByNamespace | None] = Once()
        self._pods: Once[str, list[RawObject]] = Once()

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        """Returns one object: the example, or out of the list that holds it."""
        if resource == "pods" and (namespace, name) in self._noted.examples:
            return self._noted.examples[namespace, name]
        if resource not in _LISTED or self._pages is None:
            return self._source.get(resource, namespace, name)
        whole = self.whole(resource, namespace)
        if isinstance(whole, Unavailable):
            if resource == "nodes" and whole.why is Why.FORBIDDEN:
                return whole
            got = self._whole.get((f"{resource}/{name}", namespace), lambda: self._one(resource, namespace, name))
            return got if isinstance(got, Unavailable) else got[name]
        if name in whole:
            return whole[name]
        return Unavailable(
            what(resource, namespace, name), Why.NOT_FOUND, "it is not in the list, which was read whole"
        )

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Sequence[RawObject] | Unavailable:
        """Returns a list; of pods the examples and the well ones that are like them."""
        if resource == "pods" and namespace:
            return self._pods.get(namespace, lambda: self._noted.pods_of(namespace))
        if resource == "events" and (one := _OF_ONE_POD.search(fields)):
            return self._events(namespace, one[1], fields)
        if resource in _LISTED and not fields and self._pages is not None:
            whole = self.whole(resource, namespace)
            return whole if isinstance(whole, Unavailable) else list(whole.values())
        return self._source.list(resource, namespace, fields=fields)

    def identity(self) -> ClusterIdentity:
        """Returns the identity of the cluster behind."""
        return self._source.identity()

    def _events(self, namespace: str, pod: str, fields: str) -> Sequence[RawObject] | Unavailable:
        if (namespace, pod) in self._noted.asks_events:
            return self._source.list("events", namespace, fields=fields)
        if self._noted.events.refused is not None:
            return self._noted.events.refused
        return self._noted.events.raw_of(namespace, pod)

    def _one(self, resource: str, namespace: str, name: str) -> Whole:
        single = self._source.get(resource, namespace, name)
        return single if isinstance(single, Unavailable) else {name: single}

    def whole(self, resource: str, namespace: str) -> Whole:
        """Returns everything of a kind in a namespace, read once.

        Secrets are read again where an image of a further registry has been seen to fail since.
        """
        registries = self._noted.registries(namespace) if resource == "secrets" else frozenset()
        return self._whole.get((resource, namespace, registries), lambda: self._read(resource, namespace, registries))

    def _read(self, resource: str, namespace: str, registries: frozenset[str]) -> Whole:
        assert self._pages is not None  # noqa: S101 - asked only then
        if resource == "serviceaccounts" and (accounts := self._accounts_of_all()) is not None:
            return accounts.get(namespace, {})
        found: dict[str, RawObject] = {}
        take = taker(resource, found, registries)
        refused = self._pages.read(resource, namespace, take, again=found.clear)
        return found if refused is None else refused

    def _accounts_of_all(self) -> AccountsByNamespace | None:
        pages, namespaces = self._pages, len(self._noted.namespaces)
        if pages is None or namespaces < _MANY:
            return None
        return self._accounts.get("", lambda: accounts_of_all(pages, namespaces))
