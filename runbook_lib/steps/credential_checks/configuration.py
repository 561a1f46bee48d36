"""The pull secret itself: is it there, do its type and key agree, and can the kubelet decode it."""

from __future__ import annotations

from runbook_lib.model.finding import Action, Outcome, Plain, ok, problem, skipped, unknown
from runbook_lib.model.keyring import key_matches
from runbook_lib.model.kube import Pod
from runbook_lib.model.pull_secret import KEY_OF_TYPE, TYPE_OF_KEY, Fault, PullSecret, RegistryEntry
from runbook_lib.model.readings import CaseImage, Commands, Credentials, NamedSecret, PullFailure
from runbook_lib.model.remedy import copy_secret, create_pull_secret, decode_secret, retype_secret, see_secret
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.steps.credential_checks.scope import OUTDATED, CredentialKind, Scope, host_of, listed

_DOCUMENTED_KEY = {CredentialKind.API_KEY: ".dockerconfigjson", CredentialKind.TOKEN: ".dockercfg"}


def _names(secrets: tuple[PullSecret, ...] | list[PullSecret]) -> str:
    return ", ".join(s.name for s in secrets)


def _keys(secret: PullSecret) -> str:
    return ", ".join(secret.data_keys) or "no data"


def _configured(named: NamedSecret) -> str:
    secret = named.secret
    if isinstance(secret, Unavailable):
        return f"{named.name}: {'does not exist' if named.is_missing else secret.detail or secret.why.value}"
    made = f", made {secret.created}" if secret.created else ""
    gone = ", value removed from the evidence" if secret.elided else ""
    return f"{secret.name}: type {secret.type}, {_keys(secret)}{made}{gone}"


def configuration(
    scope: Scope, pod: Pod, image: CaseImage, credentials: Credentials | Unavailable, failure: PullFailure, c: Commands
) -> Outcome:
    """Every secret of the scope is there; a missing one is a fault only where no other one serves."""
    if not scope.named:
        return skipped(scope.why_not)
    evidence = listed("pull secrets", [_configured(n) for n in scope.named])
    if scope.missing and failure.failing and not scope.usable(credentials):
        wanted = ", ".join(scope.missing)
        return problem(f"{pod.namespace} has no secret {wanted}.", evidence, *_copies(scope.missing, pod, image, c))
    look = [see_secret(c, pod.namespace, s.name) for s in scope.read]
    if not scope.read:
        if scope.refused:
            return unknown(scope.why_unread(), evidence, *scope.to_read())
        return ok(f"{pod.namespace} has no secret {', '.join(scope.missing)}; no pull fails.", evidence)
    absent = [f"{n.name} could not be read" for n in scope.refused]
    absent += [f"{name} does not exist" for name in scope.missing]
    tail = f" ({'; '.join(absent)})" if absent else ""
    return ok(f"{_names(scope.read)} could be read{tail}.", evidence, *look)


def _copies(names: tuple[str, ...], pod: Pod, image: CaseImage, c: Commands) -> list[Action]:
    ref = image.image.ref
    if ref is None or not ref.registry.is_ibm or pod.namespace == "default":
        return [create_pull_secret(c, pod.namespace, name, host_of(image)) for name in names]
    return [copy_secret(c, name, pod.namespace) for name in names]


def type_and_key(scope: Scope, pod: Pod, image: CaseImage, failure: PullFailure, c: Commands) -> Outcome:
    """Type and key agree. The kubelet passes over a secret in which they do not, without an event."""
    if not scope.named:
        return skipped(scope.why_not)
    if not scope.read:
        return _unread(scope) if scope.unread else _absent(scope)
    evidence = listed("type and keys", [f"{s.name}: type {s.type}, {_keys(s)}" for s in scope.read])
    wrong = [s for s in scope.read if _disagrees(s) and _may_serve(s, image)]
    if wrong:
        finding = problem if failure.failing else ok
        said = "; ".join(f"{s.name}: {s.fault_text}" for s in wrong)
        return finding(f"{said}.", evidence, *(a for s in wrong for a in _retyped(s, pod, c)))
    wanted = _DOCUMENTED_KEY[scope.kind]
    other = [s for s in scope.read if wanted not in s.data_keys and s.data_keys]
    if other:
        evidence[OUTDATED] = f"It looks for {wanted} alone; the kubelet reads both forms."
    unread = f" {scope.why_unread()}" if scope.refused else ""
    return ok(f"Type and key agree in {_names(scope.read)}.{unread}", evidence)


