"""Chooses the failing pulls that a run is about, from the selectors that kubectl users know."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runbook_lib.model.kube import Pod
from runbook_lib.model.kube_raw import name_of, pod_from
from runbook_lib.model.problem import BadInput
from runbook_lib.model.readings import Target
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.session import Session
from runbook_lib.sources.kube import KubeSource

_KINDS = {
    "Pod": ("po", "pod", "pods"),
    "Deployment": ("deploy", "deployment", "deployments", "deployment.apps"),
    "StatefulSet": ("sts", "statefulset", "statefulsets", "statefulset.apps"),
    "DaemonSet": ("ds", "daemonset", "daemonsets", "daemonset.apps"),
    "ReplicaSet": ("rs", "replicaset", "replicasets", "replicaset.apps"),
    "ReplicationController": ("rc", "replicationcontroller", "replicationcontrollers"),
    "DeploymentConfig": ("dc", "deploymentconfig", "deploymentconfigs", "deploymentconfig.apps.openshift.io"),
    "Job": ("job", "jobs", "job.batch"),
    "CronJob": ("cj", "cronjob", "cronjobs", "cronjob.batch"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pulls that were chosen: one target a case, with the pods that fail alike, and what to say of it."""

    targets: tuple[Target, ...]
    alike: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Pods of one workload on which pulls fail."""

    namespace: str
    workload: tuple[str, str]
    pods: tuple[Pod, ...]

    @property
    def line(self) -> str:
        """One line for a list to choose from."""
        kind, name = self.workload
        reasons = sorted({c.reason for p in self.pods for c in p.failing})
        images = sorted({c.image for p in self.pods for c in p.failing})
        label = name if kind == "Pod" else f"{kind.lower()}/{name}"
        many = f" ({len(self.pods)} pods)" if len(self.pods) > 1 else ""
        return f"-n {self.namespace} --pod {label}{many}: {', '.join(reasons)} {', '.join(images)}"


def choose(session: Session, *, namespace: str = "", pod: str = "", container: str = "") -> Chosen:
    """Returns the failing pulls to look at.

    A named pod or workload is taken as it is. Without a name: the workload whose pull fails; where no
    pull fails but a pod is unwell, that one; where all is well, a well one.

    Raises:
        BadInput: no such namespace, pod or container; pods cannot be listed; or several distinct
            workloads fail, and one has to be named (their list is in the message).
    """
    kind, name = _split(pod)
    pods = _pods(session, namespace, name if kind == "Pod" else "")
    if not name:
        return _unnamed(pods, container)
    mine = [p for p in pods if _is_named(p, kind, name)]
    if not mine and kind.lower() not in _KIND_OF:
        raise _no_selector(pod)
    if not mine:
        raise BadInput(
            f"There is no {kind.lower()} {name} in {_place(pods, namespace or session.default_namespace)}.",
            _there_are(pods) if kind == "Pod" else _there_are_of(pods, kind),
        )
    spaces = sorted({p.namespace for p in mine})
    if len(spaces) > 1:
        raise BadInput(f"{name} exists in {len(spaces)} namespaces: {', '.join(spaces)}.", "Name one with -n.")
    return _of_workload([p for p in mine if p.failing] or mine[:1], container)


def _split(pod: str) -> tuple[str, str]:
    """Splits `deploy/web` into kind and name; a name alone is a pod's. A kind unknown here may be an operator's own."""
    word, slash, name = pod.partition("/")
    if not slash:
        return "Pod", pod
    if not word or not name:
        raise _no_selector(pod)
    return _KIND_OF.get(word.lower(), word), name


def _no_selector(pod: str) -> BadInput:
    return BadInput(
        f"{pod!r} names no pod or workload.",
        "Use a pod's name, or deploy/NAME, sts/NAME, ds/NAME, dc/NAME, rs/NAME, job/NAME, cj/NAME.",
    )


def _is_named(pod: Pod, kind: str, name: str) -> bool:
    if kind == "Pod":
        return pod.name == name
    makers = (pod.workload, (pod.owner_kind, pod.owner_name))
    return any(name == of and kind.lower() == maker.lower() for maker, of in makers)


def _pods(session: Session, namespace: str, name: str) -> list[Pod]:
    """Reads the pods in question: the namespace's, or those of all where none is named and the login may."""
    where = namespace or session.default_namespace
    if where and name:
        single = session.cluster.get("pods", where, name)
        if not isinstance(single, Unavailable):
            return [pod_from(single)]
    if namespace:
        return _listed(session, namespace, must_exist=True)
    here = _listed(session, where, must_exist=False) if where else []
    if any(p.is_unwell for p in here) or (name and any(p.name == name for p in here)):
        return here
    everywhere = session.cluster.list("pods", "")
    if isinstance(everywhere, Unavailable):
        if here:
            return here
        raise _refused(everywhere)
    return sorted(map(pod_from, everywhere), key=lambda p: (p.namespace, p.name))


