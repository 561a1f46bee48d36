"""Steps 1 and 2: whose API key it is, and whether that identity may pull the image."""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.model.account import ApiKeyDetails, KeyOwner, KeyState, OwnerKind, Policies, ServiceId
from runbook_lib.model.account_readings import PeerKey, PullIdentities, PullIdentity
from runbook_lib.model.finding import Action, Outcome, Plain, note, ok, problem, skipped, unknown
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.readings import CaseImage, Commands, Credentials, PodSecrets, PullFailure
from runbook_lib.model.remedy import apply_pull_secrets, copy_secret
from runbook_lib.model.remedy_account import (
    allow_pull,
    list_service_api_keys,
    list_service_ids,
    list_service_policies,
    list_user_policies,
)
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import step
from runbook_lib.steps.credential_checks import CredentialKind, scope_of
from runbook_lib.steps.credential_checks.asking import nothing_to_send
from runbook_lib.steps.credential_checks.scope import OUTDATED
from runbook_lib.steps.saying import to_read

_DEAD = {
    KeyState.NOT_FOUND: "IAM knows no such API key: it was deleted, alone or with its service ID, or it is damaged",
    KeyState.DISABLED: "the API key is disabled",
    KeyState.EXPIRED: "the API key has expired",
}


def _applies(
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    identities: PullIdentities | Unavailable,
) -> tuple[PullIdentity, ...] | Outcome:
    """The identities to look at, or why there are none."""
    ref, scope = image.image.ref, scope_of(CredentialKind.API_KEY, secrets, image)
    if ref is not None and not ref.registry.is_ibm:
        return skipped(f"{ref.registry} is not IBM Cloud Container Registry: no service ID stands behind its login.")
    nothing = nothing_to_send(scope, image, credentials)
    if nothing is not None:
        return nothing
    if isinstance(identities, Unavailable):
        return unknown(identities.sentence, None, *to_read(identities))
    if identities.identities:
        return identities.identities
    first = scope.usable(credentials)[0]
    return skipped(
        f"{first.secret.name} logs in to {first.entry.key} as {first.entry.username}, not with iamapikey (step 3.5)."
    )


