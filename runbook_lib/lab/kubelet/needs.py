"""ConfigMaps and Secrets that a pod needs before its containers can be made or its volumes mounted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Obj = dict[str, Any]
Getter = Callable[[str, str, str], Obj | None]

_PLURAL = {"ConfigMap": "configmaps", "Secret": "secrets"}
_VOLUMES = {"configMap": "ConfigMap", "secret": "Secret"}


def missing_for_container(container: Obj, namespace: str, get: Getter) -> str | None:
    """Says which object a container's environment lacks, in the kubelet's words; None where nothing lacks."""
    for kind, name, key in _environment(container):
        found = get(_PLURAL[kind], namespace, name)
        if found is None:
            return f'{kind.lower()} "{name}" not found'
        if key and key not in (found.get("data") or {}):
            return f"couldn't find key {key} in {kind} {namespace}/{name}"
    return None


def missing_volume(pod: Obj, get: Getter) -> tuple[str, str] | None:
    """Names a volume that cannot be mounted and what it lacks; None where all can."""
    for volume in pod["spec"].get("volumes") or []:
        for source, kind in _VOLUMES.items():
            said = volume.get(source)
            if not isinstance(said, dict) or said.get("optional"):
                continue
            name = str(said.get("name") or said.get("secretName") or "")
            if get(_PLURAL[kind], pod["metadata"]["namespace"], name) is None:
                return str(volume["name"]), f'{kind.lower()} "{name}" not found'
    return None


def _environment(container: Obj) -> Iterator[tuple[str, str, str]]:
    for source in container.get("envFrom") or []:
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            said = source.get(field)
            if said and not said.get("optional"):
                yield kind, str(said["name"]), ""
    for variable in container.get("env") or []:
        origin = variable.get("valueFrom") or {}
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            said = origin.get(field)
            if said and not said.get("optional"):
                yield kind, str(said["name"]), str(said["key"])
