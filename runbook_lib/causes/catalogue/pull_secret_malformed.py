"""A pull secret that holds no usable username and password."""

from __future__ import annotations

from runbook_lib.causes.judging import all_known, anonymous_is_enough, auth_refusal, quote, sent_nothing
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.finding import change
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.pull_secret import Fault, PullSecret
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("pull-secret-malformed", "A pull secret holds no usable credential", "api-key/3.3")
def pull_secret_malformed(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """One secret that cannot be decoded ends the pull before any request; an empty one leaves it anonymous."""
    if not failure.failing:
        return None
    kubelet_says = failure.error is not None and failure.error.kind is Kind.INVALID_SECRET
    if credentials.broken is not None:
        return speaks(
            confirmed_if(kubelet_says),
            (f"{credentials.broken.name}: {credentials.broken.fault_text}.", quote(failure.error)),
            excluded_by=("the node's error coming from the registry",),
            remedy=_again(c, pod, credentials.broken, image),
        )
    if credentials.usable:
        return Against("a secret of the pod holds a readable username and password for this registry")
    error = auth_refusal(failure, tests)
    faulty = [s for s in pod_secrets.read if s.fault in (Fault.WRONG_SHAPE, Fault.EMPTY) and not s.elided]
    blank = [m.secret for m in credentials.matches if not m.entry.has_credential]
    suspects = faulty + blank
    if error is None or not suspects or anonymous_is_enough(tests):
        return None
    secret = suspects[0]
    why = secret.fault_text or "its entry for this registry has no password or no username"
    sure = all_known(pod_secrets, image) and (sent_nothing(error) or bool(blank))
    return speaks(
        Confidence.CONFIRMED if sure and sent_nothing(error) else Confidence.LIKELY,
        (f"{secret.name}: {why}.", quote(error)),
        excluded_by=("another secret of the pod holding a credential for this registry",),
        remedy=_again(c, pod, secret, image),
    )


def _again(c: Commands, pod: Pod, secret: PullSecret, image: CaseImage) -> tuple:  # type: ignore[type-arg]
    host = str(image.image.ref.registry) if image.image.ref else "<registry>"
    return (
        change(
            f"Remove {secret.name}, which cannot be used.",
            f"{c.kubectl} delete secret {remedy.q(secret.name)} -n {remedy.q(pod.namespace)}",
        ),
        remedy.create_pull_secret(c, pod.namespace, secret.name, host),
    )
