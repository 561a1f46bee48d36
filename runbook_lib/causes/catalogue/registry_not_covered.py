"""No secret that the pod uses has an entry for the image's registry."""

from __future__ import annotations

from runbook_lib.causes.judging import (
    absence_is_proved,
    anonymous_is_enough,
    auth_refusal,
    nothing_to_send,
    quote,
    relevant,
)
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("registry-not-covered", "No pull secret covers the image's registry", "api-key/3.4")
def registry_not_covered(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The pod's secrets are there and readable, and none has a matching entry: the pull goes anonymous."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None:
        return None
    if credentials.matches:
        return Against(f"{credentials.matches[0].secret.name} has an entry for {ref.registry}")
    used = [n.secret for n in relevant(pod_secrets, image) if isinstance(n.secret, PullSecret)]
    readable = [s for s in used if s.fault is None and s.entries]
    if error is None or not readable or anonymous_is_enough(tests):
        return None
    if not nothing_to_send(credentials, pod_secrets, image):
        return None
    held = sorted({host for s in readable for host in s.hosts})
    return speaks(
        confirmed_if(absence_is_proved(error, tests)),
        (
            f"The pod uses {', '.join(s.name for s in readable)}, with entries for {', '.join(held)}: "
            f"none matches {ref.registry}.",
            quote(error),
        ),
        excluded_by=(f"an entry that matches {ref.locator}", "a pull that sent a credential"),
        remedy=(
            remedy.copy_secret(c, "all-icr-io", pod.namespace, replace=True)
            if ref.registry.is_ibm
            else remedy.create_pull_secret(
                c, pod.namespace, "registry-credential", str(ref.registry), "<username>"
            ),
            remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload),
        ),
    )
