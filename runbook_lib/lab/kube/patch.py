"""JSON patch and JSON merge patch, as RFC 6902 and RFC 7386 define them; neither changes the object it is
given.
"""

from __future__ import annotations

import copy
from typing import Any

from .refusals import bad_request, patch_rejected

Obj = dict[str, Any]


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7386: objects are merged, null removes, everything else (lists too) is replaced."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def _steps(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise bad_request(f"error decoding patch: invalid JSON pointer {pointer!r}")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _position(container: list[Any], step: str, inserting: bool) -> int:
    if step == "-" and inserting:
        return len(container)
    if not step.isdigit() or int(step) >= len(container) + inserting:
        raise patch_rejected()
    return int(step)


def _value(document: Any, steps: list[str]) -> Any:
    for step in steps:
        if isinstance(document, list):
            document = document[_position(document, step, inserting=False)]
        elif isinstance(document, dict) and step in document:
            document = document[step]
        else:
            raise patch_rejected()
    return document


def _add(document: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    parent = _value(document, steps[:-1])
    if isinstance(parent, list):
        parent.insert(_position(parent, steps[-1], inserting=True), value)
    elif isinstance(parent, dict):
        parent[steps[-1]] = value
    else:
        raise patch_rejected()
    return document


def _remove(document: Any, steps: list[str]) -> Any:
    if not steps:
        raise patch_rejected()
    parent = _value(document, steps[:-1])
    value = _value(parent, steps[-1:])
    if isinstance(parent, list):
        parent.pop(int(steps[-1]))
    else:
        del parent[steps[-1]]
    return value


def json_patch(target: Any, operations: Any) -> Any:
    """RFC 6902. Raises 400 for a patch that is no list of operations, 422 for one that cannot be applied."""
    if not isinstance(operations, list) or not all(isinstance(op, dict) and "path" in op for op in operations):
        raise bad_request("error decoding patch: a JSON patch is a list of operations")
    document = copy.deepcopy(target)
    for operation in operations:
        name, steps = operation.get("op"), _steps(operation["path"])
        if name == "add":
            document = _add(document, steps, copy.deepcopy(operation.get("value")))
        elif name == "remove":
            _remove(document, steps)
        elif name == "replace":
            _value(document, steps)
            if steps:
                _remove(document, steps)
            document = _add(document, steps, copy.deepcopy(operation.get("value")))
        elif name == "test":
            if _value(document, steps) != operation.get("value"):
                raise patch_rejected()
        elif name in ("move", "copy"):
            source = _steps(str(operation.get("from", "")))
            value = copy.deepcopy(_value(document, source))
            if name == "move":
                _remove(document, source)
            document = _add(document, steps, value)
        else:
            raise bad_request(f"error decoding patch: unknown operation {name!r}")
    return document
