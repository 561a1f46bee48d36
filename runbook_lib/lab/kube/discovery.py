"""Discovery: which groups, versions and resource types the server has, so that clients find paths by kind."""

from __future__ import annotations

from typing import Any

from .resources import Catalogue, Resource

Obj = dict[str, Any]

VERSION = {
    "major": "1",
    "minor": "32",
    "gitVersion": "v1.32.4",
    "gitTreeState": "clean",
    "platform": "linux/amd64",
    "gitCommit": "0000000000000000000000000000000000000000",
    "buildDate": "2025-04-22T15:57:52Z",
    "goVersion": "go1.23.6",
    "compiler": "gc",
}


def api_versions(address: str) -> Obj:
    """The answer of `/api`."""
    where = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": where}


def _group(name: str, versions: list[str]) -> Obj:
    listed = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def api_groups(catalogue: Catalogue) -> Obj:
    """The answer of `/apis`."""
    groups = [_group(name, versions) for name, versions in catalogue.groups().items()]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def api_group(catalogue: Catalogue, name: str) -> Obj | None:
    """The answer of `/apis/<group>`; None where there is no such group."""
    versions = catalogue.groups().get(name)
    return None if versions is None else {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)}


def _entries(resource: Resource) -> list[Obj]:
    entry: Obj = {
        "name": resource.plural,
        "singularName": resource.kind.lower(),
        "namespaced": resource.namespaced,
    }
    entry |= {"kind": resource.kind, "verbs": list(resource.verbs)}
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    found = [entry]
    for subresource in resource.subresources:
        verbs = ["get"] if subresource == "log" else ["get", "patch", "update"]
        sub: Obj = {
            "name": f"{resource.plural}/{subresource}",
            "singularName": "",
            "namespaced": resource.namespaced,
        }
        if subresource == "scale":
            sub |= {"group": "autoscaling", "version": "v1", "kind": "Scale"}
        else:
            sub["kind"] = resource.kind
        found.append({**sub, "verbs": verbs})
    return found


def api_resources(catalogue: Catalogue, group: str, version: str) -> Obj | None:
    """The answer of `/api/v1` or `/apis/<group>/<version>`; None where it is not served."""
    served = catalogue.served(group, version)
    if not served:
        return None
    listed = [entry for resource in served for entry in _entries(resource)]
    name = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": listed}
