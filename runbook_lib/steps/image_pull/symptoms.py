"""Symptoms 1 and 2: does a pull fail, and what does the cluster say of it."""

from __future__ import annotations

from runbook_lib.model.finding import Outcome, Plain, ok, problem, read, unknown
from runbook_lib.model.kube import Container, Pod, Role
from runbook_lib.model.readings import CaseContainer, Commands, PodEvents, PullFailure, Siblings
from runbook_lib.model.remedy import describe_pod, q
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step


def _state(container: Container) -> str:
    reason = f" ({container.reason})" if container.reason else ""
    role = "" if container.role is Role.REGULAR else f"{container.role} "
    return f"{role}container {container.name}: {container.state or 'no state yet'}{reason}"


@step("image-pull/symptom-1", "See whether the pod fails with an ImagePullBackOff status")
def pod_status(case: CaseContainer, failure: PullFailure, siblings: Siblings | Unavailable, c: Commands) -> Outcome:
    """Some container of the pod waits for its image. A phase filter would miss some: a Running pod can wait too."""
    pod, container = case.pod, case.container
    evidence: dict[str, Plain] = {
        "pod": f"{pod.namespace}/{pod.name}",
        "phase": pod.phase or "unknown",
        "made by": " ".join(pod.workload) if pod.owner_kind else "nobody (a bare pod)",
        "node": pod.node or "none yet",
        "containers": [_state(x) for x in pod.containers],
    }
    if not isinstance(siblings, Unavailable) and siblings.pods:
        evidence["siblings that fail alike"] = [p.name for p in siblings.fail_too]
        evidence["nodes that run this image"] = list(siblings.pulled_on)
    look = read("See it for yourself.", f"{c.kubectl} get pods -n {q(pod.namespace)}")
    if failure.failing:
        what = _state(container) if container else "its sandbox cannot be made"
        return problem(f"A pull fails: {what}.", evidence, look)
    if pod.is_unwell:
        return ok(f"No pull fails. The pod is unwell for another reason: {_other_reason(pod)}.", evidence, look)
    return ok("No pull fails: every container has its image.", evidence, look)


def _other_reason(pod: Pod) -> str:
    waiting = [_state(x) for x in pod.containers if x.state in ("waiting", "terminated")]
    unscheduled = [m or r for t, s, r, m in pod.conditions if t == "PodScheduled" and s == "False"]
    return "; ".join(waiting or unscheduled or [pod.reason or f"phase {pod.phase}"])


@step("image-pull/symptom-2", "Describe the pod and read the pull error")
def pull_error(case: CaseContainer, failure: PullFailure, events: PodEvents | Unavailable, c: Commands) -> Outcome:
    """The error's text, layer by layer: its kind, where the pull ended, and whether a credential was sent."""
    look = describe_pod(c, case.pod.namespace, case.pod.name)
    if not failure.failing:
        return ok("There is no pull error to read.", None, look)
    error = failure.error
    if error is None:
        why = (
            f" {events.sentence}" if isinstance(events, Unavailable) else " Its events have expired or were not saved."
        )
        return unknown(f"The cluster says {failure.reason} and no longer why.{why}", {"reason": failure.reason}, look)
    evidence = {
        "text": failure.said[0].text,
        "from": failure.said[0].channel,
        "kind of error": error.kind.value,
        "kinds that the text cannot exclude": [k.value for k in error.also],
        "where the pull ended": error.phase.value if error.phase else "not said",
        "registry asked": error.registry or "not said",
        "HTTP status": error.status or "not said",
        "a credential was sent": error.credential_sent.value,
        "seen": f"{failure.said[0].count} times"
        + (f", last at {failure.said[0].last}" if failure.said[0].last else ""),
    }
    if failure.unretrieved:
        evidence["secrets that the kubelet could not retrieve"] = [
            f"{', '.join(failure.unretrieved)} ({failure.unretrieved_count} times)"
        ]
    return problem(error.summary, evidence, look)
