"""IBM Cloud's services as one app, by host and path."""

from __future__ import annotations

from runbook_lib.lab.cloud.cloud_state import CloudState
from runbook_lib.lab.cloud.cluster_service import ClusterService, Write
from runbook_lib.lab.cloud.domains import domain_of
from runbook_lib.lab.cloud.group_service import GroupService
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.identity_service import IdentityService
from runbook_lib.lab.cloud.policy_service import PolicyService
from runbook_lib.lab.cloud.registry_access import RegistryAccess
from runbook_lib.lab.cloud.registry_service import RegistryService
from runbook_lib.lab.cloud.restriction_service import RestrictionService
from runbook_lib.lab.cloud.token_service import PATHS, TokenService
from runbook_lib.lab.registry import RegistryState
from runbook_lib.lab.wire import App, Reply, Request, text_reply

HOSTS = (
    "iam.cloud.ibm.com",
    "*.iam.cloud.ibm.com",
    "containers.cloud.ibm.com",
    "*.containers.cloud.ibm.com",
    "cbr.cloud.ibm.com",
    "*.cbr.cloud.ibm.com",
)
REGISTRY_HOSTS = (
    "icr.io",
    "*.icr.io",
    "registry.bluemix.net",
    "registry.*.bluemix.net",
    "*.registry.bluemix.net",
)


class CloudApp:
    """Answers for IAM, the cluster service, context-based restrictions and the registries' management API.

    `access` is what the registries ask about logins and rights; `writes` is every request that would have
    changed something.
    """

    def __init__(self, state: CloudState, registries: RegistryState | None = None) -> None:
        self.state = state
        self.tokens = IamTokens.of(state.directory)
        self.access = RegistryAccess(state.directory, self.tokens)
        self._writes: list[Write] = []
        directory = state.directory
        self._token = TokenService(directory, self.tokens)
        self._identity = IdentityService(directory, self.tokens)
        self._policies = PolicyService(directory, self.tokens)
        self._groups = GroupService(directory, self.tokens)
        self._restrictions = RestrictionService(directory, self.tokens)
        self._clusters = ClusterService(directory, self.tokens, self._writes.append)
        self._registry = RegistryService(directory, self.tokens, registries or RegistryState())

    @property
    def writes(self) -> tuple[Write, ...]:
        """The writes asked for so far, in order."""
        return tuple(self._writes)

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        service = self._service(request)
        return service(request) if service else text_reply(404, "not found\n")

    def _service(self, request: Request) -> App | None:
        if domain_of(request.host):
            return self._registry if request.path.startswith("/api/v1/") else None
        if request.host.endswith("containers.cloud.ibm.com"):
            return self._clusters
        if request.host.endswith("cbr.cloud.ibm.com"):
            return self._restrictions
        if request.path in PATHS:
            return self._token
        for prefixes, service in (
            (("/v1/policies", "/v2/policies", "/v2/roles"), self._policies),
            (("/v2/groups",), self._groups),
            (("/v1/apikeys", "/v1/serviceids", "/v1/accounts/"), self._identity),
        ):
            if request.path.startswith(prefixes):
                return service
        return None
