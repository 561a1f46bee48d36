"""Steps 5 and 6: the registry takes no token any more; the section runs all the same, and shows it."""

from __future__ import annotations

from dataclasses import replace

from runbook_lib.model.account_readings import PullIdentities, RegistryAccount, Restrictions
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action, Outcome, Status, note
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.remedy import apply_pull_secrets, copy_secret
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step
from runbook_lib.steps.credential_checks import CredentialKind, Surroundings, login, pulling, scope_of
from runbook_lib.steps.credential_checks.scope import OUTDATED


@step("token/5", "Log in to the registry with the token")
def login_accepted(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Outcome:
    """Registry tokens have not been accepted since 19 August 2021: what is left is to move to an API key."""
    scope = scope_of(CredentialKind.TOKEN, secrets, image)
    outcome = login(scope, pod, image, credentials, failure, tests, c)
    if outcome.status is not Status.PROBLEM:
        return outcome
    outdated = (OUTDATED, "It leads to IBM's support; tokens are retired, and none can be made any more.")
    return replace(outcome, evidence=(*outcome.evidence, outdated), next=_move(pod, tests, c))


def _move(pod: Pod, tests: CounterTests | Unavailable, c: Commands) -> tuple[Action, ...]:
    works = not isinstance(tests, Unavailable) and bool(tests.accepted(Origin.DEFAULT))
    apply = () if works else (apply_pull_secrets(c),)
    copy = () if pod.namespace == "default" else (copy_secret(c, "all-icr-io", pod.namespace),)
    move = note("Move to an API key, and to the icr.io name of the registry in the image.")
    return move, *apply, *copy, note("Then let the service account name all-icr-io (image-pull/4.3).")


@step("token/6", "Pull the image with that login")
def image_pulls(
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    identities: PullIdentities | Unavailable,
    account: RegistryAccount | Unavailable,
    restrictions: Restrictions | Unavailable,
) -> Outcome:
    """Only after a login that was taken: the registry gives the image to the token."""
    scope = scope_of(CredentialKind.TOKEN, secrets, image)
    around = Surroundings(identities, account, restrictions)
    return pulling(scope, image, credentials, failure, tests, around)
