"""What has to be mended: two failing pulls with one cause are one trouble only where one repair ends both.

For each cause this names the thing that its repair touches: a secret by its name wherever copies of it
stand, a credential by its value (which is compared, and never shown), a registry, an image, a node.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from runbook_lib.case import Case
from runbook_lib.causes.holding import fitting
from runbook_lib.model.diagnosis import INSUFFICIENT
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import PullError
from runbook_lib.model.pull_secret import Fault, PullSecret
from runbook_lib.model.readings import (
    CaseImage,
    Credentials,
    DefaultSecrets,
    PodSecrets,
    ProjectSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to mend: what kind it is, its name for people, and what makes it the same as another one."""

    kind: str
    name: str
    key: Hashable

    def __repr__(self) -> str:
        return f"Thing({self.kind} {self.name})"


def thing_to_mend(case: Case, cause: str) -> Thing:
    """Returns what a repair of this cause touches in this case."""
    return _OF_CAUSE[cause](case)


def known_causes() -> frozenset[str]:
    """The causes for which a thing is known; a test holds them against the catalogue."""
    return frozenset(_OF_CAUSE)


def _plain(kind: str, name: str) -> Thing:
    return Thing(kind, name, name)


def _ref(case: Case) -> ImageRef | None:
    image = case.read(CaseImage)
    return None if isinstance(image, Unavailable) else image.image.ref


def _error(case: Case) -> PullError | None:
    failure = case.read(PullFailure)
    return None if isinstance(failure, Unavailable) else failure.error


def _image(case: Case) -> Thing:
    image = case.read(CaseImage)
    return _plain("image", "" if isinstance(image, Unavailable) else image.image.text)


def _repository(case: Case) -> Thing:
    ref = _ref(case)
    return _plain("repository", ref.locator) if ref else _image(case)


def _registry(case: Case) -> Thing:
    """The image's registry."""
    ref = _ref(case)
    return _plain("registry", str(ref.registry)) if ref else _image(case)


def _host_asked(case: Case) -> Thing:
    """The host that did not answer: a mirror or a token server may be another one than the image's registry."""
    error, ref = _error(case), _ref(case)
    host = (error.host or error.registry) if error else None
    return _plain("registry", host or (str(ref.registry) if ref else ""))


def _node(case: Case) -> Thing:
    pod = case.read(Pod)
    return _plain("node", "" if isinstance(pod, Unavailable) else pod.node)


def _pause_image(case: Case) -> Thing:
    error = _error(case)
    return _plain("image", (error.image if error else None) or "the pause image")


def _registry_namespace(case: Case) -> Thing:
    """A namespace of a registry, and the credential that may not read it."""
    ref = _ref(case)
    if ref is None:
        return _image(case)
    name = f"{ref.registry}/{ref.namespace}" if ref.namespace else ref.locator
    return Thing("registry namespace", name, (name, _credential_key(case)))


def _image_project(case: Case) -> Thing:
    """OpenShift's internal registry: the project of the image, as seen from the pod's."""
    ref = _ref(case)
    return _plain("projects", f"{case.target.namespace} pulling from {ref.namespace if ref else '?'}")


def _credential_key(case: Case) -> Hashable:
    credentials = case.read(Credentials)
    if isinstance(credentials, Unavailable) or not credentials.usable:
        return None
    entry = credentials.usable[0].entry
    return (entry.username, entry.password) if entry.password is not None else None


def _credential(case: Case) -> Thing:
    """One username with one password, in whichever secrets it stands."""
    credentials, key = case.read(Credentials), _credential_key(case)
    ref = _ref(case)
    host = str(ref.registry) if ref else ""
    if isinstance(credentials, Unavailable) or not credentials.usable:
        named = _named(case)
        name = f"{named} for {host}" if named else f"for {host}"
        return _plain("credential", name)
    name = credentials.usable[0].secret.name
    return Thing("credential", name, key if key is not None else (name, host))


def _named(case: Case) -> str:
    """The secrets that the pod names and that could be for the image."""
    secrets, image = case.read(PodSecrets), case.read(CaseImage)
    if isinstance(secrets, Unavailable) or isinstance(image, Unavailable):
        return ""
    return ", ".join(n.name for n in secrets.relevant_to(image.image))


