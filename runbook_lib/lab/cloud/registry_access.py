"""Who may pull from IBM's registries: the user names they know, and IAM's policies behind them.

Each user name takes one kind of password (`iamapikey` an API key, `iambearer` an access token, `iamrefresh` a
refresh token, a trusted profile's id an API key, `cp` an entitlement key at cp.icr.io); `token` has been
refused since registry tokens were retired.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from runbook_lib.lab.cloud.decision import Reason, may_pull
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.domains import ENTITLED, domain_of
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.registry import Login, Refusal

_ENTITLEMENT = "entitlement:"
_REFUSALS = {Reason.NO_CREDENTIAL: Refusal.NO_CREDENTIAL, Reason.PRIVATE_ONLY: Refusal.PRIVATE_ONLY}


@dataclass(frozen=True, slots=True)
class RegistryAccess:
    """Decides for every icr.io registry and its other names."""

    directory: Directory
    tokens: IamTokens

    def login(self, host: str, username: str, password: str) -> Login | Refusal:
        """Returns the identity that the user name and password stand for, or a refused login."""
        if username == "cp" and self._registry(host) == ENTITLED:
            found = self.directory.find_entitlement(password)
            return Login(f"{_ENTITLEMENT}{found[0]}") if found and found[1].active else Refusal.LOGIN
        identity = self._identity(username, password)
        if identity is None or not self.directory.data.accounts[identity.account].active:
            return Refusal.LOGIN
        return Login(identity.name)

    def decide(self, login: Login | None, host: str, repository: str) -> Refusal | None:
        """Returns why the repository may not be pulled; the registry says no more than `denied` for most
        reasons.
        """
        if login and login.subject.startswith(_ENTITLEMENT):
            products = self.directory.data.entitlements[login.subject.removeprefix(_ENTITLEMENT)].products
            return None if any(fnmatchcase(repository, product) for product in products) else Refusal.DENIED
        identity = self.directory.identities[login.subject] if login else None
        decision = may_pull(self.directory, identity, host, repository.partition("/")[0])
        if decision.allowed:
            return None
        if identity is None and decision.reason is not Reason.PRIVATE_ONLY:
            return Refusal.NO_CREDENTIAL
        return _REFUSALS.get(decision.reason, Refusal.DENIED)

    def blob_refusal(self, host: str, repository: str) -> Refusal | None:
        """Returns a spent pull quota of the namespace's account; private connections do not count towards
        it.
        """
        domain = domain_of(host)
        if domain is None or domain.private:
            return None
        namespace = self.directory.data.namespaces.get(domain.host, {}).get(repository.partition("/")[0])
        quota = self.directory.data.accounts[namespace.account].quotas.get(domain.host) if namespace else None
        if quota is None or quota.traffic_limit < 0 or quota.traffic_used < quota.traffic_limit:
            return None
        return Refusal.PULL_QUOTA

    def _identity(self, username: str, password: str) -> Identity | None:
        if username == "iambearer":
            return self.tokens.holder(password)
        if username == "iamrefresh":
            return self.tokens.holder(password, refresh=True)
        holder = self.directory.holder(password)
        if not isinstance(holder, Identity):
            return None
        if username == "iamapikey":
            return holder
        profile = self.directory.assumable(username)
        return self.directory.identities[profile[0]] if profile and holder.name in profile[1].assumable_by else None

    @staticmethod
    def _registry(host: str) -> str:
        domain = domain_of(host)
        return domain.host if domain else host
