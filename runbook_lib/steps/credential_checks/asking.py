"""When a counter-test says something of a section's credentials, and why it says nothing otherwise."""

from __future__ import annotations

from runbook_lib.model.counter_tests import CounterTests, Origin, Trial
from runbook_lib.model.finding import Outcome, skipped, unknown
from runbook_lib.model.pull_error import CredentialSent, Kind, PullError
from runbook_lib.model.readings import CaseImage, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.steps.credential_checks.scope import Scope, host_of


def nothing_to_send(scope: Scope, image: CaseImage, credentials: Credentials | Unavailable) -> Outcome | None:
    """Says why the pod has no credential of the scope for the image; None where it has one."""
    if not scope.named:
        return skipped(scope.why_not)
    if isinstance(credentials, Unavailable):
        return skipped("The image is not a valid reference (image-pull/1): no credential can be matched to it.")
    if credentials.broken is not None:
        step = scope.step("decode")
        return skipped(f"{credentials.broken.name} cannot be decoded (step {step}): nothing is sent.")
    if scope.usable(credentials):
        return None
    if scope.unread:
        return unknown(scope.why_unread(), None, *scope.to_read())
    if scope.matches(credentials):
        return skipped(f"The entry holds no username or no password (step {scope.step('decode')}).")
    return skipped(f"No {scope.kind} of the pod covers {host_of(image)} (step {scope.step('compare')}).")


def nothing_to_ask(
    scope: Scope, image: CaseImage, credentials: Credentials | Unavailable, failure: PullFailure
) -> Outcome | None:
    """Says why no credential of the scope is tried for the image; None where one is."""
    nothing = nothing_to_send(scope, image, credentials)
    if scope.named and not failure.failing:
        return skipped("No pull fails, so the registry is not asked.")
    return nothing


def let_in(trial: Trial) -> bool:
    """True where the registry took the login, whatever it said of the image."""
    return trial.answer.logged_in or trial.answer.answer is Answer.ACCEPTED


def reached(trials: tuple[Trial, ...]) -> bool:
    """True where the registry itself answered one of them."""
    return any(t.answer.answer.reached or let_in(t) for t in trials)


def lines(trials: tuple[Trial, ...]) -> list[str]:
    """Each trial with the registry's own words, as evidence."""
    return [f"{t.label}{_as(t)}: {t.answer.says}" for t in trials]


def _as(trial: Trial) -> str:
    told = not trial.username or trial.origin is Origin.REPAIRED
    return "" if told else f" as {trial.username}"


def not_asked(tests: CounterTests | Unavailable) -> str:
    """One sentence that says why there are no answers of the registry."""
    if isinstance(tests, Unavailable):
        return tests.sentence
    return "The password was removed from the evidence, so it cannot be tried."


def told_to_the_node(failure: PullFailure, kind: Kind) -> PullError | None:
    """The node's error where its text is of this kind alone and does not say that the pull was anonymous."""
    error = failure.error
    if error is None or error.kind is not kind or error.also or error.credential_sent is CredentialSent.NO:
        return None
    return error
