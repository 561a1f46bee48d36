"""What keeps a proof from being one: words that are not this pod's last, or not of the image's own registry."""

from __future__ import annotations

from runbook_lib.model.finding import Action, change, note, read
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Detail, Kind, Phase, PullError
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import Commands, PullFailure, Said, Siblings
from runbook_lib.model.remedy import q
from runbook_lib.model.unavailable import Unavailable

_WAITING = "waiting message"
PAST_THE_MANIFEST = frozenset({Phase.PLATFORM, Phase.BLOB, Phase.UNPACK})
"""Steps of a pull that come only after the registry has let the caller read the manifest."""


def is_own(said: Said) -> bool:
    """True for the pod's own channels; a sibling may be on another node and hold another secret."""
    return " of pod " not in said.channel


def tells(said: Said) -> bool:
    """True where the text names a kind of fault."""
    return said.error.kind is not Kind.OTHER


def node_is_silent(failure: PullFailure) -> bool:
    """True where none of this pod's own channels names a kind of fault."""
    return not any(tells(said) and is_own(said) for said in failure.said)


def is_last_word(failure: PullFailure) -> bool:
    """False where a later attempt ended in words that name no known kind: the fault may be another one by now.

    The waiting message has no time of its own; it is always of the last attempt.
    """
    first, others = failure.said[0], failure.said[1:]
    if first.channel == _WAITING:
        return True
    later = (s for s in others if is_own(s) and (s.channel == _WAITING or s.last > first.last))
    return not any(not tells(s) and s.error.detail is not Detail.CAUSE_NOT_IN_TEXT for s in later)


def asked_elsewhere(error: PullError) -> bool:
    """True where the words name a host that need not be the image's registry: a mirror, a proxy's own page.

    A token server of the same site is the registry's. Where it lies elsewhere (GitLab's), it cannot be told
    from a mirror's, and nothing is proved by what it says.
    """
    if not error.host or not error.registry:
        return False
    return _site(error.host) != _site(error.registry)


MIRROR_TOO = "A mirror was asked first and failed too: what it said may be the fault to mend."


def mirrors_failed(error: PullError) -> bool:
    """True where mirrors of the registry were asked first, and failed: in a closed network only they can answer."""
    return "containers-image:mirrors" in error.layers and error.detail is not Detail.SHORT_NAME


def _site(host: str) -> str:
    name = host.partition(":")[0]
    return name if name.replace(".", "").isdigit() else ".".join(name.split(".")[-2:])


def last_attempt(failure: PullFailure) -> str:
    """When the last attempt failed that the pod's own events tell of; empty where none does."""
    return max((said.last for said in failure.said if is_own(said)), default="")


def newer_than_failure(failure: PullFailure, secret: PullSecret) -> bool:
    """True where the secret was made after the last failed attempt that is told of: the words are not about it."""
    last = last_attempt(failure)
    return bool(last and secret.created > last)


def try_again(c: Commands, pod: Pod) -> tuple[Action, ...]:
    """What is left to do where a fault was mended after the last attempt."""
    wait = note(
        "The kubelet reads the pod's secrets at each attempt, and tries again within five minutes: wait for it."
    )
    name, namespace = q(pod.name), q(pod.namespace)
    if pod.owner_kind:
        again = "Or delete the pod: its controller makes it again, and the new one tries at once."
        return (wait, change(again, f"{c.kubectl} delete pod {name} -n {namespace}"))
    return (wait, read("Watch it.", f"{c.kubectl} get pod {name} -n {namespace} -w"))


def runs_elsewhere(pod: Pod, siblings: Siblings | Unavailable, *, pulled_lately: bool = False) -> tuple[str, ...]:
    """Other nodes on which a pod with the same secrets runs the very image.

    It may have been there for long. `pulled_lately` asks for more: a pod that is no older than this one and
    pulls at each start, so that its node has asked the registry and was served.
    """
    if isinstance(siblings, Unavailable):
        return ()
    alike = (
        p
        for p in siblings.pods
        if p.node not in ("", pod.node)
        and set(p.pull_secrets) == set(pod.pull_secrets)
        and p.node in siblings.pulled_on
    )
    nodes = {
        p.node
        for p in alike
        for c in p.containers
        if c.image == siblings.image
        and (c.state == "running" or c.restarts > 0)
        and not c.pull_fails
        and (not pulled_lately or (c.pull_policy == "Always" and p.created >= pod.created))
    }
    return tuple(sorted(nodes))
