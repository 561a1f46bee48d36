"""The container-registry API at each registry's host: images, namespaces, quota, plan, account flags.

A request names its account in the header `Account`; what it sees is that account at that one registry, no
more. An image of another account or region is not listed, which is not the same as not being there.
"""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.lab.cloud import image_listing, roles
from runbook_lib.lab.cloud.decision import evaluate, may, namespace_attributes
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.domains import Domain, domain_of
from runbook_lib.lab.cloud.errors import registry_forbidden, registry_unauthenticated, registry_wrong_account
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.state import Namespace, Quota
from runbook_lib.lab.registry import Registry, RegistryState
from runbook_lib.lab.wire import Reply, Request, json_reply


@dataclass(frozen=True, slots=True)
class RegistryService:
    """Answers /api/v1/… at every icr.io host and its other names."""

    directory: Directory
    tokens: IamTokens
    registries: RegistryState

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        if request.path == "/api/v1/messages":
            return Reply(204)
        caller = self.tokens.holder(request.bearer)
        domain = domain_of(request.host)
        if caller is None or domain is None:
            return registry_unauthenticated()
        account = self.directory.account_of(request.header("account"))
        if account is None or not self._belongs(caller, account):
            return registry_wrong_account()
        route = (request.method, request.path.removeprefix("/api/v1"))
        match route:
            case ("GET", "/images"):
                return self._images(request, caller, account, domain)
            case ("POST", "/images/digests"):
                return self._digests(request, caller, account, domain)
            case ("GET", "/namespaces"):
                names = self._namespaces(caller, account, domain, roles.LIST_NAMESPACES)
                return json_reply(200, sorted(names))
            case ("GET", "/namespaces/details"):
                return self._details(caller, account, domain)
            case ("GET", "/quotas" | "/plans" | "/auth" | "/settings"):
                return self._account_reading(route[1], caller, account, domain)
        return Reply(404)

    def _belongs(self, caller: Identity, account: str) -> bool:
        policies = self.directory.policies_of(caller).values()
        return caller.account == account or any(self.directory.policy_account(p) == account for p in policies)

    def _namespaces(self, caller: Identity, account: str, domain: Domain, action: str) -> dict[str, Namespace]:
        """Returns the account's namespaces on which the caller may do this."""
        return {
            name: namespace
            for name, namespace in self.directory.data.namespaces.get(domain.host, {}).items()
            if namespace.account == account
            and evaluate(
                self.directory,
                caller,
                action,
                account,
                namespace_attributes(self.directory, domain, name, namespace),
            ).allowed
        }

    def _images(self, request: Request, caller: Identity, account: str, domain: Domain) -> Reply:
        query = request.parameters
        visible = set(self._namespaces(caller, account, domain, roles.LIST_IMAGES))
        wanted = query.get("namespace", "")
        found = image_listing.images(
            domain.host,
            self._registry(domain),
            visible & {wanted} if wanted else visible,
            lists=query.get("includeManifestLists") == "true",
            repository=query.get("repository", ""),
        )
        return json_reply(200, found)

    def _digests(self, request: Request, caller: Identity, account: str, domain: Domain) -> Reply:
        asked = request.document
        repositories = asked.get("repositories")
        found = image_listing.digests(
            domain.host,
            self._registry(domain),
            set(self._namespaces(caller, account, domain, roles.LIST_IMAGES)),
            repositories=[str(name) for name in repositories] if isinstance(repositories, list) else [],
            tagged_too=asked.get("exclude_tagged") is not True,
        )
        return json_reply(200, found)

    def _details(self, caller: Identity, account: str, domain: Domain) -> Reply:
        account_id = self.directory.account_id(account)
        details = []
        for name, namespace in self._namespaces(caller, account, domain, roles.LIST_NAMESPACES).items():
            group = namespace.resource_group
            details.append(
                {
                    "account": account_id,
                    "created_date": namespace.created,
                    "crn": f"{_CRN}:{domain.region}:a/{account_id}::namespace:{name}",
                    "name": name,
                    "resource_created_date": namespace.created,
                    "resource_group": self.directory.resource_group_id(group) if group else "",
                    "updated_date": namespace.created,
                }
            )
        return json_reply(200, details)

    def _account_reading(self, path: str, caller: Identity, account: str, domain: Domain) -> Reply:
        action = _ACTIONS[path]
        if not may(self.directory, caller, action, account):
            return registry_forbidden()
        data = self.directory.data.accounts[account]
        quota = data.quotas.get(domain.host, Quota())
        bodies: dict[str, object] = {
            "/quotas": {
                "limit": {"storage_bytes": quota.storage_limit, "traffic_bytes": quota.traffic_limit},
                "usage": {"storage_bytes": quota.storage_used, "traffic_bytes": quota.traffic_used},
            },
            "/plans": {"plan": quota.plan},
            "/auth": {"iam_authz": True, "private_only": data.private_only},
            "/settings": {"platform_metrics": data.platform_metrics},
        }
        return json_reply(200, bodies[path])

    def _registry(self, domain: Domain) -> Registry:
        return self.registries.registries.get(domain.host, Registry(dialect="icr"))


_CRN = "crn:v1:bluemix:public:container-registry"
_ACTIONS = {
    "/quotas": roles.GET_QUOTA,
    "/plans": roles.GET_PLAN,
    "/auth": roles.GET_AUTH,
    "/settings": roles.GET_SETTINGS,
}
