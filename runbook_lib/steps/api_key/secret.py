"""Steps 3.1 to 3.4: the pull secret, its type, what it decodes to, and the registries that it covers."""

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


@step("api-key/3.1", "Get the image pull secret configuration")
def secret_configuration(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """Every secret that the pod names is in its own project and can be read."""
    return configuration(scope_of(CredentialKind.API_KEY, secrets, image), pod, image, credentials, failure, c)


@step("api-key/3.2", "Find the base64 encoded value of the .dockerconfigjson field")
def payload_type(pod: Pod, image: CaseImage, secrets: PodSecrets, failure: PullFailure, c: Commands) -> Outcome:
    """The type of the secret and the key of its value agree, else the kubelet passes over it."""
    return type_and_key(scope_of(CredentialKind.API_KEY, secrets, image), pod, image, failure, c)


@step("api-key/3.3", "Decode the base64 string")
def payload_decodes(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """The value parses, and its entry for the image has a username and a password."""
    return decodes(scope_of(CredentialKind.API_KEY, secrets, image), pod, image, credentials, failure, c)


@step("api-key/3.4", "Compare the registry domain of the secret with the image's")
def registry_covered(
    case: CaseContainer,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """Some secret that the pod uses holds an entry for the registry that the image names."""
    return coverage(scope_of(CredentialKind.API_KEY, secrets, image), case, image, credentials, failure, c)
