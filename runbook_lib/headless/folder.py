"""A report's folder: it appears whole or not at all, and another run's is never touched."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runbook_lib.model.problem import BadInput

_OF_THE_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTEMPTY}
)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yields a private folder beside the target and renames it into place when everything is written.

    Its files stay the owner's alone (0600), whoever wrote them: they are evidence of a cluster.

    Raises:
        BadInput: the place cannot be written, or the target exists and is not empty.
    """
    _refuse_taken(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as refused:
        raise BadInput(
            f"The report cannot be written to {target} ({refused.strerror}).",
            "Name another folder with --out.",
        ) from None
    try:
        yield draft
        _refuse_taken(target)
        for file in draft.iterdir():
            file.chmod(0o600)
        draft.chmod(0o755)
        os.replace(draft, target)
    except OSError as failed:
        if failed.errno not in _OF_THE_DISK:
            raise
        raise BadInput(
            f"The report could not be finished in {target} ({failed.strerror or type(failed).__name__}).",
            "Check the free space and the rights there, or name another folder with --out.",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _refuse_taken(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()):
        raise BadInput(f"{target} exists and is not empty.", "Name another folder with --out.")
    if target.exists() and not target.is_dir():
        raise BadInput(f"{target} is a file.", "Name a folder with --out.")
