"""Checks the parameters of a run against the notebook's parameters cell before anything starts.

papermill only warns of unknown names, turns `1e5` into a float and YAML's `on` into True, and writes
what it gets into its output; so names and types are checked here first.
"""

from __future__ import annotations

import ast
import difflib
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.yaml_text import flaw_in, load_yaml

_TYPES: dict[str, type] = {"str": str, "bool": bool, "int": int}
_CALLED = {str: "text", bool: "true or false", int: "a whole number"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook: its type, default, and the comment that explains it."""

    name: str
    type: type
    default: object
    comment: str


def declared_parameters(notebook: Mapping[str, Any]) -> dict[str, Parameter]:
    """Reads names, types, defaults and comments off the cell that is tagged `parameters`."""
    for cell in notebook["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", ()):
            source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            return {p.name: p for p in _declarations(source)}
    raise ValueError("the notebook has no parameters cell")


def _declarations(source: str) -> list[Parameter]:
    lines = source.splitlines()
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            comment = lines[node.lineno - 1].partition("#")[2].strip()
            type_ = _TYPES[ast.unparse(node.annotation)]
            found.append(Parameter(node.target.id, type_, ast.literal_eval(node.value), comment))
    return found


def checked(
    declared: Mapping[str, Parameter], given: Mapping[str, object], *, where: str = "the command line"
) -> dict[str, object]:
    """Returns the given parameters with the declared types.

    Texts of the command line are converted for parameters that are true or false; nothing else is.

    Raises:
        BadInput: a name that the notebook does not declare, or a value of another type.
    """
    result = {}
    for name, value in given.items():
        parameter = declared.get(str(name))
        if parameter is None:
            close = difflib.get_close_matches(str(name), declared, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(declared)}."
            raise BadInput(f"{where} gives {reprlib.repr(name)}, which is no parameter of the notebook.", hint)
        if parameter.type is bool and isinstance(value, str) and value.lower() in ("true", "false"):
            value = value.lower() == "true"
        if type(value) is not parameter.type:
            said = "" if not isinstance(value, bool) else " (YAML reads yes, no, on and off so: put it in quotes)"
            got = f"{type(value).__name__} {reprlib.repr(value)}{said}"
            raise BadInput(
                f"{where} gives {name} as {got}, and it is {_CALLED[parameter.type]}.",
                f"{name}: {parameter.comment}",
            )
        result[parameter.name] = value
    return result


def from_files(declared: Mapping[str, Parameter], files: Sequence[str]) -> dict[str, object]:
    """Reads parameters from YAML files; later ones win.

    Raises:
        BadInput: a file that is not there, is not YAML, or does not hold parameters.
    """
    merged: dict[str, object] = {}
    for file in files:
        try:
            loaded = load_yaml(Path(file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise BadInput(f"There is no parameters file {file}.", "See the examples in parameters/.") from None
        except (OSError, ValueError) as broken:
            raise BadInput(f"{file} cannot be read as YAML ({flaw_in(broken)}).") from None
        if loaded is None:
            continue
        if not isinstance(loaded, dict):
            raise BadInput(f"{file} holds no parameters.", "Write one `name: value` a line.")
        merged |= checked(declared, loaded, where=file)
    return merged
