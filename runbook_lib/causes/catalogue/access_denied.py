"""Refused for lack of rights, or for a repository that does not exist and whose registry will not say."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, nothing_to_send, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action, note, read
from runbook_lib.model.pull_error import CredentialSent, Kind
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("access-denied", "The registry refuses access to the image", "api-key/3.6")
def access_denied(
    image: CaseImage,
    pod_secrets: PodSecrets,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """A credential that covers the registry was used, and the answer is "denied" rather than "who are you"."""
    error, made, ref = auth_refusal(failure, tests), tests_or_none(tests), image.image.ref
    if ref is None or error is None or error.kind is not Kind.ACCESS_DENIED:
        return None
    if made is not None and made.accepted(Origin.POD):
        return Against("the pod's credential may read the image, asked from here")
    if nothing_to_send(credentials, pod_secrets, image) and error.credential_sent is not CredentialSent.YES:
        return None
    if not credentials.usable and error.credential_sent is not CredentialSent.YES:
        return None  # which credential was sent is not known: denied stays ambiguous
    denied = made is not None and made.all_answer(Origin.POD, Answer.DENIED)
    logged_in = made is not None and all(t.answer.logged_in for t in made.of(Origin.POD))
    return speaks(
        confirmed_if(denied and logged_in),
        (
            f"{credentials.usable[0].secret.name} covers {ref.registry}, and it was let in or heard, not refused."
            if credentials.usable
            else "",
            quote(error),
            "Asked from here, the registry accepts the login and denies the image."
            if denied and logged_in
            else "",
        ),
        excluded_by=("the same credential reading the image", "a policy for this namespace and region"),
        remedy=_remedy(c, image),
    )


def _remedy(c: Commands, image: CaseImage) -> tuple[Action, ...]:
    ref = image.image.ref
    if ref is None or not ref.registry.is_ibm:
        return (note("Check that the repository exists, and that this user may read it."),)
    region = ref.registry.region
    return (
        *remedy.list_images(ref),
        read("See whose key it is and what it may do.", "ibmcloud iam service-policies <service_ID>"),
        note(
            "Four causes answer alike: no policy for this namespace or region, a namespace of another account, "
            f"a network restriction, a repository that does not exist (region {region})."
        ),
    )
