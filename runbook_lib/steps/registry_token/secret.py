"""Steps 1 to 4: the token's pull secret, its type, what it decodes to, and the registries that it covers."""

from __future__ import annotations

from runbook_lib.model.finding import Outcome
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import (
    CaseContainer,
    CaseImage,
    Commands,
    Credentials,
    PodSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step
from runbook_lib.steps.credential_checks import (
    CredentialKind,
    configuration,
    coverage,
    decodes,
    scope_of,
    type_and_key,
)


@step("token/1", "Get the image pull secret configuration")
def secret_configuration(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """The secret with the token is in the pod's own project and can be read."""
    return configuration(scope_of(CredentialKind.TOKEN, secrets, image), pod, image, credentials, failure, c)


@step("token/2", "Find the base64 encoded value of the .dockercfg field")
def payload_type(pod: Pod, image: CaseImage, secrets: PodSecrets, failure: PullFailure, c: Commands) -> Outcome:
    """Tokens mostly stand in the older form, `.dockercfg`; its type has to say so."""
    return type_and_key(scope_of(CredentialKind.TOKEN, secrets, image), pod, image, failure, c)


@step("token/3", "Decode the base64 string")
def payload_decodes(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """`.dockercfg` is a bare map of hosts: `auths` in it, as the document shows, is no registry."""
    return decodes(scope_of(CredentialKind.TOKEN, secrets, image), pod, image, credentials, failure, c)


@step("token/4", "Compare the registry domain of the secret with the image's")
def registry_covered(
    case: CaseContainer,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """A token is for one domain; the old and the new name of a registry do not match."""
    return coverage(scope_of(CredentialKind.TOKEN, secrets, image), case, image, credentials, failure, c)