def _listed(session: Session, namespace: str, *, must_exist: bool) -> list[Pod]:
    raw = session.cluster.list("pods", namespace)
    if isinstance(raw, Unavailable):
        if not must_exist:
            return []
        raise _refused(raw)
    if not raw and must_exist and (missing := missing_namespace(session.cluster, namespace)):
        raise missing
    return sorted(map(pod_from, raw), key=lambda p: p.name)


def missing_namespace(cluster: KubeSource, namespace: str) -> BadInput | None:
    """Returns what is told of a namespace that does not exist, with the one that may be meant; None where it exists."""
    found = cluster.get("namespaces", "", namespace)
    if not isinstance(found, Unavailable) or not found.says_absent:
        return None
    listed = cluster.list("namespaces")
    names = [] if isinstance(listed, Unavailable) else [name_of(raw) for raw in listed]
    close = difflib.get_close_matches(namespace, names, n=1)
    meant = f" Is {close[0]} meant?" if close else ""
    return BadInput(f"There is no namespace {namespace}.{meant}", "List them: `oc get projects`.")


def _refused(refusal: Unavailable) -> BadInput:
    if refusal.why is Why.UNKNOWN_IF_COLLECTED:
        return BadInput("The bundle holds no pods of that namespace.", "Save them: `oc get pods -o json`.")
    return BadInput(refusal.sentence, refusal.remedy)


def _place(pods: Sequence[Pod], namespace: str) -> str:
    return f"namespace {namespace}" if namespace else f"the {len({p.namespace for p in pods})} namespaces seen"


def _there_are(pods: Sequence[Pod]) -> str:
    names = [p.name for p in pods]
    if not names:
        return "No pods were found there."
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"There are: {', '.join(names[:10])}{more}."


def _there_are_of(pods: Sequence[Pod], kind: str) -> str:
    names = sorted({name for of, name in (p.workload for p in pods) if of == kind})
    if names:
        return f"There are: {', '.join(f'{kind.lower()}/{name}' for name in names[:10])}."
    return f"No pod is of a {kind.lower()} there. {_there_are(pods).replace('There are:', 'Pods:')}"


def failing_groups(pods: Iterable[Pod]) -> list[Group]:
    """Groups the pods with a failing pull by the workload that made them."""
    groups: dict[tuple[str, tuple[str, str]], list[Pod]] = {}
    for pod in pods:
        if pod.failing:
            groups.setdefault((pod.namespace, pod.workload), []).append(pod)
    return [Group(namespace, workload, tuple(members)) for (namespace, workload), members in groups.items()]


def _unnamed(pods: list[Pod], container: str) -> Chosen:
    groups = failing_groups(pods)
    if len(groups) > 1:
        lines = "\n".join(f"  {g.line}" for g in groups[:40])
        more = f"\n  and {len(groups) - 40} more" if len(groups) > 40 else ""
        raise BadInput(f"The pulls of {len(groups)} workloads fail; name one:\n{lines}{more}")
    if groups:
        return _of_workload(list(groups[0].pods), container)
    unwell = [p for p in pods if p.is_unwell]
    notes: tuple[str, ...] = ()
    if len(unwell) > 1:
        notes = (f"No pull fails; {len(unwell)} pods are unwell for other reasons, this is the first.",)
    if unwell:
        return Chosen((Target(unwell[0].namespace, unwell[0].name, container),), ((),), notes)
    if not pods:
        raise BadInput("There are no pods to look at.", "Name a namespace with -n, or look at another cluster.")
    well = f"No pod is unwell ({len(pods)} seen)."
    return Chosen((Target(pods[0].namespace, pods[0].name, container),), ((),), (well,))


def _of_workload(pods: list[Pod], container: str) -> Chosen:
    """One case for each failing container and image; pods of the workload that fail alike share it."""
    first = pods[0]
    if container and first.container(container) is None:
        raise BadInput(
            f"Pod {first.name} has no container {container}.",
            f"It has: {', '.join(c.name for c in first.containers) or 'none'}.",
        )
    cases: dict[tuple[str, str], list[str]] = {}
    for pod in pods:
        for failing in pod.failing:
            if not container or failing.name == container:
                cases.setdefault((failing.name, failing.image), []).append(pod.name)
    if not cases:
        return Chosen((Target(first.namespace, first.name, container),), ((),))
    return Chosen(
        tuple(Target(first.namespace, names[0], key[0]) for key, names in cases.items()),
        tuple(tuple(names[1:]) for names in cases.values()),
    )
