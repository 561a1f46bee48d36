"""Judgements that several rules share: was the pull refused for its credential, and was one sent."""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.causes.doubt import PAST_THE_MANIFEST, asked_elsewhere, is_last_word, is_own
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.image_ref import ImageRef, RegistryHost, RegistryKind
from runbook_lib.model.keyring import key_matches, lookup, normalise_key
from runbook_lib.model.kube import ServiceAccount
from runbook_lib.model.pull_error import CredentialSent, Detail, Kind, Phase, PullError, Runtime
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import CaseImage, Credentials, NamedSecret, PodSecrets, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable

REFUSED = frozenset({Answer.NO_TOKEN_SENT, Answer.CREDENTIALS_REJECTED, Answer.DENIED, Answer.NOT_FOUND})
"""What a private repository answers to who may not read it."""

_AUTH_KINDS = frozenset({Kind.UNAUTHORIZED, Kind.ACCESS_DENIED, Kind.MISSING_SECRET, Kind.INVALID_SECRET})


def tests_or_none(tests: CounterTests | Unavailable) -> CounterTests | None:
    """The counter-tests where they were made and the registry itself answered."""
    return tests if isinstance(tests, CounterTests) and tests.reached else None


def auth_refusal(failure: PullFailure, tests: CounterTests | Unavailable | None = None) -> PullError | None:
    """The error of the pull where it says that the registry wants another credential, or more rights.

    Where no channel tells why the pull fails (events expire), the registry's answers to the same questions
    from here stand in for it; no claim that rests on that alone is ever confirmed. Words that the software
    does not know stay unknown where they are of the network or of a step past the manifest: the registry had
    nothing against the caller then. A registry that hides what the caller may not see behind "not found"
    is seen through where another credential is given the image from here.
    """
    error = failure.error
    if not failure.failing:
        return None
    made = tests_or_none(tests) if tests is not None else None
    if error is None or error.detail is Detail.CAUSE_NOT_IN_TEXT:
        return _assumed(made) if made is not None else None
    if error.kind is Kind.OTHER:
        odd = error.detail is not None or error.phase is not None and error.phase is not Phase.TOKEN
        return _assumed(made) if made is not None and not odd else None
    if error.kind is Kind.NOT_FOUND_REPO_OR_TAG and made is not None and is_hidden(made):
        return replace(error, kind=Kind.ACCESS_DENIED, also=(Kind.NOT_FOUND_REPO_OR_TAG,))
    if error.kind is Kind.ACCESS_DENIED and error.phase is Phase.CONNECT:
        return None  # a registry's first answer is 200 or 401: what forbids there stands before it
    return error if error.kind in _AUTH_KINDS else None


def is_hidden(made: CounterTests) -> bool:
    """True where the image is given to another credential, and called "not found" to the pod's and to none."""
    mine = made.of(Origin.POD, Origin.ANONYMOUS)
    return bool(made.accepted(Origin.DEFAULT, Origin.PROJECT, Origin.REPAIRED)) and all(
        t.answer.answer in REFUSED for t in mine
    )


def _assumed(made: CounterTests) -> PullError | None:
    """What the node would have been told, by the answers from here, or None where they do not tell."""
    mine = made.of(Origin.POD) or made.of(Origin.ANONYMOUS)
    answers = {t.answer.answer for t in mine}
    kinds = {
        frozenset({Answer.NO_TOKEN_SENT}): Kind.UNAUTHORIZED,
        frozenset({Answer.CREDENTIALS_REJECTED}): Kind.UNAUTHORIZED,
        frozenset({Answer.DENIED}): Kind.ACCESS_DENIED,
    }
    kind = kinds.get(frozenset(answers))
    if kind is None:
        return None
    return PullError(
        kind=kind,
        also=(),
        phase=None,
        registry=str(made.image.registry),
        image=str(made.image),
        status=None,
        code=None,
        credential_sent=CredentialSent.UNKNOWN,
        runtime=Runtime.UNKNOWN,
        says="",
        summary="no channel of the cluster tells; asked from here, the registry refuses",
        layers=(),
        attempts=(),
        truncated=False,
    )


def quote(error: PullError | None) -> str:
    """The error's own words as a reason."""
    if error is None:
        return ""
    if not error.says:
        return f"{error.summary[0].upper()}{error.summary[1:]}."
    at = f" at {error.phase.value}" if error.phase else ""
    return f"The node reports{at}: {error.says}"


def sent_nothing(error: PullError) -> bool:
    """True where the text itself says that the pull was anonymous."""
    return error.credential_sent is CredentialSent.NO


def is_for_internal_registry_only(named: NamedSecret) -> bool:
    """True for the secrets that OpenShift generates for each service account: by annotation, content, or name."""
    secret = named.secret
    if isinstance(secret, PullSecret):
        if secret.generated_for:
            return True
        if secret.entries:
            hosts = (RegistryHost(normalise_key(e.key).partition("/")[0]) for e in secret.entries)
            return all(h.kind is RegistryKind.OPENSHIFT_INTERNAL for h in hosts)
    stem, _, suffix = named.name.rpartition("-")
    return stem.endswith("-dockercfg") and len(suffix) == 5 and suffix.isalnum() and suffix.islower()


