"""The registry refuses the username and password of the pull secret."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, Kind
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("credentials-rejected", "The registry refuses the username and password", "api-key/3.5")
def credentials_rejected(
    pod: Pod,
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The node sent a credential and was refused for it; from here the same credential is refused too."""
    error, made = auth_refusal(failure, tests), tests_or_none(tests)
    if error is None or image.image.ref is None:
        return None
    if error.credential_sent is CredentialSent.NO:
        return Against("the node sent no credential")
    if made is not None and made.accepted(Origin.POD):
        return Against("the pod's credential is accepted, asked from here")
    if error.kind is not Kind.UNAUTHORIZED:
        return None
    refused = made is not None and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED)
    sent = error.credential_sent is CredentialSent.YES
    if not credentials.usable and not sent:
        return None
    host = str(image.image.ref.registry)
    holder = credentials.usable[0].secret.name if credentials.usable else ""
    return speaks(
        confirmed_if(refused),
        (
            f"{holder} covers {host} with a username and a password." if holder else "",
            quote(error),
            "Asked from here, the registry refuses the same credential." if refused else "",
            "" if holder or credentials.complete else "Which secret it stands in could not be read.",
        ),
        excluded_by=(
            "the same credential being accepted",
            "an address allow-list of the account (it answers alike)",
        ),
        remedy=_remedy(c, pod, image, holder),
    )


def _remedy(c: Commands, pod: Pod, image: CaseImage, holder: str) -> tuple[Action, ...]:
    ref = image.image.ref
    name = holder or "<secret>"
    if ref is not None and ref.registry.is_ibm:
        apply = remedy.apply_pull_secrets(c)
        if pod.namespace == "default":
            return (apply,)
        return (apply, remedy.copy_secret(c, "all-icr-io", pod.namespace, replace=True))
    return (
        remedy.create_pull_secret(
            c, pod.namespace, name, str(ref.registry) if ref else "<registry>", "<username>"
        ),
    )
