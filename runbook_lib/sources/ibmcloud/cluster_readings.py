"""The cluster as IBM Cloud's Kubernetes service knows it; that service has no Python SDK."""

from __future__ import annotations

import re
from urllib.parse import quote

import msgspec

from runbook_lib.model.account import ClusterInfo
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.ibmcloud import cluster_wire as wire
from runbook_lib.sources.ibmcloud.connection import Access, Connection
from runbook_lib.sources.ibmcloud.endpoints import CLUSTERS_HOST
from runbook_lib.sources.ibmcloud.failure import Question, broken, refused

_ACCOUNT_IN_CRN = re.compile(r":a/(?P<account>[0-9A-Za-z]+):")


def cluster(connection: Connection, id_or_name: str) -> ClusterInfo | Unavailable:
    """Reads a cluster by its id or name, classic or VPC."""
    question = Question(f"the cluster {id_or_name}", "Viewer on Kubernetes Service for the cluster", of_one=True)

    def read(access: Access) -> ClusterInfo | Unavailable:
        query = f"cluster={quote(id_or_name, safe='')}&v1-compatible"  # the flag that classic clusters need
        response = access.session.get(
            f"https://{CLUSTERS_HOST}/global/v2/getCluster?{query}",
            headers={**access.bearer, "X-Auth-Resource-Account": access.account_id},
        )
        if response.status_code != 200:
            return refused(question, response)
        try:
            return _cluster(msgspec.json.decode(response.content, type=wire.Cluster))
        except msgspec.DecodeError as failure:
            return broken(question, failure)

    return connection.ask(question, read)


def _cluster(said: wire.Cluster) -> ClusterInfo:
    in_features = said.features.pull_secret_applied if said.features else None
    applied = said.pull_secret_applied if in_features is None else in_features
    in_crn = _ACCOUNT_IN_CRN.search(said.crn or "")
    return ClusterInfo(
        said.id,
        said.name,
        applied,
        account_id=in_crn["account"] if in_crn else "",
        region=said.region or "",
        state=said.state or "",
        type=said.type or "",
        provider=said.provider or "",
        resource_group=said.resource_group_name or "",
        crn=said.crn or "",
    )
