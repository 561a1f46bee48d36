"""The secret holds a registry token (username `token`), no longer accepted since 19 August 2021."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause(
    "registry-token-retired", "The pull secret holds a registry token, which is no longer accepted", "token/5"
)
def registry_token_retired(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """Every credential that the pod has for IBM's registry is a token."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    usable = credentials.usable
    if ref is None or error is None or not ref.registry.is_ibm or not usable:
        return None
    if any(m.entry.username != "token" for m in usable):
        return Against(f"the username is {usable[0].entry.username}, not token")
    made = tests_or_none(tests)
    refused_here = made is not None and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED)
    return speaks(
        confirmed_if(refused_here or error.credential_sent is CredentialSent.YES),
        (
            f"{usable[0].secret.name} logs in to {usable[0].entry.key} as `token`: a registry token.",
            "IBM Cloud Container Registry has not accepted registry tokens since 19 August 2021.",
            "Asked from here, the registry refuses it." if refused_here else "",
            quote(error),
        ),
        excluded_by=("another credential of the pod being accepted",),
        remedy=(
            note(
                "Tokens cannot be made any more: move to an API key, and to the icr.io name of the registry."
            ),
            remedy.apply_pull_secrets(c),
            remedy.copy_secret(c, "all-icr-io", pod.namespace),
        ),
    )
