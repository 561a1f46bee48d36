"""The counter-tests of a case: each credential that could have been used, tried against the registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook_lib.model.counter_tests import CounterTests, Origin, Trial
from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.keyring import Match, lookup
from runbook_lib.model.kube import Node, Pod
from runbook_lib.model.pull_error import Kind, Phase
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import (
    CaseImage,
    Credentials,
    DefaultSecrets,
    ProjectSecrets,
    PullFailure,
)
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.username import expected_username
from runbook_lib.model.wiring import provides
from runbook_lib.sources.probing import Probing, Question

_ABOUT = "the registry's own answers"


@provides
def the_counter_tests(
    pod: Pod,
    image: CaseImage,
    failure: PullFailure,
    credentials: Credentials,
    project: ProjectSecrets | Unavailable,
    default: DefaultSecrets | Unavailable,
    node: Node | Unavailable,
    probing: Probing,
) -> CounterTests | Unavailable:
    """Tries the pod's credentials, none, the project's unused and `default`'s, for this image, from here.

    `default`'s secret and unused ones are tried only where an entry matches the image's host, so that no
    key is shown to a registry that it is not for.
    """
    ref = image.image.ref
    if ref is None or not failure.failing:
        return Unavailable(_ABOUT, Why.NOT_APPLICABLE, "there is no failing pull to try")
    if not probing.allowed:
        return Unavailable(_ABOUT, Why.NOT_ASKED, probing.why_not)
    if ref.registry.kind is RegistryKind.OPENSHIFT_INTERNAL:
        return Unavailable(_ABOUT, Why.NOT_ASKED, "the internal registry is reached from inside the cluster only")
    used = {(m.secret.namespace, m.secret.name) for m in credentials.matches}
    spare = project.secrets if isinstance(project, ProjectSecrets) else ()
    originals = default.secrets if isinstance(default, DefaultSecrets) and pod.namespace != "default" else ()
    planned = [
        *_of(Origin.POD, credentials.matches),
        *_repaired(credentials.matches, ref.registry.kind, ref.registry.is_ibm),
        *_of(Origin.PROJECT, (m for m in lookup(spare, ref) if (m.secret.namespace, m.secret.name) not in used)),
        *_of(Origin.DEFAULT, lookup(originals, ref)),
        (Origin.ANONYMOUS, None, None),
    ]
    platform = (node.os, node.architecture) if isinstance(node, Node) and node.architecture else None
    error = failure.error
    blob = error is not None and (error.kind is Kind.QUOTA_EXCEEDED or error.phase is Phase.BLOB)
    answers = probing.ask_all([Question(ref, c, platform, blob) for _, _, c in planned])
    return CounterTests(ref, tuple(_trials(planned, answers, credentials)))


_Planned = tuple[Origin, Match | None, Credential | None]


def _of(origin: Origin, matches: Iterable[Match]) -> Iterator[_Planned]:
    for match in matches:
        entry = match.entry
        if entry.password is not None and entry.username:
            yield origin, match, Credential(entry.username, entry.password)


def _repaired(matches: Iterable[Match], kind: RegistryKind, is_ibm: bool) -> Iterator[_Planned]:
    """The pod's password with the username that goes with it, where the secret has another one."""
    if not is_ibm and kind is not RegistryKind.ICR_ENTITLED:
        return
    for match in matches:
        wanted = expected_username(match.entry, kind)
        if wanted and match.entry.password is not None and match.entry.username not in ("token", wanted):
            yield Origin.REPAIRED, match, Credential(wanted, match.entry.password)


def _trials(planned, answers, credentials) -> Iterator[Trial]:  # type: ignore[no-untyped-def]
    sent = {Credential(m.entry.username, m.entry.password) for m in credentials.usable if m.entry.password}
    for (origin, match, credential), answer in zip(planned, answers, strict=True):
        secret: PullSecret | None = match.secret if match else None
        yield Trial(
            origin=origin,
            namespace=secret.namespace if secret else "",
            secret=secret.name if secret else "",
            key=match.entry.key if match else "",
            username=credential.username if credential else "",
            answer=answer,
            same_as_pod=credential in sent,
        )


PROVIDERS = (the_counter_tests,)
