"""Whether the resource attributes of a policy or a rule name a registry namespace.

Source: the access page of IBM Cloud Container Registry (which attributes it knows; `geography=global` for
icr.io) and IAM's page on wildcard policies (operators).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from runbook_lib.model.account.decision import Decision, all_of, no, unsure, yes
from runbook_lib.model.image_ref import RegistryHost

REGISTRY_SERVICE = "container-registry"
GLOBAL = "global"
_FORMER_REGIONS = {"eu-gb": "uk-south", "eu-de": "eu-central", "jp-tok": "ap-north", "au-syd": "ap-south"}

AttributeValue: TypeAlias = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a resource, subject or context: `region stringEquals us-south`."""

    key: str
    operator: str
    value: AttributeValue

    def __str__(self) -> str:
        """Returns it as a line of evidence; plain equality is written `key=value`."""
        value = ",".join(self.value) if isinstance(self.value, tuple) else str(self.value)
        return f"{self.key}={value}" if self.operator == "stringEquals" else f"{self.key} {self.operator} {value}"


@dataclass(frozen=True, slots=True)
class RegistryNamespace:
    """A namespace of a registry. `resource_group` is None where unknown, empty where it has none."""

    name: str
    host: RegistryHost
    resource_group: str | None = None
    account_id: str = ""


def attribute_holds(attribute: Attribute, actual: str) -> bool | None:
    """Applies an attribute's operator; None for one that is not known here."""
    values = attribute.value if isinstance(attribute.value, tuple) else (str(attribute.value),)
    match attribute.operator:
        case "stringEquals" | "stringEqualsAnyOf" | "":
            return actual in values
        case "stringMatch" | "stringMatchAnyOf":
            return any(_wildcard(value).fullmatch(actual) for value in values)
        case "stringExists":
            return bool(actual) == (str(attribute.value).lower() == "true")
    return None


def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern), re.DOTALL)


def names_namespace(
    attributes: tuple[Attribute, ...], tags: tuple[Attribute, ...], wanted: RegistryNamespace
) -> Decision:
    """Decides whether the attributes and tags of a resource name this namespace of the registry."""
    return all_of(_clauses(attributes, tags, wanted))


def _clauses(
    attributes: tuple[Attribute, ...], tags: tuple[Attribute, ...], wanted: RegistryNamespace
) -> Iterator[Decision]:
    keys = {a.key for a in attributes}
    if not keys & {"serviceName", "serviceType", "resourceGroupId", "service_group_id"}:
        yield unsure("it names no service")
    for attribute in attributes:
        yield _clause(attribute, keys, wanted)
    for tag in tags:
        yield unsure(f"it asks for the tag {tag}")


def _clause(attribute: Attribute, keys: set[str], wanted: RegistryNamespace) -> Decision:
    match attribute.key:
        case "serviceName":
            return _compared(attribute, REGISTRY_SERVICE, "the service")
        case "serviceType":
            return _compared(attribute, "service", "the service type")
        case "service_group_id":
            return no(f"{attribute} does not hold the registry")
        case "accountId":
            return _compared(attribute, wanted.account_id, "the account") if wanted.account_id else yes("")
        case "region":
            return _region(attribute, wanted.host)
        case "geography":
            return _geography(attribute, wanted.host)
        case "resourceType":
            return _compared(attribute, "namespace", "the resource type")
        case "resource":
            named = _compared(attribute, wanted.name, "the namespace")
            if named.is_yes and "resourceType" not in keys:
                return unsure(f"{attribute} comes without resourceType=namespace")
            return named
        case "resourceGroupId" | "resourceGroup":
            return _group(attribute, wanted.resource_group)
    return unsure(f"{attribute} is not an attribute of the registry")


def _compared(attribute: Attribute, actual: str, what: str) -> Decision:
    holds = attribute_holds(attribute, actual)
    if holds is None:
        return unsure(f"{attribute}: the operator is not known")
    return yes(str(attribute)) if holds else no(f"{attribute}, and {what} is {actual}")


def _region(attribute: Attribute, host: RegistryHost) -> Decision:
    if not host.region:
        return unsure(f"{attribute}, and the region of {host} is not known")
    if host.region == GLOBAL:
        if attribute_holds(attribute, GLOBAL):
            return unsure(f"{attribute}, but {host.modern} is the geography global, which is no region")
        return no(f"{attribute} does not cover the global registry {host.modern}")
    former = _FORMER_REGIONS.get(host.region, "")  # the registry's own word for the region, in older policies
    if former and attribute_holds(attribute, former):
        return yes(str(attribute))
    return _compared(attribute, host.region, f"the region of {host}")


def _geography(attribute: Attribute, host: RegistryHost) -> Decision:
    if host.region == GLOBAL:
        return _compared(attribute, GLOBAL, f"the geography of {host}")
    if host.region and attribute.operator in ("stringEquals", "") and attribute.value == GLOBAL:
        return no(f"{attribute} covers icr.io alone, and {host} is the registry of {host.region}")
    return unsure(f"{attribute}, and the geography of {host} is not known")


def _group(attribute: Attribute, group: str | None) -> Decision:
    if group is None:
        return unsure(f"{attribute}, and the namespace's resource group is not known")
    if not group:
        return no(f"{attribute}, and the namespace is in no resource group")
    return _compared(attribute, group, "the namespace's resource group")
