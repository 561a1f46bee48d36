"""Decodes the files of saved evidence: JSON or YAML, one object, a List, or several documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

import msgspec

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.yaml_text import has_alias, safe_loader

_MAX_DEPTH = 3  # a list of Lists; aliases of YAML make deeper ones stand for more than they hold


@cache
def _plain_loader() -> Any:
    """Safe YAML that leaves time stamps as the texts that they are; imported where a file is no JSON."""
    base: Any = safe_loader()

    class PlainLoader(base):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in base.yaml_implicit_resolvers.items()
        }

    return PlainLoader


def decode_documents(text: bytes, where: str) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Yields every object in a file, with Lists unpacked, and whether it stood in a list.

    Raises:
        BadInput: the file is empty, cut short, or neither JSON nor YAML; names the file.
    """
    stripped = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not stripped:
        raise BadInput(f"{where} is empty.", "Save the evidence again: `oc get pods,events,secrets,… -o json`.")
    if stripped[:1] in b"{[":
        try:
            yield from _unpack(msgspec.json.decode(stripped))
            return
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
            cut = "truncated" in str(broken)
            raise BadInput(
                f"{where} is not whole JSON" + (": it ends too early." if cut else f" ({_where_in(broken)})."),
                "Save the evidence again, and check that the disk was not full.",
            ) from None
    import yaml

    if has_alias(stripped):
        raise BadInput(f"{where} uses YAML aliases, which no Kubernetes tool writes.", "Save the evidence again.")
    try:
        documents = list(yaml.load_all(stripped, Loader=_plain_loader()))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as broken:
        mark = getattr(broken, "problem_mark", None)
        at = f" (line {mark.line + 1})" if mark is not None else ""
        raise BadInput(
            f"{where} is neither JSON nor YAML{at}.", "Give what `oc get … -o json` or `-o yaml` wrote."
        ) from None
    for document in documents:
        yield from _unpack(document)


def _where_in(broken: BaseException) -> str:
    text = str(broken)
    return text if len(text) < 120 else type(broken).__name__


def _unpack(value: Any, depth: int = 0) -> Iterator[tuple[Mapping[str, Any], bool]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from _unpack(item, depth + 1)
    elif isinstance(value, dict):
        kind = value.get("kind")
        if isinstance(kind, str) and kind.endswith("List") and ("items" in value or kind == "List"):
            single = kind.removesuffix("List")
            items = value.get("items")
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict):
                    yield from _unpack({"kind": single, **item} if single else item, depth + 1)
        elif isinstance(kind, str) and kind:
            yield value, depth > 0