@step("api-key/1", "Find the service ID that the API key uses")
def key_owner(
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    identities: PullIdentities | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """The key itself tells whose it is; the description of a service ID, as the document reads it, may say anything."""
    found = _applies(image, secrets, credentials, identities)
    if isinstance(found, Outcome):
        return found
    evidence: dict[str, Plain] = {"behind each entry": [f"{i.where}: {_described(i)}" for i in found]}
    alive = [i for i in found if isinstance(i.owner, KeyOwner) and i.owner.is_accepted]
    dead = [(i, why) for i in found if (why := _fault(i))]
    if alive:
        if all(_is_personal(i) for i in alive):
            return _personal(alive[0], evidence)
        mine = next(i for i in alive if not _is_personal(i))
        look = list_service_api_keys(_service_id(mine)) if _service_id(mine) else list_service_ids()
        return ok(f"The API key of {mine.where} is that of {_owner_name(mine)}.", evidence, list_service_ids(), look)
    if len(dead) == len(found):
        finding = problem if failure.failing else ok
        where, why = dead[0][0].where, dead[0][1]
        peer = _working_original(dead[0][0], identities)
        if peer is not None:
            evidence["behind default's secret"] = f"{peer.secret}: {peer.owner.name}, accepted"
        return finding(f"{where}: {why}.", evidence, *_replaced(dead[0][0], peer, c))
    unclear = next(i for i in found if not _fault(i))
    refused = unclear.owner
    why = refused.sentence if isinstance(refused, Unavailable) else f"IAM refuses the key: {refused.code}."
    return unknown(why, evidence, list_service_ids())


def _fault(identity: PullIdentity) -> str:
    owner, details, service_id = identity.owner, identity.details, identity.service_id
    if isinstance(owner, KeyOwner) and owner.is_accepted:
        return ""
    if isinstance(service_id, ServiceId) and not service_id.exists:
        return f"the service ID {service_id.iam_id.removeprefix('iam-')} of the key is gone"
    if isinstance(owner, KeyOwner) and owner.state is KeyState.NOT_FOUND and isinstance(details, ApiKeyDetails):
        return f"IAM does not take the API key {details.name!r}" + _expiry(details)
    if isinstance(owner, KeyOwner) and owner.state in _DEAD:
        return _DEAD[owner.state]
    if isinstance(details, ApiKeyDetails) and details.disabled:
        return _DEAD[KeyState.DISABLED]
    return ""


def _expiry(details: ApiKeyDetails) -> str:
    return f", whose expiry is {details.expires_at}" if details.expires_at else ""


def _described(identity: PullIdentity) -> str:
    owner, details, service_id = identity.owner, identity.details, identity.service_id
    if isinstance(owner, Unavailable):
        return str(owner)
    parts = [_owner_name(identity) if owner.is_accepted else f"{owner.state.value} ({owner.code} {owner.text})"]
    if owner.is_accepted:
        parts += [f"account {owner.account_id}"] if owner.account_id else []
        parts += ["the account is not valid"] if owner.account_valid is False else []
    if isinstance(service_id, ServiceId) and service_id.description:
        parts.append(f"described as {service_id.description!r}")
    if isinstance(details, ApiKeyDetails):
        parts.append(f"key {details.name!r}" + (f", expires {details.expires_at}" if details.expires_at else ""))
        parts += ["locked, which only keeps it from changes"] if details.locked else []
    return ", ".join(parts)


def _owner_name(identity: PullIdentity) -> str:
    owner = identity.owner
    if isinstance(owner, Unavailable):
        return "an owner that is not known"
    if not owner.iam_id:
        name = getattr(identity.service_id, "name", "")
        return (
            f"service ID {name or 'without a name'} ({_service_id(identity)})" if _service_id(identity) else "its owner"
        )
    kind = {OwnerKind.SERVICE_ID: "service ID", OwnerKind.USER: "user", OwnerKind.PROFILE: "trusted profile"}
    return f"{kind.get(owner.kind, 'identity')} {owner.name or 'without a name'} ({owner.iam_id.removeprefix('iam-')})"


def _is_personal(identity: PullIdentity) -> bool:
    return isinstance(identity.owner, KeyOwner) and identity.owner.is_personal


def _service_id(identity: PullIdentity) -> str:
    for part in (identity.owner, identity.details):
        iam_id = getattr(part, "iam_id", "")
        if iam_id.startswith("iam-ServiceId-"):
            return str(iam_id.removeprefix("iam-"))
    return ""


def _personal(identity: PullIdentity, evidence: dict[str, Plain]) -> Outcome:
    name = getattr(identity.owner, "name", "")
    return skipped(
        f"The API key of {identity.where} is a person's own ({name}): that user's rights count, not a service ID's.",
        evidence,
        list_user_policies(name or "<user>"),
    )


def _working_original(identity: PullIdentity, identities: PullIdentities | Unavailable) -> PeerKey | None:
    """The secret of the same name in `default`, where IAM takes its key."""
    secret = identity.match.secret
    if isinstance(identities, Unavailable) or secret.namespace == "default":
        return None
    found = (p for p in identities.peers if p.namespace == "default" and p.owner.is_accepted)
    return next((p for p in found if p.secret == secret.name), None)


def _replaced(identity: PullIdentity, peer: PeerKey | None, c: Commands) -> list[Action]:
    service_id, actions = _service_id(identity), list[Action]()
    if peer is not None:
        return [copy_secret(c, peer.secret, identity.match.secret.namespace, replace=True)]
    if service_id:
        actions.append(list_service_api_keys(service_id))
        actions.append(
            note("A disabled key can be enabled again in the console (Manage > Access (IAM) > Service IDs).")
        )
    return [*actions, apply_pull_secrets(c)]


@step("api-key/2", "Verify that the service ID may read from the registry")
def policies_allow_pull(
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    identities: PullIdentities | Unavailable,
    failure: PullFailure,
) -> Outcome:
    """Some policy lets the key's owner pull from this namespace in this region; an empty list decides nothing."""
    found, ref = _applies(image, secrets, credentials, identities), image.image.ref
    if isinstance(found, Outcome):
        return found
    if ref is None:
        return unknown("The image is not a valid reference, so no policy can be asked for it.")
    if all(_is_personal(i) for i in found):
        return _personal(found[0], {"policies": _policies(found[0])})
    where = f"the namespace {ref.namespace} in {ref.registry.region or ref.registry}"
    evidence: dict[str, Plain] = {"wanted": f"pull from {where}"}
    for identity in found:
        evidence[f"policies behind {identity.where}"] = _policies(identity)
    look = [list_service_policies(s) for i in found if (s := _service_id(i))][:1]
    allowed = next((i for i in found if i.may_pull.is_yes), None)
    if allowed is not None:
        _note_roles(allowed, evidence)
        return ok(f"{_owner_name(allowed)} may pull from {where}: {allowed.may_pull.why}.", evidence, *look)
    nobody = [i for i in found if isinstance(i.policies, Unavailable) and i.policies.why is Why.NOT_APPLICABLE]
    if len(nobody) == len(found):
        return skipped("IAM names no owner of the API key (step 1), so there are no policies to look at.", evidence)
    unsure = next((i for i in found if not i.may_pull.is_no), None)
    if unsure is not None:
        return unknown(f"Whether a policy covers {where} is not known: {unsure.may_pull.why}.", evidence, *look)
    finding: Callable[..., Outcome] = problem if failure.failing else ok
    said = f"{_owner_name(found[0])} may not pull from {where}: {found[0].may_pull.why}."
    return finding(said, evidence, *look, *_granted(found[0], ref))


def _policies(identity: PullIdentity) -> list[str]:
    policies = identity.policies
    if not isinstance(policies, Policies):
        return [str(policies)]
    lines = [policy.says for policy in policies.policies] or ["none is visible to you, which is not the same as none"]
    return [*lines, *map(str, policies.unread)]


def _note_roles(identity: PullIdentity, evidence: dict[str, Plain]) -> None:
    if "Reader" not in identity.may_pull.why:
        evidence[OUTDATED] = "It asks for Reader at least; Writer and Manager may pull without it."


def _granted(identity: PullIdentity, ref: ImageRef) -> list[Action]:
    service_id, locked = _service_id(identity), getattr(identity.service_id, "locked", False)
    if not service_id:
        return []
    first = (
        [note("The service ID is locked: unlock it first, since a locked one takes no new policy.")] if locked else []
    )
    return [*first, allow_pull(service_id, ref)]
