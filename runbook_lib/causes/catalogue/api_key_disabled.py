"""The registry refuses the API key because it is disabled, expired or deleted."""

from __future__ import annotations

from datetime import UTC, datetime

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.account import ApiKeyDetails, KeyOwner, KeyState
from runbook_lib.model.account_readings import PullIdentities, PullIdentity
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import change, note
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("api-key-disabled", "The API key is disabled, expired or deleted", "api-key/1")
def api_key_disabled(
    pod: Pod,
    image: CaseImage,
    identities: PullIdentities,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """IAM itself says what is wrong with the key. A locked key is no fault: the lock only keeps it from changes."""
    error, first, made = auth_refusal(failure, tests), identities.first, tests_or_none(tests)
    if error is None or first is None or error.kind is not Kind.UNAUTHORIZED:
        return None
    told = [_state(i) for i in identities.identities]
    if not all(told):
        accepted = isinstance(first.owner, KeyOwner) and first.owner.is_accepted
        return Against("IAM accepts the key") if accepted else None
    refused = made is not None and made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED)
    name = first.details.name if isinstance(first.details, ApiKeyDetails) else "<key>"
    ref = image.image.ref
    return speaks(
        confirmed_if(refused),
        (
            f"The API key in {first.where} is {told[0]}, says IAM.",
            quote(error),
            "Asked from here, the registry refuses it too." if refused else "",
        ),
        excluded_by=("IAM giving a token for the key",),
        remedy=(
            change(
                "Enable the key again, if that is right.",
                f"ibmcloud iam service-api-key-enable {remedy.q(name)} <service_ID>",
            ),
            remedy.create_pull_secret(
                c, pod.namespace, first.match.secret.name, str(ref.registry) if ref else ""
            ),
            note("Find out first why it was disabled: a key that leaked is disabled by IBM Cloud itself."),
        ),
    )


def _state(identity: PullIdentity) -> str:
    """Says how the key is unusable; an empty text where it is not known to be."""
    owner, details = identity.owner, identity.details
    if isinstance(details, ApiKeyDetails):
        if details.disabled:
            return "disabled"
        if details.expired(datetime.now(UTC)):
            return f"expired since {details.expires_at}"
    if isinstance(owner, KeyOwner) and owner.state in (KeyState.DISABLED, KeyState.EXPIRED):
        return owner.state.value
    return ""
