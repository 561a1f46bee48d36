"""Steps 3.5 and 3.6: does the registry take the login, and does it give the image."""

from __future__ import annotations

from runbook_lib.model.account_readings import PullIdentities, RegistryAccount, Restrictions
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.finding import Outcome
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step
from runbook_lib.steps.credential_checks import CredentialKind, Surroundings, login, pulling, scope_of


@step("api-key/3.5", "Log in to the registry with the secret's username and password")
def login_accepted(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Outcome:
    """The registry takes the credential; where it does not, `default`'s secret tells whether a copy is stale."""
    scope = scope_of(CredentialKind.API_KEY, secrets, image)
    return login(scope, pod, image, credentials, failure, tests, c)


@step("api-key/3.6", "Pull the image with that login")
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
    """The credential reads the image. Seen from here: the node's network may differ."""
    scope = scope_of(CredentialKind.API_KEY, secrets, image)
    around = Surroundings(identities, account, restrictions)
    return pulling(scope, image, credentials, failure, tests, around)
