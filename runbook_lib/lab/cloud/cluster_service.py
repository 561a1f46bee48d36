"""The cluster service: what it says of a cluster, and the request to create its pull secret.

The request is answered as the real service does (204, nothing else) and remembered; the lab changes nothing,
so that a test can show that the runbook never asked for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runbook_lib.lab.cloud import roles
from runbook_lib.lab.cloud.decision import may
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.errors import cluster_error
from runbook_lib.lab.cloud.iam_tokens import IamTokens
from runbook_lib.lab.cloud.state import Cluster
from runbook_lib.lab.wire import Reply, Request, json_reply

_CRN = "crn:v1:bluemix:public:containers-kubernetes"


@dataclass(frozen=True, slots=True)
class Write:
    """A request that would have changed something: which one, on what, by whom."""

    action: str
    target: str
    by: str


@dataclass(frozen=True, slots=True)
class ClusterService:
    """Answers /global/v1/clusters/…, /global/v2/getCluster(s) and enablePullSecret at
    containers.cloud.ibm.com.
    """

    directory: Directory
    tokens: IamTokens
    remember: Callable[[Write], None]

    def __call__(self, request: Request) -> Reply:
        """Answers one request."""
        caller = self.tokens.holder(request.bearer)
        if caller is None:
            return cluster_error(401, "E0401", "The IAM token is missing or not valid.", "Authentication")
        path = request.path.rstrip("/")
        if path == "/global/v2/getClusters" or path == "/global/v1/clusters":
            return self._all(caller, path)
        if path == "/global/v2/getCluster":
            return self._one(caller, request.parameters.get("cluster", ""), classic=False)
        if path.startswith("/global/v1/clusters/"):
            return self._one(caller, path.rpartition("/")[2], classic=True)
        if path == "/global/v2/enablePullSecret" and request.method == "POST":
            return self._enable(caller, str(request.document.get("cluster", "")))
        return cluster_error(404, "E0404", "The path was not found.", "General")

    def _find(self, wanted: str) -> tuple[str, Cluster] | None:
        for name, cluster in self.directory.data.clusters.items():
            if wanted in (self.directory.cluster_id(name), cluster.title or name):
                return name, cluster
        return None

    def _all(self, caller: Identity, path: str) -> Reply:
        found = [
            self._describe(name, cluster, classic=path.startswith("/global/v1"))
            for name, cluster in self.directory.data.clusters.items()
            if may(self.directory, caller, roles.READ_CLUSTER, cluster.account)
        ]
        return json_reply(200, found)

    def _one(self, caller: Identity, wanted: str, *, classic: bool) -> Reply:
        found = self._find(wanted)
        if found is None or not may(self.directory, caller, roles.READ_CLUSTER, found[1].account):
            return cluster_error(404, "E0404", "The specified cluster could not be found.", "Provisioning")
        return json_reply(200, self._describe(*found, classic=classic or found[1].provider == "classic"))

    def _enable(self, caller: Identity, wanted: str) -> Reply:
        found = self._find(wanted)
        if found is None:
            return cluster_error(404, "E0404", "The specified cluster could not be found.", "Provisioning")
        account = found[1].account
        needed = (roles.OPERATE_CLUSTER, roles.APPLY_PULL_SECRET)
        if not all(may(self.directory, caller, action, account) for action in needed):
            return cluster_error(403, "E0403", "You are not authorized to perform this action.", "Authorization")
        self.remember(Write("enablePullSecret", found[0], caller.name))
        return Reply(204)

    def _describe(self, name: str, cluster: Cluster, *, classic: bool) -> dict[str, Any]:
        cluster_id = self.directory.cluster_id(name)
        account_id = self.directory.account_id(cluster.account)
        applied = {"pullSecretApplied": cluster.pull_secret_applied}
        flags = applied if classic else {"features": {"keyProtectEnabled": False, **applied}}
        return {
            "id": cluster_id,
            "name": cluster.title or name,
            "region": cluster.region,
            "location": cluster.region,
            "resourceGroup": self.directory.resource_group_id(cluster.resource_group),
            "resourceGroupName": cluster.resource_group,
            "state": cluster.state,
            "type": cluster.type,
            "provider": cluster.provider,
            "masterKubeVersion": cluster.version,
            "imageSecurityEnabled": False,
            "privateServiceEndpointEnabled": True,
            "publicServiceEndpointEnabled": True,
            "vpcs": [],
            "crn": f"{_CRN}:{cluster.region}:a/{account_id}:{cluster_id}::",
            **flags,
        }
