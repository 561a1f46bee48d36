"""The answer of the Kubernetes Service about a cluster, field by field as far as it is used.

Names as on the wire, but for their case; other shapes are refused. Lists that Go services send as null when they
are empty are optional. Sources: the SDK's models and the API's pages.
"""

from __future__ import annotations

import msgspec


class Features(msgspec.Struct, rename="camel"):
    """Features of a VPC cluster."""

    pull_secret_applied: bool | None = None


class Cluster(msgspec.Struct, rename="camel"):
    """GET /global/v2/getCluster: `pullSecretApplied` stands at the top for classic clusters, in `features`
    for VPC.
    """

    id: str
    name: str = ""
    pull_secret_applied: bool | None = None
    features: Features | None = None
    crn: str | None = None
    region: str | None = None
    state: str | None = None
    type: str | None = None
    provider: str | None = None
    resource_group_name: str | None = None
