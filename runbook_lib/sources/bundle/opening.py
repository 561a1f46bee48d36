"""Finds the files of saved evidence: a file, standard input, a folder, or a tar of one."""

from __future__ import annotations

import io
import lzma
import sys
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.bundle.documents import decode_documents
from runbook_lib.sources.bundle.evidence import BundleCluster, Evidence

_ENDINGS = (".json", ".yaml", ".yml")
_WANTED = frozenset(
    {"pods", "events", "secrets", "serviceaccounts", "nodes", "namespaces", "replicasets", "deployments"}
)
_MAX_FILE = 512 * 1024 * 1024
_MAX_TOTAL = 2 * 1024 * 1024 * 1024
_MAX_PASSED_OVER = 64 * 1024 * 1024 * 1024  # unpacked: what a must-gather holds beside, logs first of all
_MAX_FILES = 200_000
_PIECE = 1024 * 1024
_HOW = "Give a file of `oc get pods,events,secrets,serviceaccounts,nodes -o json`, or a must-gather folder or tar."


def open_bundle(path: str) -> BundleCluster:
    """Reads saved evidence.

    Args:
        path: a JSON or YAML file, `-` for standard input, a folder of such files (must-gather,
            `oc adm inspect`, or several `oc get` files), or a tar (also compressed) of one.

    Raises:
        BadInput: nothing there, empty, cut short, neither JSON nor YAML, or no Kubernetes object in it.
    """
    evidence = Evidence()
    for where, inner, text in _files(path):
        try:
            for document, listed in decode_documents(text, where):
                evidence.add(document, listed=listed)
        except BadInput:
            if not inner or not evidence.tolerates(inner):
                raise
            evidence.unreadable.append(inner)
        if inner:
            evidence.note_file(PurePosixPath(inner))
    if not evidence.count:
        raise BadInput(f"{_name(path)} holds no Kubernetes object.", _HOW)
    return BundleCluster(evidence, name=_name(path))


def _name(path: str) -> str:
    return "standard input" if path == "-" else path


def _files(path: str) -> Iterator[tuple[str, str, bytes]]:
    """Yields (name for messages, path inside a folder or tar or empty, bytes)."""
    if path == "-":
        yield from _stream(sys.stdin.buffer, "standard input")
        return
    root = Path(path).expanduser()
    try:
        if root.is_dir():
            yield from _folder(root)
        elif not root.exists():
            raise BadInput(f"There is no bundle at {path}.", _HOW)
        elif root.is_file():
            with root.open("rb") as stream:
                yield from _single(stream, path)
        else:  # a pipe: `--bundle <(oc get pods,events -o json)`
            with root.open("rb", buffering=0) as stream:
                yield from _stream(stream, path)
    except PermissionError as refused:
        raise BadInput(f"{refused.filename or path} may not be read.", "Check the file's permissions.") from None
    except OSError as failure:
        raise BadInput(f"{path} cannot be read ({failure.strerror or type(failure).__name__}).", _HOW) from None


def _stream(stream: IO[bytes], name: str) -> Iterator[tuple[str, str, bytes]]:
    """What can be read only once, and may never end, is kept in memory first."""
    kept = bytearray()
    while piece := stream.read(_PIECE):
        kept += piece
        if len(kept) > _MAX_FILE:
            raise BadInput(f"{name} gives more than {_MAX_FILE // 2**20} MiB.", "Save it to a file, or give a folder.")
    yield from _single(io.BytesIO(kept), name)


def _single(stream: IO[bytes], name: str) -> Iterator[tuple[str, str, bytes]]:
    """One document, or a tar of many."""
    if _is_tar(stream):
        yield from _tar(stream, name)
        return
    stream.seek(0)
    text = stream.read()
    if text.startswith(b"\x1f\x8b"):
        raise BadInput(f"{name} is compressed, but not a whole tar.", "Copy or download it again.")
    yield name, "", text


def _is_tar(stream: IO[bytes]) -> bool:
    try:
        return tarfile.is_tarfile(stream)
    except (EOFError, zlib.error, lzma.LZMAError):
        return False


def _is_wanted(inner: PurePosixPath) -> bool:
    """Leaves out what a must-gather holds beside the objects that matter here (logs, other resources)."""
    if inner.suffix not in _ENDINGS or any(part.startswith(".") for part in inner.parts):
        return False
    parts = inner.parts
    if "namespaces" not in parts and "cluster-scoped-resources" not in parts:
        return True
    if "cluster-scoped-resources" in parts:
        return "nodes" in parts or inner.stem in ("nodes", "namespaces")
    return inner.stem in _WANTED or "pods" in parts or parts[-2:-1] == ("core",)


def _folder(root: Path) -> Iterator[tuple[str, str, bytes]]:
    budget = _MAX_TOTAL
    for number, file in enumerate(sorted(root.rglob("*"))):
        inner = PurePosixPath(file.relative_to(root).as_posix())
        if number > _MAX_FILES:
            raise BadInput(f"{root} holds more than {_MAX_FILES} files.", _HOW)
        if file.is_symlink() or not file.is_file() or not _is_wanted(inner):
            continue
        budget -= file.stat().st_size
        if budget < 0:
            raise BadInput(f"{root} holds more than 2 GiB of evidence.", "Give the folder of one namespace.")
        yield str(file), str(inner), file.read_bytes()


def _tar(stream: IO[bytes], path: str) -> Iterator[tuple[str, str, bytes]]:
    """Reads regular files of a tar in memory: nothing is unpacked, so links and `..` lead nowhere."""
    budget, passed_over = _MAX_TOTAL, _MAX_PASSED_OVER
    stream.seek(0)
    try:
        with tarfile.open(fileobj=stream) as archive:
            for number, member in enumerate(archive):
                inner = PurePosixPath(member.name)
                passed_over -= member.size
                if number > _MAX_FILES or passed_over < 0:
                    raise BadInput(f"{path} holds more than can be looked through.", _HOW)
                if not member.isreg() or ".." in inner.parts or not _is_wanted(inner):
                    continue
                budget -= member.size
                if member.size > _MAX_FILE or budget < 0:
                    raise BadInput(f"{path} unpacks to more than can be read.", "Give the folder of one namespace.")
                inside = archive.extractfile(member)
                if inside is not None:
                    yield f"{path}:{member.name}", str(inner), inside.read()
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError) as broken:
        raise BadInput(f"{path} is not a whole tar ({type(broken).__name__}).", "Copy or download it again.") from None
