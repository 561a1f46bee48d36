"""cp.icr.io: the entitlement key is not entitled to this image."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, confirmed_if, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("entitlement-missing", "The entitlement key does not cover this image", "api-key/3.6")
def entitlement_missing(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The key logs in to cp.icr.io and is denied this image: the entitlement is another product's, or lapsed."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if (
        ref is None
        or error is None
        or ref.registry.kind is not RegistryKind.ICR_ENTITLED
        or not credentials.usable
    ):
        return None
    if error.kind is not Kind.ACCESS_DENIED:
        return None
    made = tests_or_none(tests)
    if made is not None and made.accepted(Origin.POD):
        return Against("the key may read the image, asked from here")
    denied = made is not None and made.all_answer(Origin.POD, Answer.DENIED)
    logged_in = made is not None and all(t.answer.logged_in for t in made.of(Origin.POD))
    return speaks(
        confirmed_if(denied and logged_in),
        (
            f"{credentials.usable[0].secret.name} holds a key for cp.icr.io.",
            quote(error),
            "Asked from here, the key logs in and is denied this image." if denied and logged_in else "",
        ),
        excluded_by=("the product among the entitlements of the key's owner",),
        remedy=(
            note("See the key's entitlements at myibm.ibm.com/products-services/containerlibrary."),
            remedy.create_pull_secret(c, pod.namespace, "ibm-entitlement-key", "cp.icr.io", "cp"),
        ),
    )
