"""IBM Cloud's readings: the registry's account, whose keys the pod uses, restrictions, the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from runbook_lib.model.account import Decision, KeyOwner, Policies, ServiceId, Verdict
from runbook_lib.model.account_readings import (
    ClusterAccount,
    ClusterServiceIds,
    PeerKey,
    PullIdentities,
    PullIdentity,
    RegistryAccount,
    Restrictions,
)
from runbook_lib.model.image_ref import ImageRef, RegistryKind
from runbook_lib.model.keyring import Match, lookup
from runbook_lib.model.readings import CaseImage, Commands, Credentials, DefaultSecrets, ProjectSecrets
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import provides
from runbook_lib.sources.account import Account, Methods

if TYPE_CHECKING:
    from runbook_lib.sources.ibmcloud import IbmCloudSource as Cloud
else:
    Cloud = Methods()

_API_KEY_USERS = ("iamapikey", "cp")


def _ibm(image: CaseImage, what: str) -> ImageRef | Unavailable:
    ref = image.image.ref
    if ref is None or not ref.registry.is_ibm:
        return Unavailable(what, Why.NOT_APPLICABLE, "the image is not on IBM Cloud's registry")
    return ref


@provides
def the_registry_account(image: CaseImage, account: Account) -> RegistryAccount | Unavailable:
    """Reads what the login's account holds in the region of the image's host."""
    ref = _ibm(image, "the account's registry")
    if isinstance(ref, Unavailable):
        return ref
    login = account.once("the IBM Cloud login", Cloud.login_info)
    if isinstance(login, Unavailable):
        return login
    host = ref.registry
    return RegistryAccount(
        login=login,
        images=account.once("the images", Cloud.images, host, ref.namespace, ref.repository),
        namespaces=account.once("the namespaces", Cloud.namespaces, host),
        quota=account.once("the quota", Cloud.quota, host),
        plan=account.once("the plan", Cloud.plan, host),
        flags=account.once("the account's flags", Cloud.account_flags, host),
    )


@provides
def the_identities(
    image: CaseImage,
    credentials: Credentials,
    project: ProjectSecrets | Unavailable,
    default: DefaultSecrets | Unavailable,
    account: Account,
) -> PullIdentities | Unavailable:
    """Finds out whose API keys the pod's entries hold: IAM tells that to the key itself, without other rights."""
    ref = _ibm(image, "the owner of the API key")
    if isinstance(ref, Unavailable):
        return ref
    keys = [m for m in credentials.usable if m.entry.username in _API_KEY_USERS]
    used = {m.secret.name for m in credentials.matches}
    others = [s for s in getattr(project, "secrets", ()) if s.name not in used]
    spare = lookup([*others, *getattr(default, "secrets", ())], ref)
    return PullIdentities(tuple(_identity(match, ref, account) for match in keys), tuple(_peers(spare, account)))


def _peers(matches: tuple[Match, ...], account: Account) -> Iterator[PeerKey]:
    for match in matches:
        key = match.entry.password
        if account.asks_keys and key is not None and match.entry.username in _API_KEY_USERS:
            owner = account.once("the owner", Cloud.key_owner, key)
            if isinstance(owner, KeyOwner) and owner.account_id:
                yield PeerKey(match.secret.namespace, match.secret.name, owner)


def _identity(match: Match, ref: ImageRef, account: Account) -> PullIdentity:
    key, where = match.entry.password, f"of {match.secret.name} [{match.entry.key}]"
    if key is None or not account.asks_keys:
        why = (Why.ELIDED, "its value was removed from the evidence") if key is None else (
            Why.NOT_ASKED, "keys of the cluster are not shown to IAM (offline, or --no-probe)"
        )  # fmt: skip
        refused = Unavailable(f"the owner of the API key {where}", *why)
        return PullIdentity(match, refused, refused, refused, refused, _undecided(refused))
    owner = account.once("the owner", Cloud.key_owner, key)
    details = account.once("the API key", Cloud.api_key_details, key)
    iam_id, account_id = _ids(owner, details)
    if not iam_id:
        nobody = Unavailable(f"the policies of the API key {where}", Why.NOT_APPLICABLE, "IAM names no owner of it")
        return PullIdentity(match, owner, details, nobody, nobody, _undecided(nobody))
    service_id: ServiceId | Unavailable = Unavailable(
        "the service ID", Why.NOT_APPLICABLE, "the key is not a service ID's"
    )
    if iam_id.startswith("iam-ServiceId-"):
        service_id = account.once("the service ID", Cloud.service_id, iam_id)
    policies = account.once("the policies", Cloud.policies, iam_id, account_id)
    return PullIdentity(match, owner, details, service_id, policies, _decided(policies, ref, account))


