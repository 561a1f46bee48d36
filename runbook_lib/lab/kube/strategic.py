"""Strategic merge patch and a simple server-side apply: lists that merge by a key, and those that are
replaced.

Which list merges is a property of the API type, and it decides what a mend does: `imagePullSecrets` of a pod
template merge by name, those of a ServiceAccount are replaced as a whole.
"""

from __future__ import annotations

import copy
from typing import Any

from .refusals import bad_request

Obj = dict[str, Any]

_KEYS = {
    **dict.fromkeys(("containers", "initContainers", "ephemeralContainers", "volumes", "env", "secrets"), "name"),
    **dict.fromkeys(("imagePullSecrets", "resourceClaims"), "name"),
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "ports": "containerPort",
    "hostAliases": "ip",
    "ownerReferences": "uid",
    "conditions": "type",
    "topologySpreadConstraints": "topologyKey",
    "addresses": "type",
}
_SETS = ("finalizers",)


def merge_key(kind: str, path: tuple[str, ...]) -> str | None:
    """The key by which the list at a path of a kind is merged; None where it is replaced."""
    if not path:
        return None
    if kind == "ServiceAccount" and path[-1] == "imagePullSecrets":
        return None
    if kind == "Service" and path[-1] == "ports":
        return "port"
    if path[-1] == "secrets" and kind != "ServiceAccount":
        return None
    return _KEYS.get(path[-1])


def strategic_merge(kind: str, target: Any, patch: Any, path: tuple[str, ...] = ()) -> Any:
    """The object with a strategic merge patch applied. Raises 400 for a directive or an entry without its
    merge key.
    """
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if patch.get("$patch") == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    result = dict(target) if isinstance(target, dict) else {}
    retained = patch.get("$retainKeys")
    if isinstance(retained, list):
        result = {key: value for key, value in result.items() if key in retained}
    for key, value in patch.items():
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            result[name] = [entry for entry in result.get(name) or [] if entry not in value]
        elif key.startswith("$"):
            if key.startswith("$setElementOrder/") or key == "$retainKeys":
                continue
            if key == "$patch" and value in ("merge", "delete"):
                continue
            raise bad_request(f"unknown patch type found: {value}")
        elif value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
            result.pop(key, None)
        elif isinstance(value, list):
            result[key] = _merge_list(kind, result.get(key) or [], value, (*path, key))
        else:
            result[key] = strategic_merge(kind, result.get(key), value, (*path, key))
    return result


def _merge_list(kind: str, target: list[Any], patch: list[Any], path: tuple[str, ...]) -> list[Any]:
    if path[-1] in _SETS:
        return [*target, *(entry for entry in patch if entry not in target)]
    key = merge_key(kind, path)
    if key is None:
        return copy.deepcopy([entry for entry in patch if entry != {"$patch": "replace"}])
    if {"$patch": "replace"} in patch:
        return copy.deepcopy([entry for entry in patch if entry != {"$patch": "replace"}])
    result = list(target)
    for entry in patch:
        if not isinstance(entry, dict) or key not in entry:
            raise bad_request(f"map: {entry} does not contain declared merge key: {key}")
        found = next((i for i, old in enumerate(result) if old.get(key) == entry[key]), None)
        if entry.get("$patch") == "delete":
            if found is not None:
                del result[found]
        elif found is None:
            result.append(strategic_merge(kind, {}, entry, path))
        else:
            result[found] = strategic_merge(kind, result[found], entry, path)
    return result


def without_dropped(kind: str, target: Any, before: Any, after: Any, path: tuple[str, ...] = ()) -> Any:
    """The object without the fields that a manager applied before and does not apply any more (server-side
    apply).
    """
    if isinstance(target, dict) and isinstance(before, dict) and isinstance(after, dict):
        kept = {}
        for key, value in target.items():
            if key in before and key not in after:
                continue
            both = key in before and key in after
            kept[key] = without_dropped(kind, value, before[key], after[key], (*path, key)) if both else value
        return kept
    key_name = merge_key(kind, path)
    if key_name and all(isinstance(value, list) for value in (target, before, after)):
        was, now = ({entry.get(key_name): entry for entry in entries} for entries in (before, after))
        kept_entries = []
        for entry in target:
            own = entry.get(key_name)
            if own in was and own not in now:
                continue
            both = own in was and own in now
            kept_entries.append(without_dropped(kind, entry, was[own], now[own], path) if both else entry)
        return kept_entries
    return target
