"""The pod is not well, but no pull of an image has failed.

## What it is
No container waits with `ErrImagePull` or `ImagePullBackOff`; something else keeps the pod from being ready:
`CrashLoopBackOff`, `CreateContainerConfigError`, `FailedScheduling`, `FailedMount`, a failing probe.

## Why it happens
"Back-off" is said of two things: `Back-off pulling image` is a pull, `Back-off restarting failed container` is a
program that ends. The word alone has sent many people to the wrong runbook.

## How it is told from its rivals
**confirmed** by the pod's own status: all images of the containers that started were pulled, and another reason is
given for what is not well.
- Any cause of this catalogue needs a pull that failed. An old `Failed` event beside a running container is history.
- A pod in `Pending` may hide one: look at init containers and at ephemeral containers too.
- [`sandbox-image-unavailable`] – `FailedCreatePodSandBox` may be a pull after all, that of the pause image.
- [`insufficient-evidence`] – a container waits, and nothing says for what.

## How to fix it
Read what the pod itself says, then go by the runbook for that reason:
```sh
kubectl describe pod <pod> -n <project>
kubectl get events -n <project> --field-selector involvedObject.name=<pod>
kubectl logs <pod> -c <container> -n <project> --previous
```
`CreateContainerConfigError` names the missing ConfigMap or Secret; `FailedScheduling` lists, node by node, what is
lacking.

## See also
- Step `image-pull/symptom-1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/>
"""

from __future__ import annotations

from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.diagnosis import NOT_A_PULL_PROBLEM
from runbook_lib.model.finding import Action, read
from runbook_lib.model.kube import Container, Pod
from runbook_lib.model.readings import Commands, PodEvents, PullFailure
from runbook_lib.model.unavailable import Unavailable

_EVENTS = (
    "FailedScheduling",
    "FailedMount",
    "FailedAttachVolume",
    "FailedCreatePodSandBox",
    "Unhealthy",
    "BackOff",
    "Failed",
)
_ENDS_A_PULL = ("Pulled", "Failed", "BackOff", "Created", "Started")
_BEFORE_START = ("ContainerCreating", "PodInitializing", "")


@cause(NOT_A_PULL_PROBLEM, "The pod is unwell for another reason than its image", "image-pull/symptom-1")
def not_an_image_pull_problem(pod: Pod, failure: PullFailure, events: PodEvents | Unavailable, c: Commands) -> Ruling:
    """No container waits for its image, and something else keeps the pod from being ready."""
    if failure.failing or pod.failing:
        return Against("a pull fails")
    if not pod.is_unwell:
        return None
    if _is_pulling(events):
        return Against("a pull is under way")
    unwell = [
        x for x in pod.containers if x.state == "waiting" or (x.state == "terminated" and x.reason != "Completed")
    ]
    scheduled = next((f"{m or r}" for t, s, r, m in pod.conditions if t == "PodScheduled" and s == "False"), "")
    told = (
        []
        if isinstance(events, Unavailable)
        else [e for e in events.events if e.type == "Warning" and e.reason in _EVENTS]
    )
    why = scheduled or told or any(x.reason not in _BEFORE_START for x in unwell) or pod.reason
    return speaks(
        confirmed_if(bool(why)),
        (
            *(f"Container {x.name}: {x.reason or x.state}{': ' + x.message if x.message else ''}." for x in unwell[:3]),
            f"The pod is not scheduled: {scheduled}" if scheduled else "",
            f"{told[-1].reason}: {told[-1].message}" if told else "",
            "No container waits for its image.",
        ),
        excluded_by=("a container that waits with ErrImagePull or ImagePullBackOff",),
        remedy=_look(c, pod, unwell),
    )


def _is_pulling(events: PodEvents | Unavailable) -> bool:
    """True where a pull has begun and not ended: it may be a large image, or a registry that does not answer."""
    if isinstance(events, Unavailable):
        return False
    begun, ended = (max((e.last for r in rs for e in events.of(r)), default="") for rs in (("Pulling",), _ENDS_A_PULL))
    return begun > ended


def _look(c: Commands, pod: Pod, unwell: list[Container]) -> tuple[Action, ...]:
    crashed = next((x for x in unwell if x.reason == "CrashLoopBackOff" or x.restarts), None)
    logs: tuple[Action, ...] = ()
    if crashed is not None:
        logs = (
            read(
                "Read what the container said before it ended.",
                f"{c.kubectl} logs {remedy.q(pod.name)} -c {remedy.q(crashed.name)} "
                f"-n {remedy.q(pod.namespace)} --previous",
            ),
        )
    return (*logs, remedy.describe_pod(c, pod.namespace, pod.name))
