"""Every request that may leave for IBM Cloud: what is not in this table is refused before it is sent.

Only reads, the exchange of a key for a token, and one listing that the registry's API offers as a POST.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from runbook_lib.model.image_ref import RegistryHost, RegistryKind


class HostKind(StrEnum):
    """Which service a host name belongs to."""

    REGISTRY = "registry"
    IAM = "iam"
    RESTRICTIONS = "restrictions"
    CLUSTERS = "clusters"


IAM_HOST = "iam.cloud.ibm.com"
RESTRICTIONS_HOST = "cbr.cloud.ibm.com"
CLUSTERS_HOST = "containers.cloud.ibm.com"
_KIND_OF_HOST = {
    IAM_HOST: HostKind.IAM,
    RESTRICTIONS_HOST: HostKind.RESTRICTIONS,
    CLUSTERS_HOST: HostKind.CLUSTERS,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind of request: method, service, and the path as a regular expression over the whole of it."""

    method: str
    host: HostKind
    path: str


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", HostKind.REGISTRY, r"/api/v1/images"),
    Endpoint("POST", HostKind.REGISTRY, r"/api/v1/images/digests"),  # a listing: reads only
    Endpoint("GET", HostKind.REGISTRY, r"/api/v1/quotas"),
    Endpoint("GET", HostKind.REGISTRY, r"/api/v1/plans"),
    Endpoint("GET", HostKind.REGISTRY, r"/api/v1/namespaces/details"),
    Endpoint("GET", HostKind.REGISTRY, r"/api/v1/auth"),
    Endpoint("POST", HostKind.IAM, r"/identity/token"),
    Endpoint("GET", HostKind.IAM, r"/v1/serviceids/?"),
    Endpoint("GET", HostKind.IAM, r"/v1/serviceids/ServiceId-[0-9A-Za-z-]+"),
    Endpoint("GET", HostKind.IAM, r"/v1/apikeys/details"),
    Endpoint("GET", HostKind.IAM, r"/v1/accounts/[0-9A-Za-z-]+/settings/identity"),
    Endpoint("GET", HostKind.IAM, r"/v2/policies"),
    Endpoint("GET", HostKind.IAM, r"/v2/roles"),
    Endpoint("GET", HostKind.IAM, r"/v2/groups"),
    Endpoint("GET", HostKind.RESTRICTIONS, r"/v1/rules"),
    Endpoint("GET", HostKind.CLUSTERS, r"/global/v2/getCluster"),
)


def registry_api_host(host: RegistryHost) -> str | None:
    """Returns the host of the registry's API for an image's host, or None where it is not IBM Cloud's
    registry.

    It follows the image's own name, since the SDK's table lacks regions; old names are led to the new one,
    private names to the public one, which can be reached from outside IBM Cloud's network.
    """
    return host.modern.removeprefix("private.") if host.is_ibm else None


def host_kind(host: str) -> HostKind | None:
    """Names the service behind a host, or None where it is none of those used here."""
    registry = RegistryHost(host)
    if registry.kind is RegistryKind.ICR and not registry.is_private:
        return HostKind.REGISTRY
    return _KIND_OF_HOST.get(host)


def allowed_endpoint(method: str, url: str) -> Endpoint | None:
    """Returns the entry of the table that allows a request, or None.

    Without TLS, on another port or with a login in the URL there is none.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in (parts.hostname, f"{parts.hostname}:443"):
        return None
    kind = host_kind(parts.hostname or "")
    return next(
        (e for e in ENDPOINTS if e.method == method and e.host is kind and re.fullmatch(e.path, parts.path)),
        None,
    )