def relevant(pod_secrets: PodSecrets, image: CaseImage) -> tuple[NamedSecret, ...]:
    """The secrets of the pod that could be for this image: OpenShift's generated ones are for its own registry."""
    ref = image.image.ref
    if ref is not None and ref.registry.kind is RegistryKind.OPENSHIFT_INTERNAL:
        return pod_secrets.named
    return tuple(n for n in pod_secrets.named if _covers(n, ref) or not is_for_internal_registry_only(n))


def _covers(named: NamedSecret, ref: ImageRef | None) -> bool:
    entries = named.secret.entries if isinstance(named.secret, PullSecret) else ()
    return ref is not None and any(key_matches(e.key, ref) for e in entries)


def all_known(pod_secrets: PodSecrets, image: CaseImage) -> bool:
    """True where it is known of every relevant secret what it gives: its entries, or nothing at all.

    A secret that does not exist gives nothing, nor does one of the wrong type, whatever its removed values were.
    """
    return not any(n.is_unread and not _is_ignored(n) for n in relevant(pod_secrets, image))


def _is_ignored(named: NamedSecret) -> bool:
    return isinstance(named.secret, PullSecret) and not named.secret.is_read_by_kubelet


def nothing_to_send(credentials: Credentials, pod_secrets: PodSecrets, image: CaseImage) -> bool:
    """True where the pod is known to hold no credential for the image's registry."""
    return not credentials.usable and credentials.broken is None and all_known(pod_secrets, image)


def went_anonymous(
    error: PullError, credentials: Credentials, pod_secrets: PodSecrets, image: CaseImage
) -> bool:
    """True where the pod held nothing to send, and the node's words fit a pull that sent nothing.

    A credential that was sent all the same is the node's own, or was in a secret that has changed since; past
    the manifest the registry had let the caller in.
    """
    fits = error.credential_sent is not CredentialSent.YES and error.phase not in PAST_THE_MANIFEST
    return fits and nothing_to_send(credentials, pod_secrets, image)


def anonymous_is_enough(tests: CounterTests | Unavailable) -> bool:
    """True where the registry gives the image without any credential, seen from here."""
    made = tests_or_none(tests)
    return bool(made and made.accepted(Origin.ANONYMOUS))


def needs_credential(tests: CounterTests | Unavailable) -> bool:
    """True where a counter-test proves that the image exists and is private: none is refused, one is accepted."""
    made = tests_or_none(tests)
    if made is None or made.accepted(Origin.ANONYMOUS):
        return False
    return made.all_answer(Origin.ANONYMOUS, *REFUSED) and bool(
        made.accepted(Origin.POD, Origin.PROJECT, Origin.DEFAULT, Origin.REPAIRED)
    )


def absence_is_proved(error: PullError, tests: CounterTests | Unavailable) -> bool:
    """True where it is settled that the lack of a credential is what makes this pull fail.

    Either the node says that it pulled anonymously and was turned away for that, or the counter-test
    shows the image to exist and to be private. A registry that hides what does not exist behind "denied"
    settles nothing, nor does a mirror that asks for a login of its own.
    """
    if error.credential_sent is CredentialSent.YES or error.kind is Kind.INVALID_SECRET or asked_elsewhere(error):
        return False
    anonymous_401 = sent_nothing(error) and error.kind is Kind.UNAUTHORIZED and error.status == 401
    return needs_credential(tests) or (anonymous_401 and Kind.NOT_FOUND_REPO_OR_TAG not in error.also)


def fitting(secrets: tuple[PullSecret, ...], image: ImageRef) -> tuple[PullSecret, ...]:
    """The secrets with a usable credential for the image."""
    found = (m.secret for m in lookup(secrets, image) if m.entry.has_credential)
    return tuple(dict.fromkeys(found))


def account_name(account: ServiceAccount | Unavailable, fallback: str) -> str:
    """The service account's name, also where it could not be read."""
    return account.name if isinstance(account, ServiceAccount) else fallback


def by_the_kubelet(failure: PullFailure, *kinds: Kind) -> PullError | None:
    """The error where its kind is one of these, whoever of this pod's channels carried it."""
    error = failure.error
    return error if failure.failing and error is not None and error.kind in kinds else None


def is_direct(failure: PullFailure, error: PullError) -> bool:
    """True where this pod's own channels say it without an alternative reading, of every credential and at last."""
    if error.also or not failure.said or not is_own(failure.said[0]) or not is_last_word(failure):
        return False
    return all(attempt.kind is error.kind for attempt in error.attempts)


def has_detail(failure: PullFailure, *details: Detail) -> PullError | None:
    """The error where its words carry one of these details."""
    error = failure.error
    return error if failure.failing and error is not None and error.detail in details else None


def denied_though_known(tests: CounterTests | Unavailable) -> bool:
    """True where the registry lets each of the pod's credentials in and denies the image, asked from here."""
    made = tests_or_none(tests)
    return (
        made is not None
        and made.all_answer(Origin.POD, Answer.DENIED)
        and all(t.answer.logged_in for t in made.of(Origin.POD))
    )
