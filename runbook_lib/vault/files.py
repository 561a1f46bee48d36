"""Files that hold no credential: written whole or not at all, and scanned once more before they are."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runbook_lib.vault.current import vault
from runbook_lib.vault.store import Leak, Vault

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What was written: the path, and what the last scan still found and was therefore left out."""

    path: Path
    left_out: tuple[Leak, ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing had to be left out."""
        return not self.left_out

    def __str__(self) -> str:
        if self.whole:
            return f"{self.path} written"
        what = ", ".join(dict.fromkeys(f"{leak.label} ({leak.encoding})" for leak in self.left_out))
        return f"{self.path} written without the parts that showed a credential: {what}"


def scan_file(path: str | os.PathLike[str]) -> list[Leak]:
    """Lists the credentials that a file shows, offsets in characters; raises OSError if unreadable."""
    return vault().findings(Path(path).read_bytes().decode("utf-8", "surrogateescape"))


def write_scrubbed(path: str | os.PathLike[str], text: str) -> WriteOutcome:
    """Writes `text` scrubbed, readable by its owner only (0600), and never half.

    A last scan looks at the scrubbed text; what it still finds is left out line by line (in JSON: string by
    string), with a note in its place. The file appears under its name when it is complete: a temporary file
    beside it, private from its first byte, is moved there. Raises OSError (disk full, folder not writable)
    with no temporary file left behind.
    """
    shared = vault()
    clean, left_out = _fail_closed(shared.scrub(text), shared)
    target = Path(path)
    write_private(target, clean.encode("utf-8", "surrogateescape"))
    return WriteOutcome(target, left_out)


def _fail_closed(text: str, shared: Vault) -> tuple[str, tuple[Leak, ...]]:
    left_out: list[Leak] = []
    for _ in range(_ROUNDS):
        leaks = shared.findings(text)
        if not leaks:
            return text, tuple(dict.fromkeys(left_out))
        left_out += leaks
        text = _json_without(text, shared) or _lines_without(text, leaks)
    if shared.findings(text):
        text = json.dumps({"left_out": "all of it: the last scan still found a credential"}) + "\n"
    return text, tuple(dict.fromkeys(left_out))


def _lines_without(text: str, leaks: list[Leak]) -> str:
    kept: list[str] = []
    position = 0
    for line in text.splitlines(keepends=True):
        end = position + len(line)
        here = [leak for leak in leaks if leak.offset < end and position < leak.offset + max(leak.length, 1)]
        kept.append(_note(here) + "\n" if here else line)
        position = end
    return "".join(kept)


def _json_without(text: str, shared: Vault) -> str | None:
    """The document without its offending strings; None where `text` is no JSON document."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, (dict, list)):
        return None
    indent = 2 if "\n" in text.strip() else None
    return json.dumps(_tree_without(document, shared), indent=indent, ensure_ascii=False) + "\n"


def _tree_without(node: Any, shared: Vault) -> Any:
    if isinstance(node, dict):
        return {_tree_without(key, shared): _tree_without(value, shared) for key, value in node.items()}
    if isinstance(node, list):
        return [_tree_without(item, shared) for item in node]
    if isinstance(node, str):
        leaks = shared.findings(node)
        return _note(leaks) if leaks else node
    return node


def _note(leaks: list[Leak]) -> str:
    names = ", ".join(dict.fromkeys(leak.label for leak in leaks))
    return f"[left out: the last scan found {names} here]"


def write_private(target: Path, data: bytes) -> None:
    """Writes bytes whole or not at all, readable by their owner only; a pipe or a device is written to as it is.

    Raises OSError (disk full, folder not writable) with no temporary file left behind.
    """
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:  # mkstemp makes it 0600
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
