"""The image is private, and neither the pod nor its service account names a pull secret for it."""

from __future__ import annotations

from runbook_lib.causes.judging import (
    absence_is_proved,
    anonymous_is_enough,
    auth_refusal,
    fitting,
    quote,
    relevant,
)
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import Action
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.kube import Pod, ServiceAccount
from runbook_lib.model.pull_error import CredentialSent
from runbook_lib.model.readings import (
    CaseImage,
    Commands,
    DefaultSecrets,
    PodSecrets,
    ProjectSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable


@cause("no-pull-secret", "No pull secret is named for a private image", "image-pull/3")
def no_pull_secret(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    account: ServiceAccount | Unavailable,
    project: ProjectSecrets | Unavailable,
    default: DefaultSecrets | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The pod names no secret that could be for this registry, and the registry turns the pull away."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    named = relevant(pod_secrets, image)
    if named:
        return Against(f"the pod names {', '.join(n.name for n in named)}") if failure.failing else None
    if anonymous_is_enough(tests):
        return Against("the registry gives the image without a credential")
    if ref is None or error is None or ref.registry.kind is RegistryKind.OPENSHIFT_INTERNAL:
        return None
    if isinstance(project, ProjectSecrets) and fitting(project.secrets, ref):
        return None  # pull-secret-not-linked says it better
    if error.credential_sent is CredentialSent.YES:
        return Against("the node sent a credential: it has one of its own")
    generated = [n.name for n in pod_secrets.named]
    known = isinstance(project, ProjectSecrets) or pod.namespace == "default"
    return speaks(
        confirmed_if(known and absence_is_proved(error, tests)),
        (
            f"Pod {pod.name} names no pull secret"
            + (f" but {', '.join(generated)}, generated for the internal registry." if generated else "."),
            f"Service account {pod.service_account} names none either."
            if isinstance(account, ServiceAccount) and not set(account.pull_secrets) - set(generated)
            else "",
            quote(error),
        ),
        excluded_by=("a pull secret on the pod", "the registry giving the image without a credential"),
        remedy=_remedy(c, pod, account, default, ref.registry.is_ibm, str(ref.registry)),
    )


def _remedy(
    c: Commands,
    pod: Pod,
    account: ServiceAccount | Unavailable,
    default: DefaultSecrets | Unavailable,
    is_ibm: bool,
    host: str,
) -> tuple[Action, ...]:
    name = "all-icr-io" if is_ibm else "registry-credential"
    first: tuple[Action, ...] = (remedy.create_pull_secret(c, pod.namespace, name, host, "<username>"),)
    if is_ibm:
        copy = (remedy.copy_secret(c, name, pod.namespace),) if pod.namespace != "default" else ()
        empty = isinstance(default, DefaultSecrets) and not default.icr
        first = ((remedy.apply_pull_secrets(c),) if empty or not copy else ()) + copy
    known = (
        account if isinstance(account, ServiceAccount) else ServiceAccount(pod.namespace, pod.service_account)
    )
    return (
        *first,
        remedy.link_secret(c, known, name),
        remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload),
    )