def _unread(scope: Scope) -> Outcome:
    return unknown(scope.why_unread(), None, *scope.to_read())


def _absent(scope: Scope) -> Outcome:
    return skipped(f"{', '.join(scope.missing)} does not exist (step {scope.step('get')}).")


def _disagrees(secret: PullSecret) -> bool:
    if secret.fault is Fault.TYPE_WRONG:
        return True
    return secret.fault is Fault.EMPTY and KEY_OF_TYPE.get(secret.type) not in secret.data_keys


def _may_serve(secret: PullSecret, image: CaseImage) -> bool:
    ref = image.image.ref
    return ref is None or not secret.entries or any(key_matches(e.key, ref) for e in secret.entries)


def _retyped(secret: PullSecret, pod: Pod, c: Commands) -> list[Action]:
    held = next((key for key in TYPE_OF_KEY if key in secret.data_keys), None)
    return [retype_secret(c, pod.namespace, secret.name, TYPE_OF_KEY[held])] if held else []


def decodes(
    scope: Scope, pod: Pod, image: CaseImage, credentials: Credentials | Unavailable, failure: PullFailure, c: Commands
) -> Outcome:
    """The value parses as the kubelet parses it, and the entry for the image has a username and a password."""
    if not scope.named:
        return skipped(scope.why_not)
    if not scope.read:
        return _unread(scope) if scope.unread else _absent(scope)
    evidence = listed("decoded", [line for s in scope.read for line in _decoded(s)])
    look = [decode_secret(c, pod.namespace, s.name, k) for s in scope.read for k in s.data_keys if k in TYPE_OF_KEY]
    finding = problem if failure.failing else ok
    broken = [s for s in scope.read if s.breaks_keyring]
    if broken:
        said = "; ".join(f"{s.name}: {s.fault_text}" for s in broken)
        all_told = all(s.fault is Fault.BAD_AUTH for s in broken)
        tail = "" if all_told else " The kubelet then uses no secret of the pod at all."
        return finding(f"{said}.{tail}", evidence, *look)
    usable = scope.usable(credentials)
    shape = [s for s in scope.read if s.fault in (Fault.WRONG_SHAPE, Fault.EMPTY)]
    if shape and not usable:
        _note_shape(shape, evidence)
        return finding(f"{'; '.join(f'{s.name}: {s.fault_text}' for s in shape)}.", evidence, *look)
    empty = [] if isinstance(credentials, Unavailable) else [
        m for m in scope.matches(credentials) if not m.entry.has_credential
    ]  # fmt: skip
    if empty and not usable:
        where = ", ".join(f"{m.secret.name} [{m.entry.key}]" for m in empty)
        return finding(f"{where} has no username or no password: the node goes anonymous.", evidence, *look)
    if scope.unread and not usable:
        return unknown(scope.why_unread(), evidence, *look)
    _note_auth(scope, evidence)
    return ok(f"{_names(scope.read)} can be decoded{_kept(scope)}.", evidence, *look)


def _kept(scope: Scope) -> str:
    return " (passwords were removed from the evidence)" if any(s.elided for s in scope.read) else ""


def _decoded(secret: PullSecret) -> list[str]:
    if not secret.entries:
        return [f"{secret.name}: {secret.fault_text or 'value removed from the evidence'}"]
    return [f"{secret.name} [{e.key}]: {_entry(e)}" for e in secret.entries]


def _entry(entry: RegistryEntry) -> str:
    password = "elided" if entry.elided else "set" if entry.password is not None else "empty"
    source = ", both from auth" if entry.from_auth else ""
    return f"username {entry.username or 'empty'}, password {password}{source}"


def _note_shape(secrets: list[PullSecret], evidence: dict[str, Plain]) -> None:
    if any(s.fault is Fault.WRONG_SHAPE and ".dockercfg" in s.data_keys for s in secrets):
        evidence[OUTDATED] = (
            "Its sample shows `auths` inside .dockercfg; the kubelet takes that for a host called auths."
        )


def _note_auth(scope: Scope, evidence: dict[str, Plain]) -> None:
    differing = [f"{s.name} [{e.key}]" for s in scope.read for e in s.entries if e.differs]
    if differing:
        evidence["auth says otherwise than username and password"] = differing
        evidence[OUTDATED] = "It reads `password`; the kubelet uses `auth` where there is one."
