"""Readings of IBM Cloud that steps and causes need. Each part says for itself why it could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.model.account import (
    AccountFlags,
    AllowedAddresses,
    ApiKeyDetails,
    CbrRules,
    ClusterInfo,
    Decision,
    KeyOwner,
    LoginInfo,
    Namespaces,
    Plan,
    Policies,
    Quota,
    RegistryImages,
    ServiceId,
)
from runbook_lib.model.keyring import Match
from runbook_lib.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class RegistryAccount:
    """What the login's own account holds in the image's region: images of the namespace, quota, flags.

    The listing is of one account and one region: what it does not show may exist elsewhere.
    """

    login: LoginInfo
    images: RegistryImages | Unavailable
    namespaces: Namespaces | Unavailable
    quota: Quota | Unavailable
    plan: Plan | Unavailable
    flags: AccountFlags | Unavailable


@dataclass(frozen=True, slots=True)
class PullIdentity:
    """Who stands behind one matching entry of the pod: the key's owner, the key, its service ID, its policies.

    `may_pull` decides for the image's namespace and region over the policies that are visible.
    """

    match: Match
    owner: KeyOwner | Unavailable
    details: ApiKeyDetails | Unavailable
    service_id: ServiceId | Unavailable
    policies: Policies | Unavailable
    may_pull: Decision

    @property
    def where(self) -> str:
        """Names the entry for people."""
        return f"{self.match.secret.name} [{self.match.entry.key}]"


@dataclass(frozen=True, slots=True)
class PeerKey:
    """Whose key a secret holds that the pod does not use: `default`'s, or another one of the project."""

    namespace: str
    secret: str
    owner: KeyOwner


@dataclass(frozen=True, slots=True)
class PullIdentities:
    """The identities behind the pod's matching entries, in the kubelet's order, and those of other secrets."""

    identities: tuple[PullIdentity, ...]
    peers: tuple[PeerKey, ...] = ()

    @property
    def first(self) -> PullIdentity | None:
        """The identity that the kubelet tries first."""
        return self.identities[0] if self.identities else None

    def account_of(self, namespace: str, secret: str) -> str:
        """The account of the key in a secret that the pod does not use, or an empty string."""
        found = (p for p in self.peers if (p.namespace, p.secret) == (namespace, secret))
        return next((p.owner.account_id for p in found), "")


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What in the account may refuse by network: context-based restrictions and the list of addresses."""

    rules: CbrRules | Unavailable
    addresses: AllowedAddresses | Unavailable


@dataclass(frozen=True, slots=True)
class ClusterAccount:
    """The cluster as IBM Cloud knows it."""

    info: ClusterInfo


@dataclass(frozen=True, slots=True)
class ClusterServiceIds:
    """The service IDs of the login's account that IBM Cloud made for a cluster, by their name `cluster-<id>`.

    `cluster` is this cluster's id or name, empty where it is not known: then all clusters' are here. They are those
    that the login may see, of `seen` in all.
    """

    cluster: str
    service_ids: tuple[ServiceId, ...]
    seen: int
