"""The project's copy differs from the secret of `default`, and only the copy is refused."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote, tests_or_none
from runbook_lib.causes.rule import Against, Ruling, cause, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.keyring import lookup
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, Kind
from runbook_lib.model.readings import CaseImage, Commands, Credentials, DefaultSecrets, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable


@cause("stale-secret-copy", "The project's copy of the pull secret is out of date", "api-key/3.5")
def stale_secret_copy(
    pod: Pod,
    image: CaseImage,
    credentials: Credentials,
    default: DefaultSecrets,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """`pull-secret apply` makes a new key and mends `default` only; copies keep the key that is gone."""
    ref, error = image.image.ref, auth_refusal(failure, tests)
    if ref is None or error is None or pod.namespace == "default" or not credentials.usable:
        return None
    mine = credentials.usable[0]
    theirs = [m for m in lookup(default.secrets, ref) if m.entry.has_credential]
    original = next((m for m in theirs if m.secret.name == mine.secret.name), theirs[0] if theirs else None)
    if original is None:
        return Against("the default project holds no credential for this registry")
    same = mine.entry.same_credential(original.entry)
    if same is None:
        return None
    if same:
        return Against(f"the copy holds the same credential as default's {original.secret.name}")
    made = tests_or_none(tests)
    because = [
        f"{pod.namespace}/{mine.secret.name} and default/{original.secret.name} hold different credentials.",
        quote(error),
    ]
    mend = (
        remedy.copy_secret(c, original.secret.name, pod.namespace, replace=True),
        remedy.recreate_pod(c, pod.namespace, pod.name, pod.workload),
    )
    out = ("default's secret being refused as well", "the copy being accepted")
    if made is not None:
        accepted = [t for t in made.of(Origin.DEFAULT) if t.answer.logged_in]
        if not accepted or not made.all_answer(Origin.POD, Answer.CREDENTIALS_REJECTED):
            return Against("the counter-test does not show the copy's login refused and default's accepted")
        because.append(
            f"Asked from here: the copy's login is refused, that of {accepted[0].label} is accepted."
        )
        sure = (
            Confidence.CONFIRMED
            if _is_copy(mine.secret.name, original.secret.name, pod.namespace)
            else Confidence.POSSIBLE
        )
        return speaks(sure, because, excluded_by=out, remedy=mend)
    if error.kind is not Kind.UNAUTHORIZED or error.credential_sent is CredentialSent.NO:
        return None
    copied = _is_copy(mine.secret.name, original.secret.name, pod.namespace)
    newer = copied and original.secret.created > mine.secret.created
    return speaks(
        Confidence.LIKELY if newer else Confidence.POSSIBLE,
        [*because, f"Default's is newer ({original.secret.created})." if newer else ""],
        excluded_by=out,
        remedy=mend,
    )


def _is_copy(name: str, original: str, namespace: str) -> bool:
    """True where a secret is named as a copy of `default`'s is (the document's `sed` renames some of them)."""
    return name in (original, original.replace("default", namespace))