def _ids(owner: KeyOwner | Unavailable, details: object) -> tuple[str, str]:
    if isinstance(owner, KeyOwner) and owner.iam_id:
        return owner.iam_id, owner.account_id
    return getattr(details, "iam_id", ""), getattr(details, "account_id", "")


def _decided(policies: Policies | Unavailable, ref: ImageRef, account: Account) -> Decision:
    if isinstance(policies, Unavailable):
        return _undecided(policies)
    spaces = account.once("the namespaces", Cloud.namespaces, ref.registry)
    if isinstance(spaces, Unavailable):
        return _undecided(spaces)
    own = next((n for n in spaces.namespaces if n.name == ref.namespace), None)
    if own is None:
        return Decision(Verdict.UNSURE, f"namespace {ref.namespace} is not among those of account {spaces.account_id}")
    return policies.allow_pull(
        ref.namespace,
        ref.registry,
        now=datetime.now(UTC),
        resource_group=own.resource_group,
        account_id=spaces.account_id,
    )


def _undecided(refusal: Unavailable) -> Decision:
    return Decision(Verdict.UNSURE, str(refusal))


@provides
def the_restrictions(image: CaseImage, account: Account) -> Restrictions | Unavailable:
    """Reads what in the account may refuse a node by its network."""
    ref = _ibm(image, "the account's restrictions")
    if isinstance(ref, Unavailable):
        return ref
    return Restrictions(
        rules=account.once("the context-based restrictions", Cloud.cbr_rules),
        addresses=account.once("the allowed addresses", Cloud.allowed_addresses),
    )


@provides
def the_cluster_account(image: CaseImage, c: Commands, account: Account) -> ClusterAccount | Unavailable:
    """Reads the cluster in IBM Cloud, where its name is known and the image is on IBM Cloud's registry."""
    ref = _ibm(image, "the cluster in IBM Cloud")
    if isinstance(ref, Unavailable) and (
        image.image.ref is None or image.image.ref.registry.kind is not RegistryKind.ICR_ENTITLED
    ):
        return ref
    if "<" in c.cluster:
        return Unavailable("the cluster in IBM Cloud", Why.NOT_APPLICABLE, "its name is not known (parameter cluster)")
    info = account.once("the cluster in IBM Cloud", Cloud.cluster, c.cluster)
    return info if isinstance(info, Unavailable) else ClusterAccount(info)


@provides
def the_cluster_service_ids(
    image: CaseImage, cluster: ClusterAccount | Unavailable, account: Account
) -> ClusterServiceIds | Unavailable:
    """Reads which service IDs IBM Cloud has made for this cluster; its name is that of the document's step 1."""
    ref = _ibm(image, "the cluster's service ID")
    if isinstance(ref, Unavailable):
        return ref
    found = account.once("the service IDs", Cloud.service_ids)
    if isinstance(found, Unavailable):
        return found
    own = tuple(s for s in found.service_ids if s.cluster_id)
    if isinstance(cluster, Unavailable):
        return ClusterServiceIds("", own, len(found.service_ids))
    names = (cluster.info.id, cluster.info.name)
    mine = tuple(s for s in own if s.cluster_id in names)
    return ClusterServiceIds(cluster.info.name, mine, len(found.service_ids))


PROVIDERS = (the_registry_account, the_identities, the_restrictions, the_cluster_account, the_cluster_service_ids)
