"""Whether the registry takes the username and the password, tried from here."""

from __future__ import annotations

from runbook_lib.model.counter_tests import CounterTests, Origin, Trial
from runbook_lib.model.finding import Action, Outcome, Plain, note, ok, problem, unknown
from runbook_lib.model.image_ref import ImageRef, RegistryKind
from runbook_lib.model.keyring import Match
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_error import CredentialSent, Kind
from runbook_lib.model.pull_secret import KEY_OF_TYPE
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.remedy import (
    apply_pull_secrets,
    copy_secret,
    registry_login,
    renew_pull_secret,
)
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.username import expected_username
from runbook_lib.steps.credential_checks.asking import (
    let_in,
    lines,
    not_asked,
    nothing_to_ask,
    reached,
    told_to_the_node,
)
from runbook_lib.steps.credential_checks.scope import CredentialKind, Scope

RETIRED = "Registry tokens have not been accepted since 19 August 2021"
_CLUSTERS_OWN = "all-icr-io"
_AGAIN = note("The kubelet tries again by itself within five minutes, and then reads the secret anew.")


def login(
    scope: Scope,
    pod: Pod,
    image: CaseImage,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Outcome:
    """Some credential of the scope is taken; where all are refused, the other trials tell what differs."""
    ref, nothing = image.image.ref, nothing_to_ask(scope, image, credentials, failure)
    if nothing is not None or ref is None or isinstance(credentials, Unavailable):
        return nothing or unknown("The image is not a valid reference.")
    usable = scope.usable(credentials)
    look = _by_hand(usable[0], ref, pod, c)
    evidence: dict[str, Plain] = {"usernames": [_username(m, ref) for m in usable]}
    trials = () if isinstance(tests, Unavailable) else scope.trials(tests)
    if isinstance(tests, Unavailable) or not trials:
        return _told(scope, ref, usable, failure, not_asked(tests), evidence, look)
    evidence["asked from here"] = lines(trials)
    if not reached(trials):
        return _told(scope, ref, usable, failure, "The registry was not reached from here.", evidence, look)
    accepted = [t for t in trials if let_in(t)]
    if accepted:
        return ok(f"{ref.registry} takes the login of {accepted[0].label}, asked from here.", evidence, look)
    if any(t.answer.answer is not Answer.CREDENTIALS_REJECTED for t in trials):
        other = next(t for t in trials if t.answer.answer is not Answer.CREDENTIALS_REJECTED)
        return unknown(f"Asked from here, the login cannot be judged: {other.answer.says.rstrip('.')}.", evidence, look)
    evidence["for comparison"] = lines(tests.of(Origin.REPAIRED, Origin.DEFAULT, Origin.PROJECT)) or ["nothing"]
    return _refused(scope, pod, ref, trials[0], tests, evidence, c, look)


def _username(match: Match, ref: ImageRef) -> str:
    where, kind = f"{match.secret.name} [{match.entry.key}]: {match.entry.username}", ref.registry.kind
    if match.entry.username == "token" and ref.registry.is_ibm:
        return f"{where} (a registry token)"
    wanted = ""
    if ref.registry.is_ibm or kind is RegistryKind.ICR_ENTITLED:
        wanted = expected_username(match.entry, kind)
    if wanted and wanted != match.entry.username:
        return f"{where} (the kind of password goes with {wanted})"
    return where


def _by_hand(match: Match, ref: ImageRef, pod: Pod, c: Commands) -> Action:
    key = KEY_OF_TYPE.get(match.secret.type, ".dockerconfigjson")
    return registry_login(
        c, pod.namespace, match.secret.name, key, match.entry.key, str(ref.registry), match.entry.username
    )


def _told(
    scope: Scope,
    ref: ImageRef,
    usable: tuple[Match, ...],
    failure: PullFailure,
    why: str,
    evidence: dict[str, Plain],
    look: Action,
) -> Outcome:
    names = ", ".join(dict.fromkeys(m.secret.name for m in usable))
    if scope.kind is CredentialKind.TOKEN:
        return problem(f"{RETIRED}; {names} holds one. {why}", evidence)
    error = told_to_the_node(failure, Kind.UNAUTHORIZED)
    if error is not None and error.credential_sent is CredentialSent.YES:
        evidence["the node was told"] = error.says
        return problem(f"{ref.registry} refused the login of the node. {why}", evidence, look)
    return unknown(f"Whether {ref.registry} takes the login of {names} is not known. {why}", evidence, look)


def _refused(
    scope: Scope,
    pod: Pod,
    ref: ImageRef,
    trial: Trial,
    tests: CounterTests,
    evidence: dict[str, Plain],
    c: Commands,
    look: Action,
) -> Outcome:
    said = f"{ref.registry} refuses the username and the password of {trial.secret}."
    repaired = next((t for t in tests.of(Origin.REPAIRED) if let_in(t)), None)
    default = next((t for t in tests.of(Origin.DEFAULT) if let_in(t)), None)
    if scope.kind is CredentialKind.TOKEN:
        return problem(f"{said} {RETIRED}.", evidence)
    if repaired is not None:
        right = renew_pull_secret(c, pod.namespace, trial.secret, str(ref.registry), repaired.username)
        said += f" As {repaired.username} the same password is taken: the username is of the wrong kind."
        return problem(said, evidence, right, _AGAIN)
    if default is not None and default.secret == trial.secret:
        said += " The secret of the same name in default is taken: the project's copy is out of date."
        return problem(said, evidence, copy_secret(c, default.secret, pod.namespace, replace=True), _AGAIN, look)
    if default is not None:
        said += f" {default.secret} of the default project is taken."
        use = note(f"Then let the pod use {default.secret} (image-pull/4.3), or put a new key into {trial.secret}.")
        return problem(said, evidence, copy_secret(c, default.secret, pod.namespace), use, look)
    if any(t.same_as_pod for t in tests.of(Origin.DEFAULT)):
        said += " The default project holds the same one."
    if ref.registry.is_ibm and trial.secret == _CLUSTERS_OWN:
        copy = () if pod.namespace == "default" else (copy_secret(c, "all-icr-io", pod.namespace, replace=True),)
        return problem(said, evidence, apply_pull_secrets(c), *copy, _AGAIN, look)
    anew = renew_pull_secret(c, pod.namespace, trial.secret, str(ref.registry), trial.username)
    return problem(said, evidence, anew, _AGAIN, look)
