"""Judgements that several rules share: was the pull refused for its credential, and was one sent."""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.causes.doubt import PAST_THE_MANIFEST, asked_elsewhere, is_last_word, is_own, mirrors_failed
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.kube import ServiceAccount
from runbook_lib.model.pull_error import CredentialSent, Detail, Kind, Phase, PullError, Runtime
from runbook_lib.model.readings import PullFailure
from runbook_lib.model.registry_answer import Answer, Hop
from runbook_lib.model.unavailable import Unavailable

REFUSED = frozenset({Answer.NO_TOKEN_SENT, Answer.CREDENTIALS_REJECTED, Answer.DENIED, Answer.NOT_FOUND})
"""What a private repository answers to who may not read it."""

_WHEN = {
    Phase.NAME: "when it read the image's name",
    Phase.DNS: "when it looked up the registry's address",
    Phase.CONNECT: "when it connected to the registry",
    Phase.TLS: "when it opened TLS with the registry",
    Phase.TOKEN: "when it asked for a token",
    Phase.MANIFEST: "when it asked for the manifest",
    Phase.PLATFORM: "when it chose the image for its platform",
    Phase.BLOB: "when it fetched the layers",
    Phase.UNPACK: "when it unpacked the layers",
    Phase.VERIFY: "when it checked the signature",
    Phase.ADMISSION: "when it asked whether it may pull",
}

_LET_IN = frozenset(
    {Answer.REPOSITORY_UNKNOWN, Answer.TAG_UNKNOWN, Answer.PLATFORM_ABSENT, Answer.MANIFEST_UNSUPPORTED}
)
"""Answers about the image itself, to a caller whom the registry has let in."""

_REQUESTS = frozenset({"containerd:request", "containers-image:ping"})
"""Layers whose own words end with the registry's status, where it was the registry that answered."""

_ALSO_OF_NOBODY = (Detail.INSUFFICIENT_SCOPE, Detail.MAY_NOT_EXIST)
"""What runtimes make of a 401 to a token without rights, which may be nobody's."""

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
    if not failure.failing or (error is not None and error.of_sandbox_image):
        return None
    made = tests_or_none(tests) if tests is not None else None
    if error is None or error.detail is Detail.CAUSE_NOT_IN_TEXT:
        return _assumed(made) if made is not None else None
    if error.kind is Kind.OTHER:
        odd = error.detail is not None or (error.phase is not None and error.phase is not Phase.TOKEN)
        return _assumed(made) if made is not None and not odd else None
    if error.kind is Kind.NOT_FOUND_REPO_OR_TAG and made is not None and is_hidden(made):
        return replace(error, kind=Kind.ACCESS_DENIED, also=(Kind.NOT_FOUND_REPO_OR_TAG,))
    if error.kind is Kind.ACCESS_DENIED and _stands_before_the_registry(error):
        return None
    if error.kind is Kind.ACCESS_DENIED and made is not None and _was_known(error, made):
        return replace(error, credential_sent=CredentialSent.YES)
    return error if error.kind in _AUTH_KINDS else None


def _stands_before_the_registry(error: PullError) -> bool:
    """True where a proxy forbids: a registry's first answer is 200 or 401, and a request that a registry answered
    has a status; a proxy that does not let a connection through leaves only its words.
    """
    unanswered = error.status is None and not _REQUESTS.isdisjoint(error.layers)
    return error.phase is Phase.CONNECT or unanswered


def _was_known(error: PullError, made: CounterTests) -> bool:
    """True where the node came further than a caller without a credential does, who gets no token here."""
    if error.detail in _ALSO_OF_NOBODY or error.phase in PAST_THE_MANIFEST:
        return False
    unknown = error.credential_sent is CredentialSent.UNKNOWN
    nobody = made.of(Origin.ANONYMOUS)
    stopped = (t.answer.answer is Answer.NO_TOKEN_SENT and t.answer.hop is Hop.TOKEN for t in nobody)
    return unknown and bool(nobody) and all(stopped)


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
    when = f", {_WHEN[error.phase]}" if error.phase else ""
    return f'The node\'s error{when}: "{error.says}".'


def sent_nothing(error: PullError) -> bool:
    """True where the text itself says that the pull was anonymous."""
    return error.credential_sent is CredentialSent.NO


def is_denial(error: PullError) -> bool:
    """True where a caller whom the registry may know is refused for lack of rights; an anonymous one has no rights."""
    return error.kind is Kind.ACCESS_DENIED and not sent_nothing(error)


def is_refused_login(error: PullError) -> bool:
    """True where the words are of a login that was not taken, by whichever of the two kinds a registry says so.

    A secret that the kubelet itself cannot parse was never shown to a registry.
    """
    of_login = error.kind in (Kind.UNAUTHORIZED, Kind.INVALID_SECRET)
    return of_login and error.detail is not Detail.SECRET_UNPARSABLE and not sent_nothing(error)


def anonymous_is_enough(tests: CounterTests | Unavailable) -> bool:
    """True where the registry serves a caller without a credential, seen from here.

    It gives the image, or says what is wrong with it, and gives it to no other credential either.
    """
    made = tests_or_none(tests)
    if made is None:
        return False
    others = made.accepted(Origin.POD, Origin.PROJECT, Origin.DEFAULT, Origin.REPAIRED)
    return bool(made.accepted(Origin.ANONYMOUS)) or (not others and made.all_answer(Origin.ANONYMOUS, *_LET_IN))


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


def account_name(account: ServiceAccount | Unavailable, fallback: str) -> str:
    """The service account's name, also where it could not be read."""
    return account.name if isinstance(account, ServiceAccount) else fallback


def of_the_image(failure: PullFailure) -> PullError | None:
    """The error of the failing pull where it is the container's image that fails, and not the node's pause image."""
    error = failure.error
    return error if failure.failing and error is not None and not error.of_sandbox_image else None


def by_the_kubelet(failure: PullFailure, *kinds: Kind) -> PullError | None:
    """The error where its kind is one of these, whoever of this pod's channels carried it."""
    error = of_the_image(failure)
    return error if error is not None and error.kind in kinds else None


def is_direct(failure: PullFailure, error: PullError) -> bool:
    """True where this pod's own channels say it without an alternative reading, of every credential and at last."""
    if error.also or mirrors_failed(error) or not failure.said:
        return False
    if not is_own(failure.said[0]) or not is_last_word(failure):
        return False
    return all(attempt.kind is error.kind for attempt in error.attempts)


def has_detail(failure: PullFailure, *details: Detail) -> PullError | None:
    """The error where its words carry one of these details."""
    error = of_the_image(failure)
    return error if error is not None and error.detail in details else None


def denied_though_known(tests: CounterTests | Unavailable) -> bool:
    """True where the registry lets each of the pod's credentials in and denies the image, asked from here."""
    made = tests_or_none(tests)
    return (
        made is not None
        and made.all_answer(Origin.POD, Answer.DENIED)
        and all(t.answer.logged_in for t in made.of(Origin.POD))
    )