def _missing_secret(case: Case) -> Thing:
    secrets, image, failure = case.read(PodSecrets), case.read(CaseImage), case.read(PullFailure)
    if isinstance(secrets, Unavailable) or isinstance(image, Unavailable):
        return _plain("secret", "")
    named = secrets.relevant_to(image.image)
    missing = [n.name for n in named if n.is_missing]
    if not missing and not isinstance(failure, Unavailable):
        missing = [n.name for n in named if n.name in failure.unretrieved]
    return _plain("secret", ", ".join(missing))


def _faulty_secret(*faults: Fault) -> Callable[[Case], Thing]:
    def thing(case: Case) -> Thing:
        secrets = case.read(PodSecrets)
        read: tuple[PullSecret, ...] = () if isinstance(secrets, Unavailable) else secrets.read
        faulty = [s.name for s in read if s.fault in faults]
        return _plain("secret", faulty[0] if faulty else _named(case))

    return thing


def _unused_secret(case: Case) -> Thing:
    project, ref, pod = case.read(ProjectSecrets), _ref(case), case.read(Pod)
    if isinstance(project, Unavailable) or isinstance(pod, Unavailable) or ref is None:
        return _plain("secret", "")
    unused = [s.name for s in fitting(project.secrets, ref) if s.name not in pod.pull_secrets]
    return _plain("secret", unused[0] if unused else "")


def _original_secret(case: Case) -> Thing:
    """The secret of `default` of which the projects hold old copies."""
    default, ref, credentials = case.read(DefaultSecrets), _ref(case), case.read(Credentials)
    if isinstance(default, Unavailable) or isinstance(credentials, Unavailable) or ref is None:
        return _credential(case)
    mine = credentials.usable[0].secret.name if credentials.usable else ""
    names = [s.name for s in fitting(default.secrets, ref)]
    return _plain("secret", mine if mine in names or not names else names[0])


def _question(case: Case) -> Thing:
    """What is not determined: the same words of the node, of the same registry, with the same thing unread."""
    error, ref, diagnosis = _error(case), _ref(case), case.diagnose()
    said = error.kind.value if error else "no words"
    host = str(ref.registry) if ref else case.target.namespace
    unread = tuple(sorted({(u.what.partition(" ")[0], u.why.value) for u in diagnosis.unread}))
    maybe = tuple(sorted(claim.id for claim in diagnosis.causes[:3]))
    return Thing("question", f"{said} at {host}", (said, host, unread, maybe))


_OF_CAUSE: dict[str, Callable[[Case], Thing]] = {
    "image-name-invalid": _image,
    "never-pull-policy": _image,
    "sandbox-image-unavailable": _pause_image,
    "kubelet-pull-limit": _node,
    "image-policy-denied": _repository,
    "signature-rejected": _repository,
    "dns-failure": _host_asked,
    "connection-refused": _host_asked,
    "network-timeout": _host_asked,
    "tls-name-mismatch": _host_asked,
    "tls-untrusted": _host_asked,
    "pull-secret-malformed": _faulty_secret(
        Fault.WRONG_SHAPE, Fault.EMPTY, *(f for f in Fault if f is not Fault.TYPE_WRONG)
    ),
    "pull-secret-missing": _missing_secret,
    "pull-secret-type-wrong": _faulty_secret(Fault.TYPE_WRONG),
    "pull-secret-not-linked": _unused_secret,
    "deprecated-domain": _registry,
    "no-pull-secret": _registry,
    "registry-not-covered": _registry,
    "registry-token-retired": _credential,
    "username-mismatch": _credential,
    "stale-secret-copy": _original_secret,
    "api-key-disabled": _credential,
    "service-id-missing": _credential,
    "credentials-rejected": _credential,
    "private-only-account": _registry,
    "entitlement-missing": _registry_namespace,
    "other-account": _registry_namespace,
    "iam-policy-missing": _registry_namespace,
    "network-restricted": _registry,
    "internal-registry-permission": _image_project,
    "access-denied": _registry_namespace,
    "tag-not-found": _image,
    "image-not-found": _repository,
    "manifest-unsupported": _image,
    "platform-mismatch": _image,
    "pull-quota-exceeded": _registry,
    "rate-limited": _host_asked,
    "registry-error": _host_asked,
    "node-disk-full": _node,
    "default-secrets-missing": _registry,
    INSUFFICIENT: _question,
}
